"""A scheduler over an empty workspace, with a clock that is set by hand and work that is only noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from auditor.model.document import DocumentError, Problem
from auditor.model.schedule import Schedule, Slot, SlotReason, SlotStatus, Work
from auditor.store.workspace import Workspace
from auditor.usecases.clock import Clock
from auditor.usecases.inputs import Inputs
from auditor.usecases.rulebook import Rulebook
from auditor.usecases.scheduling import Ended, Scheduler, Turn
from controls.loading import Catalogue, load_catalogue
from tests.auditor.usecases.world import INVENTORY, policy

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Ten in the morning in Jakarta."""
NIGHTLY = Schedule("malam", Work.AUDIT, "0 22 * * *", "", window_minutes=360, catch_up_minutes=0)
MORNING = Schedule("pagi", Work.DIGEST, "30 6 * * *", "", window_minutes=60, catch_up_minutes=720)


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue()


def night(day: int) -> datetime:
    """Return when the nightly audit of a day of November is due: 22:00 in Jakarta."""
    return datetime(2026, 11, day, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hand(Clock):
    """A clock that stands still until somebody sets it."""

    face: list[datetime] = field(default_factory=lambda: [START])

    def now(self) -> datetime:
        """Return what it shows."""
        return self.face[0]

    def set(self, instant: datetime) -> None:
        """Let it show an instant."""
        self.face[0] = instant


class Killed(BaseException):
    """The process was killed in the middle of its work."""


def kill(_turn: Turn) -> Ended:
    """End the process."""
    raise Killed


@dataclass(slots=True)
class Noting:
    """Notes what it is asked to do; the clock goes on by `takes` meanwhile."""

    clock: Hand
    takes: timedelta = timedelta(minutes=10)
    hindered: SlotReason | None = None
    done: list[tuple[str, datetime]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    ends: Callable[[Turn], Ended | None] = lambda _turn: Ended(SlotStatus.DONE)

    def hindrance(self, schedule: Schedule) -> SlotReason | None:
        """Return what was set; digests are never hindered."""
        return self.hindered if schedule.work is Work.AUDIT else None

    def do(self, turn: Turn, _clock: Clock) -> Ended | None:
        """Note a turn."""
        self.done.append((turn.schedule.id, turn.slot.at))
        self.turns.append(turn)
        ended = self.ends(turn)
        self.clock.set(self.clock.now() + self.takes)
        return ended


class Desk:
    """A scheduler with all that it needs, which can be ended and started anew."""

    def __init__(self, workspace: Workspace, *schedules: Schedule):
        self.workspace, self.clock = workspace, Hand()
        self.executor = Noting(self.clock)
        self.inputs = Inputs(INVENTORY, replace(policy(), schedules=schedules), catalogue())
        self.broken = ""
        self.start()

    def start(self) -> None:
        """Begin as a new process does."""
        self.scheduler = Scheduler(self.workspace, Rulebook(self.workspace, self._load), self.executor)

    def set_schedules(self, *schedules: Schedule) -> None:
        """Edit the policy."""
        self.inputs = replace(self.inputs, policy=replace(self.inputs.policy, schedules=schedules))

    def at(self, instant: datetime) -> list[Slot]:
        """Set the clock and do all that is due."""
        self.clock.set(instant)
        ended = []
        while (slot := self.scheduler.step(self.clock)) is not None:
            ended.append(slot)
        return ended

    def slots(self) -> list[tuple[str, datetime, SlotStatus]]:
        """Return the history in short."""
        return [(one.schedule, one.at, one.status) for one in self.workspace.slots.all()]

    def _load(self) -> Inputs:
        if self.broken:
            raise DocumentError([Problem("policies.yaml", 1, 1, self.broken)])
        return self.inputs
