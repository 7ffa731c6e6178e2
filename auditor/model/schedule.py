"""What runs by itself and when, what must not run when, and what became of each time it should have run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Work(StrEnum):
    """What a schedule does."""

    AUDIT = "audit"
    DIGEST = "digest"
    BACKUP = "backup"
    PRUNE = "prune"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One thing that runs by itself. `cron` has five fields; `timezone` is an IANA name."""

    id: str
    work: Work
    cron: str
    timezone: str
    window_minutes: int
    """How long after its time it may run: an audit stops at the edge and keeps what it has."""
    catch_up_minutes: int
    """How late it may still begin after having been missed; at least until its window closes."""
    opds: tuple[str, ...] = ()
    """Agencies that an audit measures; empty: all."""


@dataclass(frozen=True, slots=True)
class Blackout:
    """When agencies must not be measured, in each agency's own time zone. Empty lists mean all."""

    reason: str
    opds: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    first: date | None = None
    """First day, included; None: since ever."""
    last: date | None = None
    weekdays: frozenset[int] = frozenset()
    """Days on which it begins, Monday 0; empty: every day."""
    begins: time = time(0)
    ends: time = time(0)
    """Not included. Equal to `begins`: the whole day; before it: on the day after."""


class SlotStatus(StrEnum):
    """What became of one time at which a schedule should have run."""

    RUNNING = "running"
    DONE = "done"
    CUT = "cut"
    """Stopped at the edge of its window, or because the service was; what was measured is kept."""
    MISSED = "missed"
    """Never began: the machine or the service was off, or something else ran until the window had closed."""
    FAILED = "failed"


class SlotReason(StrEnum):
    """Why a slot was missed, cut or failed: what its reason begins with, before a colon and the details."""

    OFF = "nothing was running that could begin it"
    BUSY = "something else was running"
    KILL_SWITCH = "the kill switch was set"
    MEASURING = "another audit was being measured"
    WINDOW = "its window closed"
    ENDED = "the service was ended"
    WITHDRAWN = "the policy does not have it any more"
    BROKEN = "inventory or policy could not be used"
    REFUSED = "it could not be done"
    OLDER = "done with inventory and policy as they were before"


@dataclass(frozen=True, slots=True)
class Slot:
    """One time at which a schedule should run. Instants are UTC; at most one exists for each `at`."""

    schedule: str
    at: datetime
    work: Work
    status: SlotStatus
    run: str = ""
    """Id of the audit it made, chosen before it began; empty for other work."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    reason: str = ""
    """Why it was missed, cut or failed: a SlotReason, with details after a colon."""
