"""The service: lead, do what is due, send what waits, and wait for the next time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from auditor.model.document import DocumentError
from auditor.model.schedule import Slot, SlotStatus
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.work.clock_watch import ClockWatch
from auditor.work.problems import Problems, Trouble, why

_POLL_SECONDS = 15.0
"""So long a time can be late at most, whatever happens to the clock."""


class Steps(Protocol):
    """What the service drives; Scheduler is one."""

    @property
    def problem(self) -> str:
        """Return what is wrong with inventory or policy, "" when nothing is."""
        ...

    def step(self, clock: Clock) -> Slot | None:
        """Do the first thing that is due."""
        ...

    def next_at(self, now: datetime) -> datetime | None:
        """Return when the next thing will be."""
        ...


class Leading(Protocol):
    """The hold that only one service has."""

    def take(self) -> bool:
        """Return whether it is had now."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """A scheduler with its surroundings."""

    scheduler: Steps
    lead: Leading
    deliver: Callable[[], None]
    """Send the messages whose time has come."""
    stopped: Callable[[], bool]
    wait: Callable[[float], None]
    """Wait for so many seconds, or until a stop is asked for."""
    tell: Callable[[str], None]
    renew_wall: Callable[[], OSError | SQLAlchemyError | None] = lambda: None
    """Renew the wall screen where that is due; return why it could not be."""
    clock: Clock = SYSTEM_CLOCK
    watch: ClockWatch = field(default_factory=ClockWatch)

    def serve(self) -> None:
        """Serve until a stop is asked for. What is under way then is taken up by the next service."""
        if not self._lead():
            return
        problems = Problems(self.tell)
        while not self.stopped():
            self._tell_jump()
            if not self._go_on(problems):
                # Whatever is wrong may be mended while we wait.
                self.wait(_POLL_SECONDS)

    def _go_on(self, problems: Problems) -> bool:
        """Do the next thing, or send what waits and wait; return False where nothing could be done."""
        try:
            ended = self._step()
        except DocumentError as error:
            # Nothing was ever read that could be used.
            problems.found(Trouble.FILES, str(error))
            return False
        except (OSError, SQLAlchemyError) as error:
            problems.found(Trouble.STEP, why(error))
            return False
        problems.found(Trouble.STEP, "")
        problems.found(Trouble.FILES, self.scheduler.problem)
        if ended is None and not self.stopped():
            self._deliver(problems)
            self._renew_wall(problems)
            self.wait(self._seconds_to_wait())
        return True

    def _deliver(self, problems: Problems) -> None:
        try:
            self.deliver()
        except (OSError, SQLAlchemyError) as error:
            problems.found(Trouble.MESSAGES, why(error))
        else:
            problems.found(Trouble.MESSAGES, "")

    def _renew_wall(self, problems: Problems) -> None:
        problem = self.renew_wall()
        problems.found(Trouble.WALL, why(problem) if problem else "")

    def once(self) -> tuple[Slot, ...]:
        """Do all that is due now and send what waits; return what was done."""
        done: list[Slot] = []
        while not self.stopped() and (ended := self._step()) is not None:
            done.append(ended)
        if not self.stopped():
            self.deliver()
            self._renew_wall(Problems(self.tell))
        return tuple(done)

    def _lead(self) -> bool:
        """Wait for the lead; return False when a stop was asked for before."""
        told = False
        while not self.stopped():
            if self.lead.take():
                if told:
                    self.tell("The other service ended; this one leads now.")
                return True
            if not told:
                self.tell("Another service leads this workspace. Waiting, in case it ends.")
                told = True
            self.wait(_POLL_SECONDS)
        return False

    def _step(self) -> Slot | None:
        ended = self.scheduler.step(self.clock)
        if ended is not None:
            self.tell(told(ended))
        return ended

    def _seconds_to_wait(self) -> float:
        now = self.clock.now()
        coming = self.scheduler.next_at(now)
        left = (coming - now).total_seconds() if coming else _POLL_SECONDS
        return max(0.1, min(_POLL_SECONDS, left))

    def _tell_jump(self) -> None:
        jump = self.watch.jump(self.clock.now())
        if jump:
            way = "ahead" if jump.total_seconds() > 0 else "back"
            self.tell(f"The clock was set {way} by {abs(jump)}.")


def told(slot: Slot) -> str:
    """Return one line on what became of a slot."""
    run = f" ({slot.run})" if slot.run else ""
    reason = f": {slot.reason}" if slot.reason else ""
    failed = "" if slot.status is SlotStatus.DONE else reason
    return f"{slot.schedule} of {slot.at:%Y-%m-%d %H:%M} UTC: {slot.status}{run}{failed}"
