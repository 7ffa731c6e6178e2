"""Elimination finds exactly what a server accepts, with few offers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hypothesis import given
from hypothesis import strategies as st

from scanners.tls.eliminate import Choice, eliminate

candidates = st.lists(st.integers(0, 60), unique=True, max_size=40)


class Server:
    """Accepts some candidates in its own order of preference, whether they are offered or not if stubborn."""

    def __init__(self, preferred: Sequence[int], stubborn: bool = False) -> None:
        self.preferred = preferred
        self.stubborn = stubborn
        self.offers = 0

    def answer(self, offered: Sequence[int]) -> Choice[int, str] | str:
        """Take the first candidate that is preferred."""
        assert offered
        self.offers += 1
        for candidate in self.preferred:
            if self.stubborn or candidate in offered:
                return Choice(candidate, "detail")
        return "handshake failure"


@given(candidates, candidates)
def test_it_finds_what_is_accepted_with_one_offer_each_and_one_refusal(
    offered: list[int], preferred: list[int]
) -> None:
    server = Server(preferred)
    found = eliminate(offered, server.answer)
    expected = set(offered) & set(preferred)
    assert sorted(choice.candidate for choice in found.accepted) == sorted(expected)
    assert server.offers <= len(expected) + 1


@given(candidates, candidates, st.integers(1, 10))
def test_it_finds_the_same_in_parts(offered: list[int], preferred: list[int], size: int) -> None:
    found = eliminate(offered, Server(preferred).answer, size)
    assert {choice.candidate for choice in found.accepted} == set(offered) & set(preferred)


@given(candidates, candidates.filter(bool))
def test_a_server_that_insists_on_its_choice_ends_the_search(
    offered: list[int], preferred: list[int]
) -> None:
    server = Server(preferred, stubborn=True)
    found = eliminate(offered, server.answer)
    assert {choice.candidate for choice in found.accepted} <= {preferred[0]} & set(offered)
    assert server.offers <= 2


class Stumbler(Server):
    """Chooses some candidates and then fails on them."""

    def __init__(self, preferred: Sequence[int], broken: Collection[int]) -> None:
        super().__init__(preferred)
        self.broken = broken

    def answer(self, offered: Sequence[int]) -> Choice[int, str] | str:
        """Take the first candidate that is preferred, and fail where it is broken."""
        answer = super().answer(offered)
        return (
            "handshake failure" if isinstance(answer, Choice) and answer.candidate in self.broken else answer
        )


@given(candidates, candidates, st.sets(st.integers(0, 60)))
def test_what_a_server_fails_on_hides_nothing_that_it_accepts(
    offered: list[int], preferred: list[int], broken: set[int]
) -> None:
    server = Stumbler(preferred, broken)
    found = eliminate(offered, server.answer, stumbles=broken.__contains__)
    expected = set(offered) & set(preferred) - broken
    assert sorted(choice.candidate for choice in found.accepted) == sorted(expected)
    assert server.offers <= len(expected) + 2


def test_nothing_to_offer_opens_no_connection() -> None:
    server = Server([1])
    assert eliminate([], server.answer).accepted == []
    assert server.offers == 0
