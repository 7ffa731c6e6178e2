"""The service leads or waits, goes on whatever is broken, and tells what became of things."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from auditor.model.document import DocumentError, Problem
from auditor.model.schedule import Slot, SlotReason, SlotStatus, Work
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.clock import Clock
from auditor.usecases.leader import Lead, leading_process
from auditor.work.clock_watch import ClockWatch
from auditor.work.serve import Service, told

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SLOT = Slot("malam", AT, Work.AUDIT, SlotStatus.DONE, "20261120-150000-abcd", AT, AT)


@dataclass
class Steps:
    """Gives what it was told to give, one after the other; an exception is raised."""

    script: list[Slot | Exception | None]
    problem: str = ""

    def step(self, _clock: Clock) -> Slot | None:
        """Return the next thing."""
        found = self.script.pop(0) if self.script else None
        if isinstance(found, Exception):
            raise found
        return found

    def next_at(self, now: datetime) -> datetime | None:
        """Return that something comes in five seconds."""
        return now + timedelta(seconds=5)


@dataclass
class Turns:
    """A lead that is had after so many attempts."""

    attempts: int = 1

    def take(self) -> bool:
        """Try once more."""
        self.attempts -= 1
        return self.attempts <= 0


@dataclass
class Seen:
    """What a service did; it is stopped after so many waits."""

    waits: int
    lines: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    delivered: int = 0
    failures: list[Exception] = field(default_factory=list)

    def deliver(self) -> None:
        """Count, and fail as long as there are failures."""
        self.delivered += 1
        if self.failures:
            raise self.failures.pop(0)

    def service(
        self, steps: Steps, lead: Turns | None = None, steady: Callable[[], float] = lambda: 0.0
    ) -> Service:
        """Return a service that is seen."""
        return Service(
            steps,
            lead or Turns(),
            self.deliver,
            lambda: len(self.waited) >= self.waits,
            self.waited.append,
            self.lines.append,
            watch=ClockWatch(steady),
        )


def test_what_is_due_is_done_at_once_and_then_waited_for() -> None:
    seen = Seen(waits=1)
    seen.service(Steps([SLOT, SLOT])).serve()
    assert len(seen.lines) == 2
    assert seen.delivered == 1
    assert seen.waited == [pytest.approx(5, abs=1)]


def test_whoever_does_not_lead_says_so_once_and_waits() -> None:
    seen = Seen(waits=9)
    seen.service(Steps([SLOT]), Turns(4)).serve()
    assert seen.lines[0].startswith("Another service leads")
    assert seen.lines[1].startswith("The other service ended")
    assert len(seen.waited) == 9


def test_whoever_is_stopped_while_waiting_does_nothing() -> None:
    seen, steps = Seen(waits=2), Steps([SLOT])
    seen.service(steps, Turns(100)).serve()
    assert (len(seen.lines), len(steps.script), seen.delivered) == (1, 1, 0)


def test_broken_files_are_told_once_and_do_not_end_it() -> None:
    broken = DocumentError([Problem("policies.yaml", 3, 1, "no cron")])
    seen = Seen(waits=3)
    seen.service(Steps([broken, broken, SLOT])).serve()
    assert sum("cannot be used" in line for line in seen.lines) == 1
    assert "Inventory and policy can be used again." in seen.lines
    assert told(SLOT) in seen.lines
    assert seen.delivered == 1


def test_files_that_broke_since_are_told_too() -> None:
    seen = Seen(waits=2)
    seen.service(Steps([], problem="policies.yaml:3:1: no cron")).serve()
    assert [line for line in seen.lines if "no cron" in line] == [seen.lines[0]]


LOCKED = OperationalError("UPDATE slots SET reason='RAHASIA'", {}, RuntimeError("database is locked"))
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("failure", "told_as"), [(LOCKED, "database is locked"), (FULL, "No space left")])
def test_a_step_that_fails_is_told_once_and_tried_again_at_the_next_tick(
    failure: Exception, told_as: str
) -> None:
    seen = Seen(waits=3)
    seen.service(Steps([failure, failure, SLOT])).serve()
    assert sum(told_as in line for line in seen.lines) == 1
    assert told(SLOT) in seen.lines
    assert seen.waited[:2] == [15.0, 15.0]
    assert not any("RAHASIA" in line for line in seen.lines)


@pytest.mark.parametrize(("failure", "told_as"), [(LOCKED, "database is locked"), (FULL, "No space left")])
def test_messages_that_cannot_be_sent_do_not_end_it(failure: Exception, told_as: str) -> None:
    seen = Seen(waits=3, failures=[failure, failure])
    seen.service(Steps([None, None, SLOT])).serve()
    assert sum(told_as in line for line in seen.lines) == 1
    assert "Messages can be sent again." in seen.lines
    assert told(SLOT) in seen.lines
    assert seen.delivered == 3
    assert all(seconds > 1 for seconds in seen.waited)


def test_once_does_all_that_is_due_and_ends() -> None:
    seen = Seen(waits=1)
    assert seen.service(Steps([SLOT, SLOT])).once() == (SLOT, SLOT)
    assert (seen.delivered, seen.waited) == (1, [])


def test_a_clock_that_was_moved_is_told() -> None:
    watch = ClockWatch(iter([100.0, 200.0, 300.0, 400.0]).__next__)
    assert watch.jump(AT) == timedelta(0)
    assert watch.jump(AT + timedelta(seconds=100)) == timedelta(0)
    assert watch.jump(AT + timedelta(seconds=200, hours=3)) == timedelta(hours=3)
    assert watch.jump(AT - timedelta(days=3)) == -timedelta(days=3, hours=3, seconds=300)


def test_what_became_of_a_slot_is_one_line() -> None:
    missed = Slot("malam", AT, Work.AUDIT, SlotStatus.MISSED, reason=SlotReason.OFF)
    assert told(missed) == "malam of 2026-11-20 15:00 UTC: missed: nothing was running that could begin it"
    assert told(SLOT) == "malam of 2026-11-20 15:00 UTC: done (20261120-150000-abcd)"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a new workspace."""
    return open_workspace(tmp_path / "workspace")


def test_one_leads_until_it_leaves(workspace: Workspace) -> None:
    first, second = Lead(workspace), Lead(workspace)
    assert leading_process(workspace) == ""
    assert first.take()
    assert not second.take()
    assert leading_process(workspace).isdigit()
    first.leave()
    assert leading_process(workspace) == ""
    assert second.take()


def test_who_looks_whether_somebody_leads_keeps_nobody_from_leading(workspace: Workspace) -> None:
    done, named = threading.Event(), set[str]()

    def look() -> None:
        while not done.is_set():
            named.add(leading_process(workspace))

    looking = threading.Thread(target=look)
    looking.start()
    taken = []
    for _ in range(1000):
        lead = Lead(workspace)
        taken.append(lead.take())
        lead.leave()
    done.set()
    looking.join()
    assert all(taken)
    assert named <= {"", str(os.getpid())}


def test_whoever_leads_is_named_once_it_does(workspace: Workspace) -> None:
    # A number that a longer one left behind is no part of it.
    (workspace.folder / "scheduler.lock").write_text("99999999999\n")
    lead = Lead(workspace)
    assert lead.take()
    assert leading_process(workspace) == str(os.getpid())


def test_the_wall_is_renewed_whenever_it_waits_and_what_hinders_that_is_told_once() -> None:
    answers: list[OSError | None] = [None, OSError("full"), OSError("full"), None]
    seen = Seen(waits=4)
    service = replace(seen.service(Steps([SLOT])), renew_wall=lambda: answers.pop(0))
    service.serve()
    assert answers == []
    told_of = [line for line in seen.lines if "wall" in line]
    assert len(told_of) == 2
    assert told_of[0].endswith("full")
    assert told_of[1] == "The wall screen is renewed again."
