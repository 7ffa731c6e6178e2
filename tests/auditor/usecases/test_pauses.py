"""What must not be measured is put off, done later where there is time, or noted with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.inventory import Inventory
from auditor.model.plan import Task
from auditor.model.run import RunStatus
from auditor.model.schedule import Blackout
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.pauses import Pauses, planned_pauses
from auditor.usecases.rotation import longest_ago_first
from auditor.usecases.scan import _Scanning, scan
from scanners.base import Limits
from scanners.runner import Done, Job
from tests.auditor.usecases.schedules import Hand
from tests.auditor.usecases.test_scan import loopback_inventory, planned
from tests.auditor.usecases.world import World, audit_run

MORNING = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
"""Eight in the morning in Jakarta."""
PAYDAY = Blackout("Pencairan gaji", servers=("bkd-1",), begins=time(7), ends=time(10))
"""Until three in the morning, UTC."""
FIRST, SECOND = "ports|bkd-1|127.77.0.1|0|", "ports|bkd-2|127.77.0.2|0|"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def two_servers(*blackouts: Blackout) -> World:
    world = planned(loopback_inventory(1, 2))
    inputs = replace(world.inputs, policy=replace(world.inputs.policy, blackouts=blackouts))
    return replace(world, inputs=inputs)


def measured(
    workspace: Workspace, world: World, until: datetime | None, stop_after: int = 10_000
) -> tuple[RunStatus, dict[str, str], int]:
    """Return the status, each task's failure, and how often ten minutes were waited."""
    workspace.runs.create(world.run, world.inputs)
    clock, waited = Hand(face=[MORNING]), list[float]()

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock.set(clock.now() + 10 * MINUTE)

    status = scan(
        workspace,
        world.run,
        world.inputs,
        lambda: len(waited) >= stop_after,
        clock=clock,
        until=until,
        wait=wait,
    )
    rows = workspace.evidence.of_run(world.run.id)
    kinds = {task: row.failure.kind.value if row.failure else "" for task, row in rows.items()}
    return status, kinds, len(waited)


def test_who_must_not_be_measured_is_noted_and_the_others_are_measured(workspace: Workspace) -> None:
    status, kinds, waited = measured(workspace, two_servers(PAYDAY), None)
    assert status is RunStatus.COLLECTED
    assert kinds[FIRST] == FailureKind.BLACKOUT
    assert kinds[SECOND] != FailureKind.BLACKOUT
    assert waited == 0
    row = workspace.evidence.of_run("run-1")[FIRST]
    assert row.failure is not None
    assert row.failure.detail == "Pencairan gaji"


def test_an_audit_that_lasts_longer_waits_for_the_end(workspace: Workspace) -> None:
    status, kinds, waited = measured(workspace, two_servers(PAYDAY), MORNING + 4 * HOUR)
    assert status is RunStatus.COLLECTED
    assert FailureKind.BLACKOUT not in kinds.values()
    assert set(kinds) == {FIRST, SECOND}
    assert waited == 12


def test_an_audit_that_ends_before_waits_for_nothing(workspace: Workspace) -> None:
    status, kinds, waited = measured(workspace, two_servers(PAYDAY), MORNING + HOUR)
    assert (status, waited) == (RunStatus.COLLECTED, 0)
    assert kinds[FIRST] == FailureKind.BLACKOUT


def test_who_is_asked_to_stop_while_waiting_leaves_it_for_the_next(workspace: Workspace) -> None:
    status, kinds, _ = measured(workspace, two_servers(PAYDAY), MORNING + 4 * HOUR, stop_after=3)
    assert status is RunStatus.STOPPED
    assert FIRST not in kinds


def test_a_blackout_that_was_written_since_holds_for_what_goes_on(workspace: Workspace) -> None:
    world = two_servers()
    workspace.runs.create(world.run, world.inputs)
    clock = Hand(face=[MORNING])
    scan(workspace, world.run, world.inputs, lambda: False, clock=clock, blackouts=(PAYDAY,))
    row = workspace.evidence.of_run("run-1")[FIRST]
    assert row.failure is not None
    assert row.failure.kind is FailureKind.BLACKOUT


def job(task: Task, seconds: float = 900) -> Job:
    return Job(task, Limits(1, 1, 1, seconds))


def task(server: str = "bkd-1", scanner: str = "ports", **more: object) -> Task:
    return Task(scanner, server, "bkd", "127.77.0.1", **more)  # type: ignore[arg-type]


def pauses(*blackouts: Blackout, until: datetime | None = None, inventory: Inventory | None = None) -> Pauses:
    return Pauses(inventory or loopback_inventory(1, 2), blackouts, until)


def test_a_task_ends_before_the_next_blackout_begins() -> None:
    one = pauses(PAYDAY)
    # Half an hour before seven in Jakarta.
    now = datetime(2026, 12, 27, 23, 50, tzinfo=UTC)
    bounded = one.bounded(job(task()), now)
    assert bounded.limits.timeout_seconds == 10 * 60 - 20
    assert one.ended_early(bounded.task) == job(task())
    assert one.ended_early(bounded.task) is None
    assert one.bounded(job(task(), 60), now) == job(task(), 60)
    assert one.bounded(job(task("bkd-2")), now) == job(task("bkd-2"))


def test_nothing_begins_in_the_last_moments_before() -> None:
    one = pauses(PAYDAY)
    begins = datetime(2026, 12, 28, 0, 0, tzinfo=UTC)
    assert one.holding(task(), begins - timedelta(seconds=31)) is None
    assert one.holding(task(), begins - timedelta(seconds=29)) == PAYDAY
    assert one.free_at(task(), begins - timedelta(seconds=29)) == begins + 3 * HOUR


def test_a_task_that_a_blackout_cut_is_done_later(workspace: Workspace) -> None:
    world = two_servers(PAYDAY)
    workspace.runs.create(world.run, world.inputs)
    clock = Hand(face=[datetime(2026, 12, 27, 23, 57, tzinfo=UTC)])
    one = pauses(PAYDAY)
    scanning = _Scanning(workspace, world.run, world.inputs, lambda _: None, None, {}, clock, one)
    [first, _] = scanning.first_jobs()
    started = scanning.as_started(first)
    clock.set(clock.now() + 3 * MINUTE)
    late = Observation("nmap", "1", {}, {}, Failure(FailureKind.TIMEOUT, "after 160 s"))
    again = list(scanning.on_done(Done(started, late, clock.now(), clock.now(), 160.0)))
    assert again == [first]
    assert not scanning.may_start(first)
    assert workspace.evidence.of_run("run-1") == {}
    clock.set(clock.now() + 3 * HOUR)
    assert scanning.later_jobs(lambda: False, lambda _: None) == [first]
    assert scanning.may_start(first)


def test_a_site_has_the_blackouts_of_who_owns_its_name() -> None:
    inventory = loopback_inventory(1)
    opd = inventory.opds[0]
    shared = replace(
        opd.servers[0], hostnames=("dinkes.example.go.id",), name_owners={"dinkes.example.go.id": "dinkes"}
    )
    dinkes = replace(opd, id="dinkes", servers=())
    inventory = replace(inventory, opds=(replace(opd, servers=(shared,)), dinkes))
    poli = Blackout("Poliklinik", opds=("dinkes",), begins=time(7), ends=time(15))
    one = pauses(poli, inventory=inventory)
    assert one.holding(task(scanner="http", server_name="dinkes.example.go.id"), MORNING) == poli
    assert one.holding(task(), MORNING) is None


def test_questions_about_a_domain_leave_those_alone_that_must_not_be_measured() -> None:
    dns = Task("dns", "example.go.id", "bkd", "", options={"reachable": ["127.77.0.1", "127.77.0.2"]})
    started = pauses(PAYDAY).bounded(job(dns), MORNING)
    assert started.task.options["reachable"] == ["127.77.0.2"]
    assert started.task.id == dns.id


def test_each_agency_has_its_own_wall(workspace: Workspace) -> None:
    inventory = loopback_inventory(1)
    east = replace(inventory, opds=(replace(inventory.opds[0], timezone="Asia/Jayapura"),))
    assert pauses(PAYDAY).holding(task(), MORNING) == PAYDAY
    assert pauses(PAYDAY, inventory=east).holding(task(), MORNING) is None


def test_a_plan_says_until_when() -> None:
    world = two_servers(PAYDAY)
    told = {task.id: why for task, why in planned_pauses(world.inputs, MORNING)}
    assert told == {FIRST: "blackout until 2026-12-28 10:00: Pencairan gaji", SECOND: ""}
    for_ever = two_servers(Blackout("Selamanya", first=date(2020, 1, 1)))
    assert {why for _, why in planned_pauses(for_ever.inputs, MORNING)} == {"blackout: Selamanya"}


def test_who_waited_longest_comes_first(workspace: Workspace) -> None:
    world = planned(loopback_inventory(1, 2, 3, 4))
    tasks = {task.server: task for task in world.inputs.plan.tasks}
    timing = Timing(MORNING, MORNING, 1.0)
    seen = Observation("fake", "1", {}, {"ports.answered": True})
    put_off = Observation("auditor", "", {}, {}, Failure(FailureKind.BLACKOUT, '"kind":"x"'))
    for number, servers in enumerate((("bkd-3", "bkd-1"), ("bkd-2", "bkd-4"))):
        run = replace(audit_run(f"run-{number}", MORNING + number * HOUR, world.inputs.inventory))
        workspace.runs.create(run, world.inputs)
        for server in servers:
            observation = put_off if server == "bkd-4" else seen
            workspace.evidence.append(run.id, tasks[server], timing, observation)
    ordered: RunInputs = longest_ago_first(workspace, world.inputs)
    assert [task.server for task in ordered.plan.tasks] == ["bkd-4", "bkd-3", "bkd-1", "bkd-2"]
