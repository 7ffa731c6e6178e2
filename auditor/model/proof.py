"""A remedy of the catalogue that was tried: what it was put on, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """One remedy put as it stands on a real server that failed its check, which was then measured again."""

    check: str
    software: str
    """The software that the remedy is written for, as in the check; several are joined by a comma."""
    version: str
    """What it was tried on, as that names itself; the release of the system for remedies of a host."""
    closes_beside: tuple[str, ...] = ()
    """Other checks whose findings the same change closed."""
    shows: tuple[str, ...] = ()
    """Checks about what was not there before, such as the TLS of a service that had none."""
