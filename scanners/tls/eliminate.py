"""Find out which of many candidates a server accepts with as few connections as possible. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

Candidate = TypeVar("Candidate")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Candidate]):
    """The server accepted the offer and took this candidate; None when it is not known which."""

    candidate: Candidate | None
    ephemeral_key: dict[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server accepted none of the offer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Elimination(Generic[Candidate]):
    """Everything accepted, in the order found, and the words of the refusals that ended the search."""

    accepted: list[Choice[Candidate]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


Offer = Callable[[Sequence[Candidate]], Choice[Candidate] | Refusal]


def eliminate(candidates: Sequence[Candidate], offer: Offer[Candidate]) -> Elimination[Candidate]:
    """Offer everything, strike what the server chose, and repeat until it refuses what is left.

    One connection for each accepted candidate and one refusal, where trying each candidate by itself costs
    one connection for each. Where the choice stays hidden the offer is halved. What `offer` raises passes.
    """
    found: Elimination[Candidate] = Elimination()
    remaining = list(candidates)
    while remaining:
        answer = offer(remaining)
        if isinstance(answer, Refusal):
            found.refusals.append(answer.reason)
            break
        if len(remaining) > 1 and answer.candidate not in remaining:
            middle = len(remaining) // 2
            for half in (remaining[:middle], remaining[middle:]):
                part = eliminate(half, offer)
                found.accepted.extend(part.accepted)
                found.refusals.extend(part.refusals)
            break
        taken = remaining[0] if answer.candidate not in remaining else answer.candidate
        found.accepted.append(replace(answer, candidate=taken))
        remaining = [candidate for candidate in remaining if candidate != taken]
    return found
