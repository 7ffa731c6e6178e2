"""Measuring again what is no single port: the inside of a server, what its report says, domains, networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.facts import Facts
from auditor.model.finding import FindingStatus
from auditor.model.finding_record import FindingRecord
from auditor.model.imported import ImportKind
from auditor.model.inventory import DeclaredService, Fragility, Inventory
from auditor.model.plan import Task
from auditor.model.retest import RetestItem, RetestResult
from auditor.model.subject import Subject, SubjectKind
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.audit import with_reports
from auditor.usecases.errors import UsageProblem
from auditor.usecases.follow_up import ONLY
from auditor.usecases.imported import take_over
from auditor.usecases.importing import Desk, import_inside
from auditor.usecases.inputs import Inputs
from auditor.usecases.planning import Selection, build_plan
from auditor.usecases.retest_plan import RetestPlan, plan_retest
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.retesting import LATER, RULES, Servers, ask_again
from tests.auditor.usecases.test_inside import HOST_TASK, OVER_SSH, PLACE, inventory, server
from tests.auditor.usecases.test_wide_plans import DAY, edited
from tests.auditor.usecases.world import STARTED, Answers, audit_run, make_world, policy
from tests.controls.catalogue import compiled_catalogue, shipped
from tests.scanners.imported.reports import lynis_report

CHECKS = ("lynis-warnings-absent", "listening-ports-reachable", "network-ports-approved")
SMALL = replace(shipped(), checks={name: shipped().checks[name] for name in CHECKS}, frameworks={})
HERE = inventory(server(OVER_SSH))
HOST: Facts = {
    "host.os_id": "debian",
    "host.listening": [{"port": 9999, "protocol": "tcp", "address": "*", "reach": "all", "program": "/x"}],
    "host.unread": [],
}
ANSWERS: Answers = {
    **shown.host(PLACE, shown.service(22, "ssh")),
    f"ssh|{PLACE}|22|": shown.ssh(),
    HOST_TASK: HOST,
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def audited(workspace: Workspace, answers: Answers = ANSWERS, here: Inventory = HERE) -> None:
    """Store and judge an audit of a host."""
    world = make_world(answers, here, audit_run(inventory=here))
    inputs = with_reports(workspace, world.inputs, STARTED)
    workspace.runs.create(world.run, inputs)
    for one in world.evidence.values():
        timing = Timing(one.started_at, one.finished_at, one.duration_seconds)
        observed = Observation(one.tool, one.tool_version, one.settings, one.facts, one.failure)
        workspace.evidence.append(world.run.id, one.task, timing, observed)
    take_over(workspace, world.run, inputs, workspace.evidence.of_run(world.run.id))
    assess(workspace, world.run, inputs, SMALL)


def finding(workspace: Workspace, check: str) -> FindingRecord:
    (found,) = (one for one in workspace.results.findings().values() if one.check == check)
    return found


def again(workspace: Workspace, check: str, servers: Servers, here: Inventory = HERE) -> RetestItem:
    """Measure the finding of a check again."""
    inputs = Inputs(here, RULES, SMALL)
    record = ask_again(workspace, [finding(workspace, check).id], servers=servers, inputs=inputs)
    (item,) = record.items
    return item


def test_the_inside_is_looked_into_and_compared_with_all_ports(workspace: Workspace) -> None:
    audited(workspace)
    servers = Servers(ANSWERS)
    assert again(workspace, "listening-ports-reachable", servers).result is RetestResult.FAILING
    assert servers.ids == {f"ports|{PLACE}|0|", HOST_TASK}
    assert servers.asked[0].options["ranges"] == [[1, 10000]]
    mended = {**ANSWERS, HOST_TASK: {**HOST, "host.listening": []}}
    assert again(workspace, "listening-ports-reachable", Servers(mended)).result is RetestResult.FIXED


def test_an_inside_that_cannot_be_looked_into_stays_what_it_was(workspace: Workspace) -> None:
    audited(workspace)
    known = finding(workspace, "listening-ports-reachable")
    refused = {**ANSWERS, HOST_TASK: Failure(FailureKind.LOGIN_REFUSED, "")}
    item = again(workspace, "listening-ports-reachable", Servers(refused))
    assert (item.result, item.reason["en"]) == (RetestResult.NOT_MEASURABLE, "the login was refused")
    assert finding(workspace, "listening-ports-reachable") == known


def handed_in(workspace: Workspace, tmp_path: Path, at: datetime, *lines: str) -> None:
    """Hand in a report of Lynis that ended at an instant."""
    path = tmp_path / "report.dat"
    local = at + timedelta(hours=7)
    start, end = (f"{one:%Y-%m-%d %H:%M:%S}" for one in (local - timedelta(minutes=3), local))
    path.write_bytes(lynis_report(*lines, start=start, end=end))
    import_inside(Desk(workspace, HERE, LATER), ImportKind("lynis"), path, "bkd-db-01")


def test_what_rests_on_a_report_needs_a_newer_one(workspace: Workspace, tmp_path: Path) -> None:
    handed_in(workspace, tmp_path, STARTED - timedelta(days=1), "warning[]=A-1|x|-|-|")
    audited(workspace)
    with pytest.raises(UsageProblem, match="no newer one was handed in"):
        again(workspace, "lynis-warnings-absent", Servers(ANSWERS))
    assert finding(workspace, "lynis-warnings-absent").status is FindingStatus.NEW
    handed_in(workspace, tmp_path, STARTED + timedelta(hours=5))
    assert again(workspace, "lynis-warnings-absent", Servers(ANSWERS)).result is RetestResult.FIXED


def record(check: str, subject: Subject) -> FindingRecord:
    return FindingRecord(
        id="F-1",
        check=check,
        subject=subject.key,
        opd="dinkes",
        status=FindingStatus.NEW,
        first_run="run-1",
        last_run="run-1",
        first_seen=STARTED,
        last_seen=STARTED,
        due=date(2026, 12, 22),
        opened_at=STARTED,
    )


def planned(here: Inventory, check: str, subject: Subject) -> RetestPlan:
    whole = build_plan(here, policy(), Selection(servers=frozenset({subject.server})), DAY)
    checks = {one.check.id: one for one in compiled_catalogue()}
    return plan_retest([record(check, subject)], RunInputs(here, policy(), whole), checks)


def check_of(kind: SubjectKind) -> str:
    return next(one.check.id for one in compiled_catalogue() if one.check.subject is kind)


@pytest.mark.parametrize(
    ("subject", "scanner"),
    [
        (Subject(SubjectKind.DOMAIN, "dinkes.example.go.id", "", server_name="dinkes.example.go.id"), "dns"),
        (Subject(SubjectKind.NETWORK, "zone:dmz", "", server_name="10.10.1.0/24"), "hosts"),
    ],
)
def test_a_domain_is_asked_again_and_one_network_is_swept_again(subject: Subject, scanner: str) -> None:
    found = planned(edited(), check_of(subject.kind), subject)
    assert found.refused == {}
    (task,) = found.plan.tasks
    assert (task.scanner, task.server_name or task.address) == (scanner, subject.server_name)


def test_a_network_that_may_not_be_swept_any_more_says_why() -> None:
    subject = Subject(SubjectKind.NETWORK, "zone:dmz", "", server_name="10.10.1.0/24")
    here = edited(("[ports, dns, hosts]", "[ports, dns]"))
    found = planned(here, check_of(SubjectKind.NETWORK), subject)
    assert found.plan.tasks == ()
    assert found.refused["F-1"]["en"] == "the authorization does not allow this method"


def test_what_compares_both_families_looks_at_every_address() -> None:
    two = inventory(server(OVER_SSH, addresses=(ip_address("10.1.1.10"), ip_address("10.1.1.99"))))
    subject = Subject(SubjectKind.ADDRESS, "bkd-db-01", "10.1.1.10")
    found = planned_on(two, "network-ipv6-parity", subject)
    assert {task.address for task in found.plan.tasks} == {"10.1.1.10", "10.1.1.99"}
    alone = planned_on(two, "network-ports-approved", subject)
    assert {task.address for task in alone.plan.tasks} == {"10.1.1.10"}


def planned_on(here: Inventory, check: str, subject: Subject) -> RetestPlan:
    whole = build_plan(here, policy(), Selection(), STARTED.date())
    checks = {one.check.id: one for one in compiled_catalogue()}
    return plan_retest([record(check, subject)], RunInputs(here, policy(), whole), checks)


def delicate(port: int) -> Inventory:
    """Return the inventory with the server as a fragile one that declares one port."""
    declared = (DeclaredService(port, "tcp", "x"),)
    return inventory(server(OVER_SSH, fragility=Fragility.FRAGILE, services=declared))


def test_a_delicate_server_is_asked_at_its_declared_ports_only() -> None:
    subject = Subject(SubjectKind.SSH, "bkd-db-01", "10.1.1.10", 22)
    assert "delicate server" in planned_on(delicate(80), "ssh-ciphers-strong", subject).refused["F-1"]["en"]
    (task,) = planned_on(delicate(22), "ssh-ciphers-strong", subject).plan.tasks
    assert task.options["ranges"] == [[22, 22]]


def test_findings_of_one_address_are_measured_together() -> None:
    subjects = [Subject(SubjectKind.SSH, "bkd-db-01", "10.1.1.10", port) for port in (22, 2222)]
    whole = build_plan(HERE, RULES, Selection(), STARTED.date())
    checks = {one.check.id: one for one in compiled_catalogue()}
    found = plan_retest(
        [record("ssh-ciphers-strong", one) for one in subjects], RunInputs(HERE, RULES, whole), checks
    )
    (task,) = found.plan.tasks
    assert isinstance(task, Task)
    assert task.options[ONLY] == [
        ["services", 22, ""],
        ["services", 111, ""],
        ["services", 2222, ""],
        ["ssh", 22, ""],
        ["ssh", 2222, ""],
    ]
