"""What is due is done once, in its order; what never can be is told; whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from auditor.model.document import DocumentError
from auditor.model.schedule import Schedule, SlotReason, SlotStatus, Work
from auditor.store import schema
from auditor.store.slots import SET_BACK
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.scheduling import Ended
from tests.auditor.usecases.schedules import MORNING, NIGHTLY, START, Desk, Killed, kill, night

DONE, CUT, MISSED, FAILED = SlotStatus.DONE, SlotStatus.CUT, SlotStatus.MISSED, SlotStatus.FAILED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def standing(workspace: Workspace, *schedules: Schedule) -> Desk:
    """Return a scheduler that has seen its schedules once."""
    desk = Desk(workspace, *schedules)
    assert desk.at(START) == []
    return desk


def test_a_time_is_done_once_when_it_comes(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    assert desk.scheduler.next_at(START) == night(20)
    assert desk.at(night(20) - timedelta(seconds=1)) == []
    [slot] = desk.at(night(20))
    assert (slot.at, slot.status) == (night(20), DONE)
    assert slot.run
    assert desk.at(night(20) + HOUR) == []
    assert desk.executor.done == [("malam", night(20))]
    assert desk.executor.turns[0].until == night(20) + 6 * HOUR


def test_what_was_before_the_first_sight_is_nobodys_fault(workspace: Workspace) -> None:
    desk = Desk(workspace, NIGHTLY)
    assert desk.at(night(20) + HOUR) == []
    assert desk.slots() == []


def test_a_late_start_still_ends_with_the_window(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.at(night(20) + 5 * HOUR)
    assert desk.executor.turns[0].until == night(20) + 6 * HOUR


def test_after_five_days_off_the_newest_alone_is_made_up_for(workspace: Workspace) -> None:
    desk = standing(workspace, replace(NIGHTLY, catch_up_minutes=12 * 60))
    desk.at(night(25) + 10 * HOUR)
    assert desk.slots() == [("malam", night(day), MISSED) for day in range(20, 25)] + [
        ("malam", night(25), DONE)
    ]
    reasons = {slot.reason for slot in workspace.slots.all() if slot.status is MISSED}
    assert reasons == {SlotReason.OFF}
    # It began after its window had closed: it has as long, but not into the next.
    assert desk.executor.turns[0].until == night(25) + 16 * HOUR


def test_what_is_too_late_is_missed_and_told(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    assert desk.at(night(20) + 6 * HOUR) == []
    assert desk.slots() == [("malam", night(20), MISSED)]
    assert desk.executor.done == []


def test_two_at_once_come_one_after_the_other_in_the_order_of_their_times(workspace: Workspace) -> None:
    second = replace(NIGHTLY, id="kedua")
    early = replace(MORNING, id="awal", cron="59 21 * * *")
    desk = standing(workspace, NIGHTLY, second, early)
    desk.at(night(20))
    assert [name for name, _ in desk.executor.done] == ["awal", "malam", "kedua"]


def test_what_another_work_left_no_time_for_says_so(workspace: Workspace) -> None:
    short = Schedule("singkat", Work.BACKUP, "0 23 * * *", "", window_minutes=60, catch_up_minutes=0)
    desk = standing(workspace, NIGHTLY, short)
    desk.executor.takes = 5 * HOUR
    desk.at(night(20))
    assert desk.slots() == [("malam", night(20), DONE), ("singkat", night(20) + HOUR, MISSED)]
    assert workspace.slots.all()[1].reason == "something else was running: malam"


def test_a_kill_in_the_middle_is_taken_up_under_the_same_id(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.executor.ends = kill
    with pytest.raises(Killed):
        desk.at(night(20))
    [begun] = workspace.slots.running()
    desk.executor.ends = lambda _turn: Ended(DONE)
    desk.start()
    [slot] = desk.at(night(20) + HOUR)
    assert (slot.run, slot.status, slot.started_at) == (begun.run, DONE, begun.started_at)
    assert desk.slots() == [("malam", night(20), DONE)]


def test_a_kill_that_lasts_until_the_window_closed_ends_it_before_the_next(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.executor.ends = kill
    with pytest.raises(Killed):
        desk.at(night(20))
    desk.start()
    desk.executor.ends = lambda turn: Ended(CUT if desk.clock.now() >= turn.until else DONE)
    desk.at(night(21))
    assert desk.slots() == [("malam", night(20), CUT), ("malam", night(21), DONE)]


def test_what_cannot_even_be_judged_does_not_stop_the_rest(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.executor.ends = kill
    for instant in (night(20), night(21) - HOUR):
        with pytest.raises(Killed):
            desk.at(instant)
        desk.start()
    desk.executor.ends = lambda _turn: Ended(DONE)
    desk.at(night(21))
    assert desk.slots() == [("malam", night(20), CUT), ("malam", night(21), DONE)]


def test_what_the_service_left_is_waited_for(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.executor.ends = lambda _turn: None
    assert desk.at(night(20)) == []
    assert len(workspace.slots.running()) == 1
    desk.executor.ends = lambda _turn: Ended(DONE)
    assert len(desk.at(night(20) + HOUR)) == 1


def test_what_is_hindered_begins_later_or_says_what_hindered_it(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY, MORNING)
    desk.executor.hindered = SlotReason.MEASURING
    assert desk.at(night(20)) == []
    desk.executor.hindered = None
    assert [slot.at for slot in desk.at(night(20) + HOUR)] == [night(20)]
    desk.executor.hindered = SlotReason.KILL_SWITCH
    desk.at(night(20) + 9 * HOUR)
    for hour in (0, 1, 6):
        desk.at(night(21) + hour * HOUR)
    reasons = {slot.at: slot.reason for slot in workspace.slots.all() if slot.schedule == "malam"}
    assert reasons[night(21)] == "the kill switch was set"
    # Digests went out meanwhile.
    assert "pagi" in [name for name, _ in desk.executor.done]


def test_a_broken_file_fails_the_audit_and_not_the_digest(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY, MORNING)
    desk.broken = "cron has not five fields"
    [slot] = desk.at(night(20))
    assert slot.status is FAILED
    assert slot.reason == (
        "inventory or policy could not be used: policies.yaml:1:1: cron has not five fields"
    )
    [told] = desk.at(night(20) + 9 * HOUR)
    assert told.status is DONE
    assert told.reason.startswith("done with inventory and policy as they were before: policies.yaml")
    desk.broken = ""
    assert [slot.status for slot in desk.at(night(21))] == [DONE]


def test_what_began_before_a_file_broke_waits_for_it(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.executor.ends = lambda _turn: None
    desk.at(night(20))
    desk.broken = "x"
    assert desk.at(night(20) + HOUR) == []
    desk.broken, desk.executor.ends = "", lambda _turn: Ended(DONE)
    assert len(desk.at(night(20) + 2 * HOUR)) == 1


def test_files_that_were_never_right_are_told_at_once(workspace: Workspace) -> None:
    desk = Desk(workspace, NIGHTLY)
    desk.broken = "x"
    with pytest.raises(DocumentError):
        desk.at(START)


def test_other_times_count_from_when_they_were_written(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.set_schedules(replace(NIGHTLY, cron="0 9 * * *"))
    assert desk.at(START) == []
    [slot] = desk.at(START + 23 * HOUR)
    assert slot.at == datetime(2026, 11, 21, 2, tzinfo=UTC)


def test_a_schedule_that_comes_back_owes_nothing(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.set_schedules()
    desk.at(night(20))
    desk.set_schedules(NIGHTLY)
    assert desk.at(night(25) + HOUR) == []
    assert desk.slots() == []


def test_what_a_policy_drops_while_it_runs_is_cut(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.executor.ends = lambda _turn: None
    desk.at(night(20))
    desk.set_schedules()
    [slot] = desk.at(night(20) + HOUR)
    assert (slot.status, slot.reason) == (CUT, SlotReason.WITHDRAWN)


def test_a_clock_ahead_costs_one_run_and_a_clock_back_repeats_none_of_the_past(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.at(night(20))
    desk.at(night(20) + 45 * DAY + HOUR)
    assert len(desk.executor.done) == 2
    assert desk.at(night(20) + HOUR) == []
    [slot] = desk.at(night(21))
    assert slot.at == night(21)
    aside = [at for name, at, _ in desk.slots() if name == "malam" + SET_BACK]
    assert len(aside) == 45
    desk.at(night(22))
    assert [at for name, at, status in desk.slots() if name == "malam"] == [night(20), night(21), night(22)]


def test_a_clock_that_is_corrected_a_little_repeats_nothing(workspace: Workspace) -> None:
    desk = standing(workspace, NIGHTLY)
    desk.at(night(20))
    assert desk.at(night(20) - timedelta(minutes=3)) == []
    assert desk.at(night(20) + timedelta(minutes=1)) == []
    assert len(desk.at(night(21))) == 1


def test_a_schedule_first_seen_by_a_wrong_clock_counts_from_the_right_time(workspace: Workspace) -> None:
    desk = Desk(workspace, NIGHTLY)
    desk.at(START + 400 * DAY)
    assert desk.at(START) == []
    assert len(desk.at(night(20))) == 1


def test_a_machine_that_woke_in_1970_writes_no_endless_list(workspace: Workspace) -> None:
    desk = Desk(workspace, replace(NIGHTLY, cron="*/5 * * * *", window_minutes=5))
    desk.executor.takes = timedelta(0)
    desk.at(datetime(1970, 1, 1, tzinfo=UTC))
    desk.at(START)
    rows = [slot for slot in workspace.slots.all() if slot.status is MISSED]
    assert len(rows) == 400
    assert rows[0].reason.endswith(": so were 10000 times before it")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=st.lists(st.integers(min_value=0, max_value=60), min_size=1, max_size=12),
    kills=st.sets(st.integers(min_value=0, max_value=11)),
    catch_up=st.sampled_from([0, 360, 720, 1440]),
)
def test_every_time_has_one_row_whatever_happens(
    workspace: Workspace, hours: list[int], kills: set[int], catch_up: int
) -> None:
    with workspace.engine.begin() as connection:
        connection.execute(delete(schema.slots))
        connection.execute(delete(schema.anchors))
    desk = standing(workspace, replace(NIGHTLY, catch_up_minutes=catch_up))
    instant = START
    for index, hour in enumerate(hours):
        instant += hour * HOUR
        desk.executor.ends = kill if index in kills else lambda _turn: Ended(DONE)
        try:
            desk.at(max(instant, desk.clock.now()))
        except Killed:
            desk.start()
    desk.executor.ends = lambda _turn: Ended(DONE)
    desk.at(desk.clock.now())
    nights = [night(20) + n * DAY for n in range(60)]
    assert [at for _, at, _ in desk.slots()] == [at for at in nights if at <= desk.clock.now()]
    assert not workspace.slots.running()
    begun = {at for _, at in desk.executor.done}
    ran = {slot.at for slot in workspace.slots.all() if slot.started_at is not None}
    assert begun == ran
