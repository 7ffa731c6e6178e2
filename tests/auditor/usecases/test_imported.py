"""Reports of other tools: handed in once, taken over where nobody measured, judged like other evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from auditor.inventory.shape import METHODS
from auditor.model.document import DocumentError
from auditor.model.evidence import Evidence, Failure, FailureKind, Observation
from auditor.model.imported import ImportKind
from auditor.model.inventory import Inventory, Server, State
from auditor.model.plan import IMPORTED_LOOK
from auditor.model.run import AuditRun, RunStatus
from auditor.model.verdict import Status, Verdict
from auditor.store.evidence import Timing
from auditor.store.records import SCORECARD, VERDICT
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import judge_run
from auditor.usecases.audit import with_reports
from auditor.usecases.calendar import local_day
from auditor.usecases.errors import UsageProblem
from auditor.usecases.imported import with_imported
from auditor.usecases.importing import Desk, Handed, import_inside, import_network
from auditor.usecases.planning import Selection, build_plan
from auditor.usecases.scan import scan
from tests.auditor.usecases.judging import only_became_unknown, verdicts_of
from tests.auditor.usecases.world import AUTHORIZATION, BKD, INVENTORY, World, audit_run, policy, server
from tests.controls.catalogue import shipped
from tests.scanners.imported.reports import lynis_report, nmap_host, nmap_xml, recorded, xccdf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVERYWHERE = replace(AUTHORIZATION, methods=frozenset(METHODS))
ALL_PORTS = "1-65535"


def inventory(*servers: Server, vantage: str = "") -> Inventory:
    """Return an agency with these servers, whose inside may be looked at."""
    return replace(
        INVENTORY, authorizations=(EVERYWHERE,), opds=(replace(BKD, servers=servers),), vantage=vantage
    )


WEB = server(10, "bkd-web-01")
DB = server(10, "bkd-db-01", zone="lan")
TWO = inventory(WEB, DB)
ADDRESS = "10.1.0.10"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


Hand = Callable[..., Handed]


@pytest.fixture
def hand(workspace: Workspace, tmp_path: Path) -> Hand:
    """Return a way to hand in bytes as a file."""

    def handed(
        kind: str,
        content: bytes,
        server_id: str = "",
        at: Inventory = TWO,
        now: datetime = NOW,
        zone: str = "",
    ) -> Handed:
        path = tmp_path / "report"
        path.write_bytes(content)
        desk = Desk(workspace, at, now)
        if kind == "nmap":
            return import_network(desk, path, zone)
        return import_inside(desk, ImportKind(kind), path, server_id)

    return handed


def begun(workspace: Workspace, at: Inventory = TWO, now: datetime = NOW) -> tuple[AuditRun, RunInputs]:
    """Return a run that has begun, with its plan."""
    plan = build_plan(at, policy(), Selection(), local_day(now, at.organization))
    inputs = with_reports(workspace, RunInputs(at, policy(), plan), now)
    run = replace(
        audit_run(f"run-{len(workspace.runs.all())}", now, at), status=RunStatus.RUNNING, finished_at=None
    )
    workspace.runs.create(run, inputs)
    return run, inputs


def judged(workspace: Workspace, run: AuditRun, inputs: RunInputs) -> dict[str, list[Verdict]]:
    """Return check → verdicts of a run."""
    found: dict[str, list[Verdict]] = {}
    evidence = with_imported(workspace.evidence.of_run(run.id))
    for one in verdicts_of(World(run, inputs, evidence)):
        found.setdefault(one.check, []).append(one)
    return found


def taken(workspace: Workspace, at: Inventory = TWO, now: datetime = NOW) -> dict[str, list[Verdict]]:
    """Return check → verdicts of a run that measures nothing."""
    run, inputs = begun(workspace, at, now)
    assert scan(workspace, run, inputs, lambda: False, imported_only=True) is RunStatus.COLLECTED
    return judged(workspace, run, inputs)


def rows(workspace: Workspace, run: str = "run-0") -> dict[str, Evidence]:
    return workspace.evidence.of_run(run)


def of(found: list[Verdict], server_id: str) -> Verdict:
    [one] = [verdict for verdict in found if verdict.subject.server == server_id]
    return one


def test_a_scan_of_nmap_becomes_evidence_that_is_judged(workspace: Workspace, hand: Hand) -> None:
    hand("nmap", nmap_xml(nmap_host(ADDRESS, 23, 80), ports=ALL_PORTS))
    found = taken(workspace)
    services = [one for one in found["database-access-restricted"] if one.subject.server == WEB.id]
    assert [one.subject.port for one in services] == [23, 80]
    [row] = rows(workspace).values()
    assert (row.task.id, row.task.look) == (f"ports|bkd-web-01|{ADDRESS}|0||3", IMPORTED_LOOK)
    assert (row.tool, row.tool_version) == ("nmap", "7.93")
    assert row.started_at == datetime.fromtimestamp(1795340001, UTC)
    told = row.settings["imported"]
    assert isinstance(told, dict)
    assert told["at"] == NOW.isoformat()
    assert told["narrow"] is False
    assert of(found["network-ports-approved"], WEB.id).status is Status.FAIL


def test_what_version_detection_said_of_a_port_is_taken_too(workspace: Workspace, hand: Hand) -> None:
    named = '<state state="open"/><service name="telnet" method="probed"/>'
    telnet = f'<port protocol="tcp" portid="23">{named}</port>'
    host = nmap_host(ADDRESS).replace("</ports>", f"{telnet}</ports>")
    hand("nmap", nmap_xml(host, ports=ALL_PORTS))
    assert of(taken(workspace)["network-telnet-absent"], WEB.id).status is Status.FAIL
    assert {one.task.scanner for one in rows(workspace).values()} == {"ports", "services"}


def test_a_scan_of_few_ports_shows_faults_and_proves_no_absence(workspace: Workspace, hand: Hand) -> None:
    hand("nmap", nmap_xml(nmap_host(ADDRESS, 23), ports="22,23"))
    found = taken(workspace)
    for check in ("network-telnet-absent", "network-ports-approved"):
        assert of(found[check], WEB.id).status is Status.FAIL
    verdict = of(found["network-rpcbind-absent"], WEB.id)
    assert (verdict.status, verdict.reason["en"][:13]) == (Status.UNKNOWN, "the port scan")


def test_who_is_not_registered_or_not_authorized_is_told_and_not_stored(
    workspace: Workspace, hand: Hand
) -> None:
    outside = replace(server(13, "bkd-outside-01"), addresses=(ip_address("192.168.7.7"),))
    hosts = [nmap_host(one, 22) for one in ("10.1.0.99", "192.168.7.7", ADDRESS)]
    at = inventory(WEB, outside)
    handed = hand("nmap", nmap_xml(*hosts), at=at)
    assert handed.left_out == {
        "10.1.0.99": "not registered",
        "192.168.7.7": "no authorization covers this address",
    }
    assert [one.task.server for one in workspace.imports.all()] == [WEB.id]


def test_a_scan_of_strangers_alone_is_refused_whole(workspace: Workspace, hand: Hand) -> None:
    with pytest.raises(DocumentError) as caught:
        hand("nmap", nmap_xml(nmap_host("10.1.0.99", 22)))
    assert "10.1.0.99: not registered" in str(caught.value)
    assert workspace.imports.all() == ()


def test_the_same_file_again_changes_nothing(workspace: Workspace, hand: Hand) -> None:
    first = hand("lynis", recorded("lynis-debian-11.dat"), DB.id)
    before = workspace.imports.all()
    again = hand("lynis", recorded("lynis-debian-11.dat"), DB.id, now=NOW + timedelta(days=1))
    assert (len(first.added), len(again.added), len(again.known)) == (1, 0, 1)
    assert workspace.imports.all() == before
    assert len(hand("lynis", recorded("lynis-debian-11.dat"), WEB.id).added) == 1


def test_reports_about_the_inside_are_judged_and_where_there_is_none_nothing_is(
    workspace: Workspace, hand: Hand
) -> None:
    hand("lynis", recorded("lynis-debian-11.dat"), DB.id)
    hand("openscap", recorded("openscap-debian-11.xml.xz"), DB.id)
    found = taken(workspace)
    assert of(found["lynis-warnings-absent"], DB.id).status is Status.FAIL
    assert "PKGS-7388" in of(found["lynis-warnings-absent"], DB.id).observed["en"]
    assert of(found["lynis-packages-sound"], DB.id).status is Status.PASS
    assert of(found["openscap-rules-pass"], DB.id).status is Status.FAIL
    for check in ("lynis-warnings-absent", "lynis-packages-sound", "openscap-rules-pass"):
        assert of(found[check], WEB.id).status is Status.NOT_APPLICABLE
        assert shipped().checks[check].confidence == "inferred"
    # Nobody looked inside, and that is what all other checks say.
    others = [one for check in found for one in found[check] if check.startswith(("sshd-", "accounts-"))]
    assert {one.status for one in others} == {Status.UNKNOWN}
    assert all("auditor host-access" in one.reason["en"] for one in others)


def test_content_of_another_release_is_unknown_and_not_a_pass(workspace: Workspace, hand: Hand) -> None:
    handed = hand("openscap", recorded("openscap-other-release.xml.xz"), DB.id)
    assert handed.added[0].failure is not None
    verdict = of(taken(workspace)["openscap-rules-pass"], DB.id)
    assert verdict.status is Status.UNKNOWN
    assert verdict.reason["en"] == (
        "the report proves nothing (all 24 rules are for another system than this one)"
    )


def test_the_newest_report_counts_and_an_old_one_leaves_its_checks_open(
    workspace: Workspace, hand: Hand
) -> None:
    new = lynis_report(start="2026-11-21 10:00:00", end="2026-11-21 10:03:00")
    hand("lynis", new, DB.id)
    hand("lynis", lynis_report("warning[]=A-1|x|-|-|"), DB.id)
    assert of(taken(workspace)["lynis-warnings-absent"], DB.id).status is Status.PASS
    later = of(taken(workspace, now=NOW + timedelta(days=31))["lynis-warnings-absent"], DB.id)
    assert later.status is Status.UNKNOWN
    assert "too old" in later.reason["en"]


def test_an_old_port_scan_is_not_taken_over(workspace: Workspace, hand: Hand) -> None:
    hand("nmap", nmap_xml(nmap_host(ADDRESS, 23), ports=ALL_PORTS))
    taken(workspace, now=NOW + timedelta(days=29))
    assert len(rows(workspace)) == 1
    taken(workspace, now=NOW + timedelta(days=31))
    assert rows(workspace, "run-1") == {}


def test_a_report_from_the_future_is_refused(workspace: Workspace, hand: Hand) -> None:
    soon = lynis_report(start="2026-11-22 20:00:00", end="2026-11-22 20:03:00")
    hand("lynis", soon, DB.id)
    [entry] = workspace.imports.all()
    # The clock may be that of the easternmost zone; nothing is stored as measured after it was handed in.
    assert entry.finished_at == NOW
    for kind, content in (
        ("nmap", nmap_xml(nmap_host(ADDRESS, 22))),
        ("lynis", recorded("lynis-debian-11.dat")),
        ("openscap", xccdf(("a", "pass"))),
    ):
        with pytest.raises(DocumentError, match="in the future"):
            hand(kind, content, DB.id, now=NOW - timedelta(days=9))
    assert len(workspace.imports.all()) == 1


def test_a_scan_from_another_zone_is_kept_for_a_scanner_that_stands_there(
    workspace: Workspace, hand: Hand
) -> None:
    from_lan = inventory(WEB, DB, vantage="lan")
    hand("nmap", nmap_xml(nmap_host(ADDRESS, 23), ports=ALL_PORTS), at=from_lan, zone="dmz")
    taken(workspace, from_lan)
    assert rows(workspace) == {}
    taken(workspace, inventory(WEB, DB, vantage="dmz"))
    assert len(rows(workspace, "run-1")) == 1
    with pytest.raises(UsageProblem, match="no zone named mars"):
        hand("nmap", nmap_xml(nmap_host(ADDRESS, 23)), zone="mars")


@pytest.mark.parametrize(
    ("first", "is_taken"),
    [
        (Observation("nmap", "7.93", {}, {}, Failure(FailureKind.TIMEOUT, "")), True),
        (
            Observation(
                "nmap", "7.93", {}, {"ports.answered": False}, Failure(FailureKind.UNREACHABLE, "silent")
            ),
            True,
        ),
        (Observation("nmap", "7.93", {}, {"ports.answered": True, "ports.open": []}), False),
    ],
)
def test_a_report_fills_what_measuring_left_open_and_nothing_else(
    workspace: Workspace, hand: Hand, first: Observation, is_taken: bool
) -> None:
    hand("nmap", nmap_xml(nmap_host(ADDRESS, 23), ports=ALL_PORTS))
    run, inputs = begun(workspace)
    ports = next(one for one in inputs.plan.tasks if one.address == ADDRESS)
    workspace.evidence.append(run.id, ports, Timing(NOW, NOW, 1.0), first)
    scan(workspace, run, inputs, lambda: False, imported_only=True)
    assert any(one.task.look == IMPORTED_LOOK for one in rows(workspace).values()) is is_taken
    telnet = of(judged(workspace, run, inputs)["network-telnet-absent"], WEB.id)
    assert telnet.status is (Status.FAIL if is_taken else Status.PASS)


def test_that_a_retired_server_is_silent_is_no_gap(workspace: Workspace, hand: Hand) -> None:
    retired = inventory(replace(WEB, state=State.RETIRED))
    hand("nmap", nmap_xml(nmap_host(ADDRESS, 23), ports=ALL_PORTS), at=retired)
    run, inputs = begun(workspace, retired)
    silent = Observation("nmap", "7.93", {}, {"ports.answered": False}, Failure(FailureKind.UNREACHABLE, ""))
    workspace.evidence.append(run.id, inputs.plan.tasks[0], Timing(NOW, NOW, 1.0), silent)
    scan(workspace, run, inputs, lambda: False, imported_only=True)
    assert len(rows(workspace)) == 1


def test_after_reports_were_taken_over_nothing_is_measured_any_more(workspace: Workspace, hand: Hand) -> None:
    hand("lynis", lynis_report(), DB.id)
    run, inputs = begun(workspace)
    scan(workspace, run, inputs, lambda: False, imported_only=True)
    before = rows(workspace)
    assert scan(workspace, run, inputs, lambda: False) is RunStatus.COLLECTED
    assert rows(workspace) == before


def everything(workspace: Workspace, hand: Hand) -> tuple[AuditRun, RunInputs, dict[str, Evidence]]:
    hosts = (nmap_host(ADDRESS, 23, 443), nmap_host("10.1.1.10", 5432))
    hand("nmap", nmap_xml(*hosts, ports=ALL_PORTS))
    for server_id in (WEB.id, DB.id):
        hand("lynis", recorded("lynis-debian-11.dat"), server_id)
        hand("openscap", recorded("openscap-debian-11.xml.xz"), server_id)
    run, inputs = begun(workspace)
    scan(workspace, run, inputs, lambda: False, imported_only=True)
    return run, inputs, rows(workspace)


def test_losing_what_was_taken_over_turns_verdicts_to_unknown_only(workspace: Workspace, hand: Hand) -> None:
    run, inputs, evidence = everything(workspace, hand)
    assert len(evidence) == 6
    whole = judge_run(run, inputs, shipped(), evidence)
    for lost in evidence:
        less = {key: one for key, one in evidence.items() if key != lost}
        damaged = judge_run(run, inputs, shipped(), less)
        assert only_became_unknown(whole.verdicts, damaged.verdicts), lost
        for opd, card in damaged.scorecards.items():
            assert card.score.floor <= whole.scorecards[opd].score.floor
            assert card.score.coverage <= whole.scorecards[opd].score.coverage
    whole_world = World(run, inputs, with_imported(evidence))
    before = verdicts_of(whole_world)
    for key, row in whole_world.evidence.items():
        for name in row.facts:
            less = {fact: value for fact, value in row.facts.items() if fact != name}
            assert only_became_unknown(before, verdicts_of(whole_world.with_facts(key, less))), name


def test_judging_again_gives_the_same_bytes_whatever_is_handed_in_later(
    workspace: Workspace, hand: Hand
) -> None:
    run, inputs, evidence = everything(workspace, hand)
    first = judge_run(run, inputs, shipped(), evidence)
    hand("lynis", lynis_report(start="2026-11-22 18:00:00", end="2026-11-22 18:03:00"), DB.id)
    stored = workspace.runs.inputs(run.id)
    again = judge_run(run, stored, shipped(), dict(reversed(rows(workspace).items())))
    assert [VERDICT.text(one) for one in first.verdicts] == [VERDICT.text(one) for one in again.verdicts]
    assert [SCORECARD.text(one) for one in first.scorecards.values()] == [
        SCORECARD.text(one) for one in again.scorecards.values()
    ]


def test_a_server_that_nobody_may_look_into_takes_no_report_about_its_inside(
    workspace: Workspace, hand: Hand
) -> None:
    closed = replace(TWO, authorizations=(AUTHORIZATION,))
    with pytest.raises(UsageProblem, match="does not allow this method"):
        hand("lynis", lynis_report(), DB.id, at=closed)
    with pytest.raises(UsageProblem, match="no server named bkd-db-02"):
        hand("lynis", lynis_report(), "bkd-db-02")
    assert workspace.imports.all() == ()


def test_a_report_that_names_another_machine_is_taken_with_a_warning(
    workspace: Workspace, hand: Hand
) -> None:
    assert hand("lynis", lynis_report(), DB.id).remarks == (
        "the machine calls itself arsip; make sure that it is bkd-db-01",
    )
    named = replace(DB, hostnames=("arsip.example.go.id",))
    assert hand("lynis", lynis_report(), DB.id, at=inventory(WEB, named)).remarks == ()


def test_a_damaged_file_is_located_and_stores_nothing(
    workspace: Workspace, hand: Hand, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError) as caught:
        hand("openscap", b"<Benchmark>\n<a></b></Benchmark>", DB.id)
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == (str(tmp_path / "report"), 2)
    assert workspace.imports.all() == ()


def test_what_unknown_services_answered_is_not_kept(workspace: Workspace, hand: Hand) -> None:
    port = (
        '<port protocol="tcp" portid="9"><state state="open"/><service name="x" servicefp="rahasia"/></port>'
    )
    hand("nmap", nmap_xml(nmap_host(ADDRESS).replace("</ports>", f"{port}</ports>")))
    [entry] = workspace.imports.all()
    kept = workspace.imports.file(entry.raw)
    assert kept is not None
    assert b"rahasia" not in kept


def test_changes_to_what_was_handed_in_are_found_and_never_taken_over(
    workspace: Workspace, hand: Hand
) -> None:
    hand("lynis", lynis_report(), DB.id)
    assert [*workspace.imports.verify()] == []
    [entry] = workspace.imports.all()
    file = workspace.folder / "raw" / entry.raw[:2] / entry.raw
    file.write_bytes(file.read_bytes() + b"warning[]=X|y|-|-|\n")
    assert [one.problem for one in workspace.imports.verify()] == [
        f"the file of the import of {entry.file[:12]} for {entry.task.id} was changed or is gone"
    ]
    assert of(taken(workspace)["lynis-warnings-absent"], DB.id).status is Status.UNKNOWN
    assert rows(workspace) == {}


@pytest.mark.parametrize("statement", ["UPDATE imports SET row = row", "DELETE FROM imports"])
def test_the_database_refuses_to_change_what_was_handed_in(
    workspace: Workspace, hand: Hand, statement: str
) -> None:
    hand("lynis", lynis_report(), DB.id)
    with pytest.raises(IntegrityError, match="append-only"), workspace.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_entry_that_was_rewritten_behind_our_back_is_found(workspace: Workspace, hand: Hand) -> None:
    hand("lynis", lynis_report("hardening_index=12"), DB.id)
    with workspace.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER imports_no_update"))
        [(row,)] = connection.execute(text("SELECT row FROM imports")).all()
        better = json.loads(row) | {"facts": {**json.loads(row)["facts"], "lynis.hardening_index": 99}}
        connection.execute(text("UPDATE imports SET row = :row"), {"row": json.dumps(better)})
    assert [one.problem[-11:] for one in workspace.imports.verify()] == ["was changed"]
