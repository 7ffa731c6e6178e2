"""The nouns of the comparison: an endpoint, what somebody saw there, and one point of comparison."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditor.model.facts import JSON, Facts


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One port of a lab server, asked by one name (empty: none). `starttls` is our word for the protocol."""

    server: str
    address: str
    port: int
    kind: str
    """tls or ssh."""
    starttls: str | None = None
    name: str = ""

    @property
    def where(self) -> str:
        """Return `server:port`, with the name asked where there is one."""
        return f"{self.server}:{self.port}" + (f" ({self.name})" if self.name else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one observer says, in the words of our facts; a fact it says nothing about is missing.

    `certificates` has one record for each key type served.
    """

    facts: Facts = field(default_factory=dict)
    certificates: tuple[Mapping[str, JSON], ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """An independent judge: the kinds of endpoint it looks at, its commands, and how their output reads.

    The output handed to `parse` is that of all commands, each after a line `== WORDS ==` where there are
    several.
    """

    name: str
    kind: str
    commands: Callable[[Endpoint], tuple[tuple[str, ...], ...]]
    parse: Callable[[bytes], Seen]
    seconds: float = 120.0
    beyond: frozenset[str] = frozenset()
    """Checks that it decides nothing about, although it tells part of what they judge."""

    @staticmethod
    def heading(command: tuple[str, ...]) -> bytes:
        """Return the line that stands before the output of one of several commands."""
        return f"== {shlex.join(command)} ==\n".encode()


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One compared point: a fact, or one member of a list (`member`), as we and as a peer see it."""

    where: str
    peer: str
    fact: str
    member: str
    ours: str
    theirs: str

    @property
    def agrees(self) -> bool:
        """Return whether both say the same."""
        return self.ours == self.theirs
