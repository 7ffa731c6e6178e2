"""What will be measured, and what will not be and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.model.facts import JSON
from auditor.model.inventory import Fragility

IMPORTED_LOOK = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One measurement of one scanner. `options` are fixed typed settings, never free text for a tool."""

    scanner: str
    server: str
    opd: str
    address: str
    port: int = 0
    server_name: str = ""
    authorization: str = ""
    fragility: Fragility = Fragility.NORMAL
    options: Mapping[str, JSON] = field(default_factory=dict)
    look: int = 1
    """2 when the same is measured a second time, because it got worse since the audit before; IMPORTED_LOOK
    when nobody here measured it: a report of another tool was handed in."""

    @property
    def id(self) -> str:
        """Return a stable text for this task, the same in every run over the same inventory."""
        parts = (self.scanner, self.server, self.address, str(self.port), self.server_name)
        return "|".join(parts if self.look == 1 else (*parts, str(self.look)))


class SkipReason(StrEnum):
    """Why something in the inventory will not be measured."""

    NO_AUTHORIZATION = "no authorization covers this address"
    NOT_YET_VALID = "the authorization is not valid yet"
    EXPIRED = "the authorization has expired"
    EXCLUDED = "the authorization excludes this address"
    METHOD = "the authorization does not allow this method"
    UNRESOLVED = "the name does not resolve"
    FORBIDDEN = "an address that is never measured"
    TOO_LARGE = "a network too large to search"
    NOT_SELECTED = "not selected for this audit"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that will not be measured, with the reason and what to do about it."""

    server: str
    opd: str
    address: str
    scanner: str
    reason: SkipReason
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """A check at a subject, by its key: what a finding is about."""

    check: str
    subject: str


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """First-stage tasks and everything skipped."""

    tasks: tuple[Task, ...]
    skipped: tuple[Skipped, ...]
    imported: tuple[Task, ...] = ()
    """Reports of other tools that fit, by `file` in the options; with `stale`, one that is too old by now."""
    wanted: tuple[Place, ...] = ()
    """What a re-test is about; empty for every other run, which is about everything."""
