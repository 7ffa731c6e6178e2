"""Find out which of many candidates a server accepts with as few connections as possible. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Candidate = TypeVar("Candidate")
Detail = TypeVar("Detail")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Candidate, Detail]):
    """The server accepted the offer and took this candidate; `detail` is what else its answer showed."""

    candidate: Candidate
    detail: Detail


@dataclass(frozen=True, slots=True)
class Elimination(Generic[Candidate, Detail]):
    """Everything accepted, in the order found, and what ended the search."""

    accepted: list[Choice[Candidate, Detail]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    uninvited: list[Candidate] = field(default_factory=list)
    """What the server took although it was not offered."""


Offer = Callable[[Sequence[Candidate]], Choice[Candidate, Detail] | str]
"""Offers candidates, of which there is one at least; returns the choice, or the words of the refusal."""


def eliminate(
    candidates: Sequence[Candidate],
    offer: Offer[Candidate, Detail],
    offered_at_once: int | None = None,
    stumbles: Callable[[Candidate], bool] = lambda _candidate: False,
) -> Elimination[Candidate, Detail]:
    """Offer everything, strike what the server chose, and repeat until it refuses what is left.

    One connection for each accepted candidate and one refusal, where trying each candidate by itself costs
    one connection for each. `offered_at_once` splits the candidates into parts of that size. `stumbles` names
    candidates that some servers choose and then fail on: what is left is offered once more without them.
    What `offer` raises passes.
    """
    found: Elimination[Candidate, Detail] = Elimination()
    size = offered_at_once or max(1, len(candidates))
    for start in range(0, len(candidates), size):
        _eliminate_part(candidates[start : start + size], offer, found, stumbles)
    return found


def _eliminate_part(
    candidates: Sequence[Candidate],
    offer: Offer[Candidate, Detail],
    found: Elimination[Candidate, Detail],
    stumbles: Callable[[Candidate], bool],
) -> None:
    remaining = list(candidates)
    while remaining:
        answer = offer(remaining)
        if isinstance(answer, str):
            found.refusals.append(answer)
            steady = [candidate for candidate in remaining if not stumbles(candidate)]
            if len(steady) == len(remaining):
                return
            remaining = steady
            continue
        if answer.candidate not in remaining:
            found.uninvited.append(answer.candidate)
            return
        found.accepted.append(answer)
        remaining.remove(answer.candidate)
