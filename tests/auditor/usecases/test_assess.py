"""Judging a stored run: what is stored is the same however often and in whatever order it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import text

from auditor.model.decision import DecisionKind, Decisions
from auditor.model.evidence import Evidence, Observation
from auditor.model.finding import FindingStatus
from auditor.model.inventory import DeclaredService
from auditor.model.plan import SkipReason
from auditor.model.run import RunStatus
from auditor.model.verdict import Status
from auditor.model.waiver import Waiver
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess, judge_run, known_facts
from controls.loading import Catalogue
from controls.reasons import NOT_MEASURED, SKIPS
from tests.auditor.usecases.world import (
    ANSWERS,
    AUTHORIZATION,
    BKD,
    DAY,
    INVENTORY,
    STARTED,
    WEB,
    World,
    audit_run,
    make_world,
)
from tests.controls.catalogue import shipped
from tests.controls.decided import approved, attestation, entry

KINDS = (
    "network-ports-approved",
    "tls-1-0-refused",
    "certificate-trusted",
    "ssh-ciphers-strong",
    "http-vcs-absent",
)
SMALL = replace(shipped(), checks={name: shipped().checks[name] for name in KINDS})
"""One check of each kind of subject but one, so that judging is quick."""
WORLD = make_world()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def store(workspace: Workspace, world: World) -> None:
    """Store a world's run and its evidence."""
    workspace.runs.create(world.run, world.inputs)
    for one in world.evidence.values():
        append(workspace, world, one)


def append(workspace: Workspace, world: World, one: Evidence) -> None:
    timing = Timing(one.started_at, one.finished_at, one.duration_seconds)
    observed = Observation(one.tool, one.tool_version, one.settings, one.facts, one.failure)
    workspace.evidence.append(world.run.id, one.task, timing, observed)


def stored(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return every row of what was decided, but for the time at which it was."""
    queries = (
        'SELECT run, "check", subject, status, content FROM verdicts ORDER BY 1, 2, 3',
        "SELECT * FROM scorecards ORDER BY 1, 2",
        "SELECT * FROM findings ORDER BY 1",
        "SELECT finding, run, status FROM finding_events ORDER BY 1, 2",
    )
    with workspace.engine.connect() as connection:
        return [tuple(row) for query in queries for row in connection.execute(text(query))]


def judge(workspace: Workspace, run_id: str, catalogue: Catalogue = SMALL) -> None:
    run = workspace.runs.get(run_id)
    assert run is not None
    assess(workspace, run, workspace.runs.inputs(run_id), catalogue)


def test_judging_a_stored_run_again_changes_no_byte(workspace: Workspace) -> None:
    store(workspace, WORLD)
    judge(workspace, "run-1")
    first = stored(workspace)
    assert first
    judge(workspace, "run-1")
    assert stored(workspace) == first
    assert [*workspace.evidence.verify(), *workspace.heads.verify()] == []


def test_the_order_in_which_evidence_came_in_is_irrelevant(workspace: Workspace, tmp_path: Path) -> None:
    store(workspace, WORLD)
    judge(workspace, "run-1")
    other = open_workspace(tmp_path / "other")
    backwards = dict(reversed(list(WORLD.evidence.items())))
    store(other, replace(WORLD, evidence=backwards))
    judge(other, "run-1")

    def without_row_numbers(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
        return [row[:4] for row in rows]

    assert without_row_numbers(stored(other)) == without_row_numbers(stored(workspace))
    cards = workspace.results.scorecards("run-1")
    assert other.results.scorecards("run-1") == cards
    other.engine.dispose()


def test_what_is_stored_is_what_was_judged(workspace: Workspace) -> None:
    store(workspace, WORLD)
    judge(workspace, "run-1")
    evidence = workspace.evidence.of_run("run-1")
    again = judge_run(WORLD.run, WORLD.inputs, SMALL, evidence)
    assert sorted(again.verdicts, key=lambda one: (one.check, one.subject.key)) == list(
        workspace.results.verdicts("run-1")
    )
    assert workspace.results.scorecards("run-1") == again.scorecards
    assert set(again.scorecards) == {"", "bkd", "dinkes"}


def test_every_verdict_names_the_rows_it_rests_on(workspace: Workspace) -> None:
    store(workspace, WORLD)
    judge(workspace, "run-1")
    rows = {one.sequence: one for one in workspace.evidence.of_run("run-1").values()}
    for verdict in workspace.results.verdicts("run-1"):
        if verdict.status in (Status.PASS, Status.FAIL):
            assert verdict.evidence
        for sequence in verdict.evidence:
            task = rows[sequence].task
            assert (task.server, task.address) == (verdict.subject.server, verdict.subject.address)
            assert task.port in (0, verdict.subject.port)


def test_a_run_s_inputs_come_back_as_they_were(workspace: Workspace) -> None:
    store(workspace, WORLD)
    assert workspace.runs.inputs("run-1") == WORLD.inputs
    assert workspace.runs.get("run-1") == replace(WORLD.run, finished_at=None)
    workspace.runs.set_status("run-1", WORLD.run.status, WORLD.run.finished_at)
    assert workspace.runs.all() == (WORLD.run,)
    assert workspace.runs.latest(RunStatus.COLLECTED) == WORLD.run
    assert workspace.runs.latest(RunStatus.STOPPED) is None
    with pytest.raises(KeyError):
        workspace.runs.inputs("run-9")


def test_a_judged_run_is_complete_but_a_stopped_one_stays_stopped(workspace: Workspace) -> None:
    store(workspace, WORLD)
    workspace.runs.set_status("run-1", RunStatus.STOPPED)
    judge(workspace, "run-1")
    run = workspace.runs.get("run-1")
    assert run is not None
    assert run.status is RunStatus.STOPPED
    workspace.runs.set_status("run-1", RunStatus.COLLECTED, WORLD.run.finished_at)
    judge(workspace, "run-1")
    run = workspace.runs.get("run-1")
    assert run is not None
    assert (run.status, run.finished_at) == (RunStatus.COMPLETE, WORLD.run.finished_at)


def test_an_interrupted_run_ends_like_one_that_was_not(workspace: Workspace, tmp_path: Path) -> None:
    rows = list(WORLD.evidence.values())
    workspace.runs.create(WORLD.run, WORLD.inputs)
    for one in rows[:9]:
        append(workspace, WORLD, one)
    judge(workspace, "run-1")
    for one in rows:
        append(workspace, WORLD, one)
    judge(workspace, "run-1")
    whole = open_workspace(tmp_path / "whole")
    store(whole, WORLD)
    judge(whole, "run-1")
    assert stored(workspace) == stored(whole)
    whole.engine.dispose()


def later_world(day: int, run_id: str) -> World:
    """Return the same servers another day, with TLS 1.0 switched off."""
    at = WORLD.run.started_at + timedelta(days=day)
    tls = f"tls|{WEB}|443|"
    facts = ANSWERS[tls]
    assert isinstance(facts, dict)
    mended = {**ANSWERS, tls: {**facts, "tls.tls_1_0": False}}
    return make_world(mended, run=audit_run(run_id, at))


def test_the_next_run_compares_with_the_one_before(workspace: Workspace) -> None:
    store(workspace, WORLD)
    judge(workspace, "run-1")
    later = later_world(1, "run-2")
    store(workspace, later)
    judge(workspace, "run-2")
    before = workspace.results.previous("run-2", later.run.started_at)
    assert set(before) == {"", "bkd", "dinkes"}
    assert before["bkd"].run == "run-1"
    assert before["bkd"].floor == workspace.results.scorecards("run-1")["bkd"].score.floor
    assert before["bkd"].floor < workspace.results.scorecards("run-2")["bkd"].score.floor
    assert workspace.results.previous("run-1", WORLD.run.started_at) == {}
    mended = next(one for one in workspace.results.findings().values() if one.check == "tls-1-0-refused")
    assert (mended.status, mended.first_run, mended.fixed_run) == (FindingStatus.FIXED, "run-1", "run-2")


def test_an_audit_of_other_servers_is_no_yardstick(workspace: Workspace) -> None:
    store(workspace, WORLD)
    judge(workspace, "run-1")
    later = later_world(1, "run-2")
    part = replace(later.run, scope=WORLD.run.scope[:1])
    store(workspace, replace(later, run=part))
    assert workspace.results.previous("run-2", part.started_at) == {}


def waiver(first: date, last: date) -> Waiver:
    return approved(first, last, server="bkd-web-01")


LOCAL_MIDNIGHT = datetime(2026, 11, 21, 17, tzinfo=UTC)
"""Where 22 November begins in Jakarta."""


@pytest.mark.parametrize(
    ("at", "first", "last", "in_force"),
    [
        (LOCAL_MIDNIGHT, DAY, DAY, True),
        (LOCAL_MIDNIGHT + timedelta(days=1, seconds=-1), DAY, DAY, True),
        (LOCAL_MIDNIGHT - timedelta(seconds=1), DAY, DAY, False),
        (LOCAL_MIDNIGHT + timedelta(days=1), DAY, DAY, False),
    ],
)
def test_an_exception_holds_on_its_local_days_and_never_moves_the_score(
    at: datetime, first: date, last: date, in_force: bool
) -> None:
    run = replace(WORLD.run, started_at=at)
    without = judge_run(run, WORLD.inputs, SMALL, WORLD.evidence)
    found = judge_run(run, WORLD.inputs, SMALL, WORLD.evidence, Decisions(waivers=(waiver(first, last),)))
    assert found.verdicts == without.verdicts
    for opd, card in found.scorecards.items():
        plain = without.scorecards[opd]
        assert (card.score, card.grade) == (plain.score, plain.grade)
        assert sum((*card.findings.values(), *card.accepted.values())) == sum(plain.findings.values())
    waived, plain = found.scorecards["bkd"], without.scorecards["bkd"]
    assert (waived.score_with_waivers.floor > plain.score_with_waivers.floor) is in_force
    assert (waived == plain) is not in_force
    assert found.scorecards["dinkes"] == without.scorecards["dinkes"]


@pytest.mark.parametrize("changes", [{"valid_until": DAY + timedelta(days=181)}, {"server": ""}])
def test_an_exception_beyond_the_policy_of_the_run_covers_nothing(changes: dict[str, object]) -> None:
    sound = waiver(DAY, DAY)
    for one, accepted in ((sound, True), (replace(sound, **changes), False)):
        decided = Decisions(waivers=(one,))
        found = judge_run(WORLD.run, WORLD.inputs, SMALL, WORLD.evidence, decided)
        assert bool(sum(found.scorecards["bkd"].accepted.values())) is accepted


def test_what_is_written_down_later_leaves_an_earlier_audit_alone(workspace: Workspace) -> None:
    store(workspace, WORLD)
    answer = attestation("A.5.1", opd="bkd", on=DAY - timedelta(days=30))
    for days, answered in ((1, False), (0, True)):
        late = replace(entry(DecisionKind.ATTESTED, answer.id, answer), at=STARTED + timedelta(days=days))
        workspace.decisions.append([late])
        card = assess(workspace, WORLD.run, WORLD.inputs, SMALL).scorecards["bkd"]
        result = next(one for one in card.controls["2022"] if one.control == "A.5.1")
        assert (result.attested is not None) is answered


def test_an_answer_holds_no_longer_than_the_policy_of_the_run_says() -> None:
    answer = attestation("A.5.1", opd="bkd", on=DAY, until=DAY + timedelta(days=3000))
    for days, expected in ((365, True), (366, False)):
        run = replace(WORLD.run, started_at=STARTED + timedelta(days=days))
        decided = Decisions(attestations=(answer,))
        card = judge_run(run, WORLD.inputs, SMALL, WORLD.evidence, decided).scorecards["bkd"]
        found = next(one.attested for one in card.controls["2022"] if one.control == "A.5.1")
        assert found is not None
        assert (found.answer is not None) is expected


def test_what_was_not_measured_tells_why() -> None:
    only_ssh = replace(AUTHORIZATION, methods=frozenset({"ports", "ssh"}))
    inventory = replace(INVENTORY, authorizations=(only_ssh,))
    world = make_world(inventory=inventory)
    refused = {
        key: one for key, one in world.evidence.items() if one.task.scanner in ("ports", "services", "ssh")
    }
    found = judge_run(world.run, world.inputs, SMALL, refused)

    def reasons(server: str, check: str) -> set[str]:
        chosen = (one for one in found.verdicts if (one.subject.server, one.check) == (server, check))
        return {one.reason.get("en", "") for one in chosen if one.status is Status.UNKNOWN}

    method = SKIPS[SkipReason.METHOD]["en"]
    assert reasons("bkd-web-01", "tls-1-0-refused") == {method}
    assert reasons("bkd-web-01", "certificate-trusted") == {method}
    assert reasons("bkd-web-01", "http-vcs-absent") == {method}
    assert reasons("bkd-web-01", "ssh-ciphers-strong") == set()
    outside = SKIPS[SkipReason.NO_AUTHORIZATION]["en"]
    assert {reason for check in KINDS for reason in reasons("dinkes-outside-01", check)} == {outside}
    unresolved = SKIPS[SkipReason.UNRESOLVED]["en"]
    assert {reason for check in KINDS for reason in reasons("dinkes-name-01", check)} == {unresolved}
    silent = {reason for check in KINDS for reason in reasons("dinkes-silent-01", check)}
    assert silent == {"cannot be reached (no port answered)"}


def test_a_method_refused_at_one_address_is_no_reason_at_another() -> None:
    wide = replace(AUTHORIZATION, networks=(ip_network("10.1.1.0/24"),))
    narrow = replace(AUTHORIZATION, networks=(ip_network("10.1.0.0/24"),), methods=frozenset({"ports"}))
    world = make_world(inventory=replace(INVENTORY, authorizations=(wide, narrow)))
    evidence = {key: one for key, one in world.evidence.items() if one.task.scanner == "ports"}
    found = judge_run(world.run, world.inputs, SMALL, evidence)
    reasons = {
        one.subject.address: one.reason["en"] for one in found.verdicts if one.check == "tls-1-0-refused"
    }
    assert reasons["10.1.0.10"] == SKIPS[SkipReason.METHOD]["en"]
    assert reasons["10.1.1.10"] == NOT_MEASURED["en"]


def test_what_the_inventory_knows_is_always_at_hand() -> None:
    services = (DeclaredService(8443, "tcp", "https"), DeclaredService(53, "udp", "dns"))
    server = replace(BKD.servers[0], services=services, roles=("web", "linux", "unheard-of"))
    inventory = replace(INVENTORY, opds=(replace(BKD, servers=(server, BKD.servers[1])),))
    assert known_facts(inventory, WORLD.inputs.policy, server.id) == {
        "server.roles": ["web", "linux", "unheard-of"],
        "server.zone": "dmz",
        "server.zone_public": True,
        "server.category": "tinggi",
        "server.hostnames": ["bkd.example.go.id", "layanan.example.go.id"],
        "server.approved_ports": [22, 80, 443, 8443],
        "server.status": "active",
        "vantage.zone": "",
        "vantage.public": False,
        "vantage.inside": True,
    }
    outside = known_facts(replace(inventory, vantage="lan"), WORLD.inputs.policy, server.id)
    assert (outside["vantage.zone"], outside["vantage.inside"]) == ("lan", False)


def test_what_a_zone_may_reach_narrows_what_is_approved() -> None:
    inventory = replace(INVENTORY, vantage="lan")
    narrow = replace(WORLD.inputs.policy, reachable_from={"lan": frozenset({443, 9999}), "dmz": frozenset()})
    assert known_facts(inventory, narrow, "bkd-web-01")["server.approved_ports"] == [443]
    assert known_facts(INVENTORY, narrow, "bkd-web-01")["server.approved_ports"] == [22, 80, 443]
    inside = known_facts(inventory, WORLD.inputs.policy, "bkd-db-01")
    assert inside["server.zone_public"] is False
    assert inside["server.approved_ports"] == [3306, 5432]
