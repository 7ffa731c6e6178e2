"""The look inside a server: one subject, whoever could not look, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.facts import JSON, Facts
from auditor.model.host_access import Credential, HostAccess, SecretReference, SecretSource
from auditor.model.inventory import Inventory, Server, State
from auditor.model.plan import SkipReason
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import judge_run, subjects_of
from auditor.usecases.clock import SYSTEM_CLOCK
from auditor.usecases.credentials import Opened
from auditor.usecases.follow_up import is_ready
from auditor.usecases.pauses import Pauses
from auditor.usecases.planning import limits_for
from auditor.usecases.scan import _Scanning
from controls.clock import clock_offset
from controls.subjects import Measured, Presence
from scanners.runner import Done, Job
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.world import AUTHORIZATION, BKD, DAY, INVENTORY, STARTED, World, make_world
from tests.controls.catalogue import shipped

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0sDYdFTJrLM0ZOxIFcmrhRuT4vbzpBYeVtBCwz0xT4"
OVER_SSH = HostAccess("audit-key", (HOST_KEY,))
AUDIT_KEY = Credential("audit-key", "tilik-audit", SecretReference(SecretSource.FILE, "/key"), sudo=True)
INSIDE = replace(AUTHORIZATION, methods=AUTHORIZATION.methods | {"host"})
ADDRESS = "10.1.1.10"
PLACE = f"bkd-db-01|{ADDRESS}"
HOST_TASK = f"host|{PLACE}|22|"
FACTS: Facts = {"host.os_id": "debian", "host.clock": "2026-11-22T01:30:00Z", "host.unread": []}


def server(access: HostAccess | None, **more: object) -> Server:
    return replace(BKD.servers[1], access=access, **more)  # type: ignore[arg-type]


def inventory(*servers: Server, inside: bool = True) -> Inventory:
    return replace(
        INVENTORY,
        authorizations=(INSIDE if inside else AUTHORIZATION,),
        opds=(replace(BKD, servers=servers),),
        credentials={"audit-key": AUDIT_KEY},
    )


def world(*servers: Server, host: Facts | Failure = FACTS, inside: bool = True) -> World:
    answers: dict[str, Facts | Failure] = {**shown.host(PLACE), HOST_TASK: host, f"host|{PLACE}|0|": host}
    return make_world(answers, inventory(*servers, inside=inside))


def subjects(run: World) -> list[Measured]:
    catalogue = shipped()
    found = subjects_of(run.inputs, run.evidence, catalogue.pack, run.run.started_at)
    return [one for one in found if one.subject.kind is SubjectKind.HOST]


def verdicts(run: World) -> list[Verdict]:
    """Return the verdicts about insides, without those about reports, of which none was handed in."""
    judged = judge_run(run.run, run.inputs, shipped(), run.evidence).verdicts
    inside = [one for one in judged if one.subject.kind is SubjectKind.HOST]
    reports = [one for one in inside if one.check.startswith(("lynis-", "openscap-"))]
    assert {one.status for one in reports} <= {Status.NOT_APPLICABLE}
    return [one for one in inside if one not in reports]


def test_nobody_expects_a_look_inside_that_no_assignment_names() -> None:
    run = world(server(OVER_SSH), inside=False)
    assert subjects(run) == []
    assert HOST_TASK not in run.evidence


def test_a_look_inside_is_one_subject_with_what_the_host_told() -> None:
    [found] = subjects(world(server(OVER_SSH)))
    assert found.subject.key == "host|bkd-db-01|||"
    assert found.facts["host.os_id"] == "debian"
    assert found.evidence != ()


def test_a_server_with_two_addresses_is_looked_into_once() -> None:
    two = server(OVER_SSH, addresses=(ip_address(ADDRESS), ip_address("10.1.1.99")))
    answers = {**shown.host(PLACE), **shown.host("bkd-db-01|10.1.1.99"), HOST_TASK: FACTS}
    run = make_world(answers, inventory(two))
    assert [task for task in run.evidence if task.startswith("host|")] == [HOST_TASK]
    assert len(subjects(run)) == 1


def test_an_access_may_name_another_of_the_addresses() -> None:
    other = replace(OVER_SSH, address="10.1.1.99", port=2222)
    two = server(other, addresses=(ip_address(ADDRESS), ip_address("10.1.1.99")))
    task = "host|bkd-db-01|10.1.1.99|2222|"
    answers = {**shown.host(PLACE), **shown.host("bkd-db-01|10.1.1.99"), task: FACTS}
    assert len(subjects(make_world(answers, inventory(two)))) == 1


def test_a_task_carries_account_and_pinned_keys_and_no_secret() -> None:
    [evidence] = [one for one in world(server(OVER_SSH)).evidence.values() if one.task.scanner == "host"]
    assert evidence.task.options == {
        "credential": "audit-key",
        "user": "tilik-audit",
        "sudo": True,
        "host_keys": [HOST_KEY],
        "consent": ["tls-heartbleed-absent"],
    }


def test_without_a_way_in_every_check_is_unknown_and_says_what_it_takes() -> None:
    found = verdicts(world(server(None)))
    assert found
    assert {one.status for one in found} == {Status.UNKNOWN}
    assert all("auditor host-access" in one.reason["en"] for one in found)


def test_where_no_inside_is_possible_nobody_expects_one() -> None:
    assert subjects(world(server(HostAccess(impossible="Windows Server")))) == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (FailureKind.LOGIN_REFUSED, "the login was refused"),
        (FailureKind.HOST_KEY_CHANGED, "another host key"),
        (FailureKind.NO_CREDENTIAL, "no key to log in with"),
    ],
)
def test_a_failed_look_leaves_every_check_unknown_with_its_reason(kind: FailureKind, told: str) -> None:
    found = verdicts(world(server(OVER_SSH), host=Failure(kind, "")))
    assert {one.status for one in found} == {Status.UNKNOWN}
    assert all(told in one.reason["en"] for one in found)


def test_a_refused_method_is_told() -> None:
    other = replace(INSIDE, reference="lain", networks=ZONE_ELSEWHERE)
    both = replace(inventory(server(OVER_SSH)), authorizations=(AUTHORIZATION, other))
    run = make_world({**shown.host(PLACE), HOST_TASK: FACTS}, both).without([HOST_TASK])
    assert [(one.scanner, one.reason) for one in run.inputs.plan.skipped] == [("host", SkipReason.METHOD)]
    assert all("does not allow this method" in one.reason["en"] for one in verdicts(run))


ZONE_ELSEWHERE = (INVENTORY.zones[0].networks[0],)


def test_a_retired_server_that_is_silent_has_no_inside_to_judge() -> None:
    silent: Mapping[str, Facts | Failure] = {
        f"ports|{PLACE}|0|": {"ports.answered": False},
        HOST_TASK: Failure(FailureKind.UNREACHABLE, ""),
    }
    run = make_world(silent, inventory(server(OVER_SSH, state=State.RETIRED)))
    assert [one.presence for one in subjects(run)] == [Presence.ABSENT]


def test_what_could_not_be_read_says_why() -> None:
    unread: list[JSON] = [{"fact": "host.uid0_accounts", "reason": "needs root", "detail": "x"}]
    [found] = subjects(world(server(OVER_SSH), host={**FACTS, "host.unread": unread}))
    assert "as root" in found.unread["host.uid0_accounts"]["en"]
    assert "record: accounts" in found.unread["record.accounts"]["en"]
    assert found.unread["record.accepted"]["id"].endswith("record: admission: accepted")
    assert found.unread["record.leavers"]["id"].endswith(", leavers")


def test_the_look_inside_waits_for_no_other_and_is_short() -> None:
    run = world(server(OVER_SSH))
    task = run.evidence[HOST_TASK].task
    assert is_ready(task, {})
    assert limits_for(task, run.inputs.policy).timeout_seconds <= 180


@pytest.mark.parametrize(
    ("clock", "offset"),
    [
        ("2026-11-22T01:30:00Z", 0),
        ("2026-11-22T01:30:07Z", 0),
        ("2026-11-22T01:29:59Z", 0),
        ("2026-11-22T01:29:55Z", -4),
        ("2026-11-22T01:30:20Z", 10),
        ("2027-11-22T01:30:10Z", 365 * 86400),
    ],
)
def test_a_clock_differs_by_what_the_time_of_collecting_does_not_explain(clock: str, offset: int) -> None:
    row = world(server(OVER_SSH), host={**FACTS, "host.clock": clock}).evidence[HOST_TASK]
    took = replace(row, started_at=STARTED, finished_at=STARTED + timedelta(seconds=10))
    assert clock_offset(took) == {"host.clock_offset_seconds": offset}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def scanning(workspace: Workspace, run: World, opened: Opened) -> _Scanning:
    workspace.runs.create(run.run, run.inputs)
    pauses = Pauses(run.inputs.inventory, (), None)
    keys = {"audit-key": opened}
    return _Scanning(workspace, run.run, run.inputs, lambda _: None, None, keys, SYSTEM_CLOCK, pauses)


def jobs_after_ports(workspace: Workspace, run: World, opened: Opened) -> tuple[_Scanning, list[Job]]:
    """Return what is ordered once the ports of every server are known."""
    one = scanning(workspace, run, opened)
    found: list[Job] = []
    for job in one.first_jobs():
        ports = Observation("fake", "1", {}, run.evidence[job.task.id].facts)
        found.extend(one.on_done(Done(job, ports, STARTED, STARTED, 1.0)))
    return one, [job for job in found if job.task.scanner == "host"]


def test_a_key_travels_beside_the_task_and_stands_in_nothing_stored(workspace: Workspace) -> None:
    _, [job] = jobs_after_ports(workspace, everlasting(server(OVER_SSH)), Opened(b"SECRET"))
    assert job.secret == b"SECRET"
    assert "SECRET" not in repr(job)
    assert "problem" not in job.task.options


def test_why_a_key_cannot_be_opened_travels_with_the_task(workspace: Workspace) -> None:
    _, [job] = jobs_after_ports(workspace, everlasting(server(OVER_SSH)), Opened(problem="chmod 600 /key"))
    assert job.secret == b""
    assert job.task.options["problem"] == "chmod 600 /key"


def test_a_key_that_three_servers_refused_is_offered_to_no_other(workspace: Workspace) -> None:
    servers = [
        server(OVER_SSH, id=f"bkd-{number}", addresses=(ip_address(f"10.1.1.{number}"),))
        for number in range(20, 25)
    ]
    run = everlasting(*servers)
    one, jobs = jobs_after_ports(workspace, run, Opened(b"SECRET"))
    refused = Observation("asyncssh", "1", {}, {}, Failure(FailureKind.LOGIN_REFUSED, ""))
    for job in jobs[:3]:
        assert one.may_start(job)
        one.on_done(Done(job, refused, STARTED, STARTED, 1.0))
    assert [one.may_start(job) for job in jobs[3:]] == [False, False]
    rows = workspace.evidence.of_run(run.run.id)
    withheld = rows[jobs[4].task.id]
    assert withheld.failure is not None
    assert withheld.failure.kind is FailureKind.LOGIN_REFUSED
    assert "offered to no other" in withheld.failure.detail


def everlasting(*servers: Server) -> World:
    """Return a run of servers whose assignment holds today, whichever day that is."""
    answers: dict[str, Facts | Failure] = {}
    for one in servers:
        place = f"{one.id}|{one.addresses[0]}"
        answers |= {**shown.host(place), f"host|{place}|22|": FACTS}
    today = replace(INSIDE, valid_from=DAY.min, valid_until=DAY.max)
    return make_world(answers, replace(inventory(*servers), authorizations=(today,)))


def test_what_is_open_outside_and_unknown_inside_shows_on_the_host() -> None:
    listening: list[JSON] = [
        {"protocol": "tcp", "address": "*", "port": 22, "program": "sshd", "reach": "all"},
    ]
    answers = {
        **shown.host(PLACE, shown.service(22, "ssh"), shown.service(4444, None)),
        HOST_TASK: {**FACTS, "host.listening": listening},
        f"ssh|{PLACE}|22|": shown.ssh(),
        f"tls|{PLACE}|4444|": {"tls.spoken": False},
    }
    [found] = subjects(make_world(answers, inventory(server(OVER_SSH))))
    assert found.facts["host.ports_unknown_inside"] == [4444]
