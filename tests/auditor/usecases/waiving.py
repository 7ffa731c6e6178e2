"""A desk at which waivers are decided, in a small government, and a run to decide on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.model.check import Severity
from auditor.model.evidence import Observation
from auditor.model.finding import finding_id
from auditor.model.inventory import Inventory, Kind, Server
from auditor.model.policy import Policy, WaiverRules, Width
from auditor.model.verdict import Status
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.waive import Desk, Outcome, Request
from auditor.usecases.waive_scope import Wish
from tests.auditor.usecases.world import BKD, DAY, DINKES, INVENTORY, SECOND_NAME, World, make_world, policy
from tests.controls.catalogue import shipped

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
SITE = Wish(check="http-vcs-absent", opd="bkd", server="bkd-web-01", address="10.1.0.10", port=443)
LONG = timedelta(days=180)
WANTED = Request(
    SITE,
    "Situs arsip dipindahkan ke peladen baru pada Desember.",
    "Hanya terbuka dari jaringan dalam.",
    "Siti Aminah, S.Kom.",
    None,
    DAY + timedelta(days=30),
)
WHY = "Situs arsip sudah dipindahkan."
CHECKS = ("http-vcs-absent", "ssh-ciphers-strong", "network-ports-approved", "tls-1-0-refused")
SMALL = replace(shipped(), checks={name: shipped().checks[name] for name in CHECKS}, frameworks={})


def shared_inventory() -> Inventory:
    """Return the inventory in which one name on BKD's server belongs to Dinkes, with a domain and a zone."""
    domain = Server(
        "example.go.id",
        "bkd",
        "",
        "dmz",
        BKD.servers[0].category,
        (),
        hostnames=("example.go.id",),
        kind=Kind.DOMAIN,
    )
    web = replace(BKD.servers[0], name_owners={SECOND_NAME: "dinkes"})
    return replace(INVENTORY, opds=(replace(BKD, servers=(web, BKD.servers[1], domain)), DINKES))


def make_inputs(inventory: Inventory | None = None, rules: Policy | None = None) -> Inputs:
    return Inputs(inventory or shared_inventory(), rules or policy(), shipped())


def later(desk: Desk, days: float, **change: Any) -> Desk:
    return replace(desk, now=desk.now + timedelta(days=days), **change)


def judged(workspace: Workspace, world: World | None = None) -> World:
    """Store and judge a run."""
    world = world or make_world()
    workspace.runs.create(world.run, world.inputs)
    for one in world.evidence.values():
        timing = Timing(one.started_at, one.finished_at, one.duration_seconds)
        seen = Observation(one.tool, one.tool_version, one.settings, one.facts, one.failure)
        workspace.evidence.append(world.run.id, one.task, timing, seen)
    assess(workspace, world.run, world.inputs, SMALL)
    return world


def refused(step: Callable[[], Outcome]) -> str:
    """Return what a step is refused with, next step included."""
    with pytest.raises(UsageProblem) as found:
        step()
    assert found.value.problem
    assert found.value.next_step
    return f"{found.value.problem}. {found.value.next_step}"


def with_scope(**scope: Any) -> Request:
    return replace(WANTED, wish=replace(SITE, **scope))


def rules(widest: Width, severity: Severity) -> Inputs:
    chosen = dict.fromkeys(Severity, Width.OPD) | {severity: widest}
    return make_inputs(rules=replace(policy(), waivers=WaiverRules(180, 14, chosen)))


def failing(world: World, workspace: Workspace, check: str) -> str:
    verdicts = workspace.results.verdicts(world.run.id)
    return next(
        finding_id(v.check, v.subject) for v in verdicts if v.check == check and v.status is Status.FAIL
    )
