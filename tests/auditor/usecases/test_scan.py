"""Measuring what is planned: one row for each task, nothing twice, and nothing that is not allowed today."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.inventory import Authorization, DeclaredService, Fragility, Inventory, Kind, Zone
from auditor.model.run import RunStatus
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.planning import Selection, build_plan
from auditor.usecases.scan import Progress, scan
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.world import (
    AUTHORIZATION,
    BKD,
    INVENTORY,
    STARTED,
    World,
    audit_run,
    make_world,
    policy,
)

LOOPBACK = ip_network("127.0.0.0/8")
ALWAYS = replace(AUTHORIZATION, networks=(LOOPBACK,), valid_from=date.min, valid_until=date.max)
EXPIRED = replace(ALWAYS, valid_until=date(2020, 12, 31))


def loopback_inventory(*last: int) -> Inventory:
    """Return fragile servers on loopback, of which one closed port each is asked."""
    servers = tuple(
        replace(
            BKD.servers[0],
            id=f"bkd-{number}",
            addresses=(ip_address(f"127.77.0.{number}"),),
            hostnames=(),
            fragility=Fragility.FRAGILE,
            services=(DeclaredService(7, "tcp", "echo"),),
        )
        for number in last
    )
    zones = (Zone("dmz", "DMZ", True, (LOOPBACK,)),)
    return Inventory(INVENTORY.organization, (ALWAYS,), zones, (replace(BKD, servers=servers),))


def planned(inventory: Inventory) -> World:
    inputs = RunInputs(inventory, policy(), build_plan(inventory, policy(), Selection(), date(2020, 1, 1)))
    run = replace(audit_run(inventory=inventory), status=RunStatus.RUNNING, finished_at=None)
    return World(run, inputs)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def run_scan(workspace: Workspace, world: World, *, stop: bool = False) -> tuple[RunStatus, list[Progress]]:
    told: list[Progress] = []
    status = scan(workspace, world.run, world.inputs, lambda: stop, told.append)
    run = workspace.runs.get(world.run.id)
    assert run is not None
    assert run.status is status
    return status, told


def test_every_task_leaves_one_row_and_is_not_repeated(workspace: Workspace) -> None:
    world = planned(loopback_inventory(1, 2))
    workspace.runs.create(world.run, world.inputs)
    status, told = run_scan(workspace, world)
    rows = workspace.evidence.of_run("run-1")
    assert status is RunStatus.COLLECTED
    assert set(rows) == {task.id for task in world.inputs.plan.tasks}
    assert all(row.task.authorization == AUTHORIZATION.reference for row in rows.values())
    assert all(row.facts or row.failure for row in rows.values())
    assert (told[-1].addresses, told[-1].addresses_done, told[-1].tasks_done) == (2, 2, 2)
    status, told = run_scan(workspace, world)
    assert (status, told) == (RunStatus.COLLECTED, [])
    assert workspace.evidence.of_run("run-1") == rows


def test_a_stop_leaves_what_is_not_measured_for_later(workspace: Workspace) -> None:
    world = planned(loopback_inventory(1))
    workspace.runs.create(world.run, world.inputs)
    status, told = run_scan(workspace, world, stop=True)
    assert (status, told) == (RunStatus.STOPPED, [])
    assert workspace.evidence.of_run("run-1") == {}
    assert run_scan(workspace, world)[0] is RunStatus.COLLECTED
    assert len(workspace.evidence.of_run("run-1")) == 1


def test_an_authorization_that_ended_since_the_plan_stops_every_task(workspace: Workspace) -> None:
    world = planned(loopback_inventory(1, 2))
    ended = replace(world.inputs, inventory=replace(world.inputs.inventory, authorizations=(EXPIRED,)))
    workspace.runs.create(world.run, ended)
    status, told = run_scan(workspace, replace(world, inputs=ended))
    assert (status, told) == (RunStatus.COLLECTED, [])
    assert workspace.evidence.of_run("run-1") == {}


def test_what_is_all_stored_is_not_measured_again(workspace: Workspace) -> None:
    place = "bkd-9|127.77.0.9"
    world = make_world(
        {
            **shown.host(place, shown.service(22, "ssh"), shown.service(443, "http", tls=True)),
            f"ssh|{place}|22|": shown.ssh(),
            f"tls|{place}|443|": shown.tls(),
            f"certificates|{place}|443|": Failure(FailureKind.TIMEOUT, ""),
            f"http|{place}|443|": shown.http(),
        },
        loopback_inventory(9),
    )
    workspace.runs.create(world.run, world.inputs)
    for one in world.evidence.values():
        observed = Observation(one.tool, one.tool_version, {}, one.facts, one.failure)
        workspace.evidence.append("run-1", one.task, Timing(STARTED, STARTED, 1.0), observed)
    before = workspace.evidence.of_run("run-1")
    assert run_scan(workspace, world) == (RunStatus.COLLECTED, [])
    assert workspace.evidence.of_run("run-1") == before
    assert len(before) == 6


@pytest.mark.parametrize(
    "forbidding",
    [EXPIRED, replace(ALWAYS, exclude=(LOOPBACK,)), replace(ALWAYS, methods=frozenset({"tls"}))],
)
def test_the_inventory_of_today_can_forbid_what_was_planned(
    workspace: Workspace, forbidding: Authorization
) -> None:
    world = planned(loopback_inventory(1))
    workspace.runs.create(world.run, world.inputs)
    present = replace(world.inputs.inventory, authorizations=(forbidding,))
    assert scan(workspace, world.run, world.inputs, lambda: False, present=present) is RunStatus.COLLECTED
    assert workspace.evidence.of_run("run-1") == {}


def test_a_sweep_taken_up_again_leaves_out_what_was_excluded_since(workspace: Workspace) -> None:
    network = ip_network("127.77.0.0/30")
    zone = replace(BKD.servers[0], id="zone:dmz", addresses=(), hostnames=(), kind=Kind.ZONE)
    inventory = replace(
        loopback_inventory(),
        zones=(Zone("dmz", "DMZ", True, (network,)),),
        opds=(replace(BKD, servers=(zone,)),),
    )
    world = planned(inventory)
    workspace.runs.create(world.run, world.inputs)
    excluding = replace(ALWAYS, exclude=(ip_network("127.77.0.2/32"),))
    present = replace(inventory, authorizations=(excluding,))
    assert scan(workspace, world.run, world.inputs, lambda: False, present=present) is RunStatus.COLLECTED
    (row,) = workspace.evidence.of_run("run-1").values()
    assert (row.task.options["exclude"], row.facts["hosts.asked"]) == (["127.77.0.2/32"], 1)


def test_a_machine_without_worker_processes_is_told_what_to_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    world = planned(loopback_inventory(1))
    workspace.runs.create(world.run, world.inputs)
    with pytest.raises(UsageProblem, match="starts workers") as caught:
        run_scan(workspace, world)
    assert "auditor doctor" in caught.value.next_step
