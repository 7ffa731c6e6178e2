"""Audits that nobody started: taken up again, cut at the edge, and told when they cannot be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.model.run import RunStatus
from auditor.model.schedule import Schedule, Slot, SlotReason, SlotStatus, Work
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.audit import MeasuredElsewhereError, alone
from auditor.usecases.rulebook import Files, Rulebook
from auditor.usecases.scan import Progress
from auditor.usecases.scheduled_work import Places, ScheduledWork
from auditor.usecases.scheduling import Scheduler
from tests.auditor.cli.world import free_network, write_files
from tests.auditor.usecases.schedules import Hand

HOUR = timedelta(hours=1)
SCHEDULES = 'schedules: [{id: malam, work: audit, cron: "0 22 * * *", window_minutes: 360}]\n'


@dataclass
class Night:
    """A folder with two servers on which nothing listens, and a scheduler at the time of its audit."""

    folder: Path
    workspace: Workspace
    clock: Hand
    at: datetime
    stopping: bool = False
    jump_at_progress: timedelta = timedelta(0)

    def new_process(self) -> Scheduler:
        """Return a scheduler that remembers nothing."""
        places = Places(
            self.folder / "inventory.yaml", self.folder / "policies.yaml", self.folder / "reports"
        )
        work = ScheduledWork(self.workspace, places, lambda: self.stopping, self._on_progress)
        files = Files(places.inventory, places.policy)
        return Scheduler(self.workspace, Rulebook(self.workspace, files), work)

    def step(self, after: timedelta = timedelta(0)) -> Slot | None:
        """Let a new process do what is due so long after the audit's time."""
        self.clock.set(self.at + after)
        return self.new_process().step(self.clock)

    def _on_progress(self, progress: Progress) -> None:
        if progress.tasks_done:
            self.clock.set(self.clock.now() + self.jump_at_progress)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """Return the evening before the next 22:00 in Jakarta, after a first look at the schedules."""
    network = free_network()
    write_files(tmp_path, {"satu": f"{network}.1", "dua": f"{network}.2"})
    with (tmp_path / "policies.yaml").open("a") as file:
        file.write(SCHEDULES)
    workspace = open_workspace(tmp_path / "audit-data")
    now = datetime.now(UTC)
    at = now.replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=1)
    made = Night(tmp_path, workspace, Hand(face=[now]), at)
    assert made.step(-HOUR) is None
    yield made
    workspace.engine.dispose()


def test_an_audit_is_measured_judged_and_reported(night: Night) -> None:
    slot = night.step()
    assert slot is not None
    assert (slot.status, slot.reason) == (SlotStatus.DONE, "")
    run = night.workspace.runs.get(slot.run)
    assert run is not None
    assert (run.status, run.started_at) == (RunStatus.COMPLETE, night.at)
    assert (night.folder / "reports" / "index.html").is_file()
    assert night.step() is None


def test_a_service_that_is_stopped_leaves_the_rest_to_the_next(night: Night) -> None:
    night.stopping = True
    assert night.step() is None
    [left] = night.workspace.slots.running()
    night.stopping = False
    slot = night.step(HOUR)
    assert slot is not None
    assert (slot.run, slot.status) == (left.run, SlotStatus.DONE)
    assert [run.id for run in night.workspace.runs.all()] == [left.run]


def test_what_nobody_took_up_in_time_is_cut(night: Night) -> None:
    night.stopping = True
    assert night.step() is None
    slot = night.step(7 * HOUR)
    assert slot is not None
    assert (slot.status, slot.reason) == (SlotStatus.CUT, "the service was ended: nothing was measured")
    run = night.workspace.runs.get(slot.run)
    assert run is not None
    assert run.status is RunStatus.STOPPED


def test_an_audit_stops_at_the_edge_and_is_judged_as_it_is(night: Night) -> None:
    night.jump_at_progress = 7 * HOUR
    slot = night.step()
    assert slot is not None
    assert (slot.status, slot.reason) == (SlotStatus.CUT, SlotReason.WINDOW)
    assert night.workspace.evidence.tried(slot.run)
    assert night.workspace.results.scorecards(slot.run)
    assert (night.folder / "reports" / slot.run / "index.html").is_file()
    assert not (night.folder / "reports" / "index.html").exists()


def test_what_an_audit_would_meet_is_waited_for(night: Night) -> None:
    audit = Schedule("malam", Work.AUDIT, "0 22 * * *", "", 60, 0)
    work = ScheduledWork(night.workspace, Places(Path(), None, Path()), lambda: False)
    assert work.hindrance(audit) is None
    with alone(night.workspace):
        assert work.hindrance(audit) is SlotReason.MEASURING
        assert night.step() is None
    night.workspace.kill_switch.touch()
    assert work.hindrance(audit) is SlotReason.KILL_SWITCH
    backup = Schedule("salin", Work.BACKUP, "0 4 * * *", "", 60, 0)
    assert work.hindrance(backup) is None


def test_what_may_not_be_measured_fails_with_the_reason(night: Night) -> None:
    inventory = night.folder / "inventory.yaml"
    text = inventory.read_text().replace(
        "networks: [127.30.0.0/16]\n    methods", "networks: [127.99.0.0/16]\n    methods"
    )
    inventory.write_text(text)
    slot = night.step()
    assert slot is not None
    assert slot.status is SlotStatus.FAILED
    assert slot.reason.startswith("it could not be done: nothing may be measured")
    assert night.workspace.runs.all() == ()


def test_a_backup_is_made_at_its_time(night: Night) -> None:
    policy = night.folder / "policies.yaml"
    policy.write_text(policy.read_text().replace("work: audit", "work: backup"))
    slot = night.step()
    assert slot is not None
    assert (slot.work, slot.status) == (Work.BACKUP, SlotStatus.DONE)
    assert len(list((night.folder / "backups").iterdir())) == 1


def test_looking_whether_an_audit_can_begin_keeps_no_audit_of_a_person_from_it(night: Night) -> None:
    audit = Schedule("malam", Work.AUDIT, "0 22 * * *", "", 60, 0)
    work = ScheduledWork(night.workspace, Places(Path(), None, Path()), lambda: False)
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            work.hindrance(audit)

    looking = [threading.Thread(target=look) for _ in range(3)]
    for one in looking:
        one.start()
    refused = 0
    for _ in range(3000):
        try:
            with alone(night.workspace):
                pass
        except MeasuredElsewhereError:
            refused += 1
    done.set()
    for one in looking:
        one.join()
    assert refused == 0
