"""Elimination finds exactly what a server accepts, with few offers."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from scanners.tls.eliminate import Choice, Refusal, eliminate

candidates = st.lists(st.integers(0, 60), unique=True, max_size=40)


class Server:
    """Accepts some candidates in its own order of preference, and may hide which one it took."""

    def __init__(self, preferred: Sequence[int], hides: bool = False) -> None:
        self.preferred = preferred
        self.hides = hides
        self.offers = 0

    def answer(self, offered: Sequence[int]) -> Choice[int] | Refusal:
        """Take the first candidate that is preferred."""
        self.offers += 1
        for candidate in self.preferred:
            if candidate in offered:
                return Choice(None if self.hides else candidate)
        return Refusal("handshake failure")


@given(candidates, candidates)
def test_it_finds_what_is_accepted_with_one_offer_each_and_one_refusal(
    offered: list[int], preferred: list[int]
) -> None:
    server = Server(preferred)
    found = eliminate(offered, server.answer)
    expected = set(offered) & set(preferred)
    assert sorted(choice.candidate for choice in found.accepted) == sorted(expected)
    assert server.offers <= len(expected) + 1


@given(candidates, candidates)
def test_it_finds_the_same_where_the_choice_stays_hidden(offered: list[int], preferred: list[int]) -> None:
    found = eliminate(offered, Server(preferred, hides=True).answer)
    assert {choice.candidate for choice in found.accepted} == set(offered) & set(preferred)


def test_nothing_to_offer_opens_no_connection() -> None:
    server = Server([1])
    assert eliminate([], server.answer).accepted == []
    assert server.offers == 0
