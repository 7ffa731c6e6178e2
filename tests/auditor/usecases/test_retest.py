"""Measuring findings again: only what they need, by new evidence alone, and no more often than allowed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import Facts
from auditor.model.finding import FindingStatus
from auditor.model.operation import RetestRules
from auditor.model.policy import Reuse
from auditor.model.retest import RetestItem, RetestRecord, RetestResult
from auditor.model.run import RunKind, RunStatus
from auditor.model.schedule import Blackout
from auditor.model.subject import Subject
from auditor.model.verdict import Status
from auditor.store import schema
from auditor.store.records import RETEST
from auditor.store.results import ORGANIZATION, FindingRecord
from auditor.store.retests import record_digest
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.audit import alone, interrupted_run, stored_run
from auditor.usecases.earlier import earlier
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.reporting import judged_run
from auditor.usecases.retest import Wanted
from auditor.usecases.standing import standings
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.retesting import (
    LATER,
    RULES,
    SMALL,
    SMALL_INVENTORY,
    Servers,
    ask_again,
    audited,
)
from tests.auditor.usecases.world import (
    ANSWERS,
    AUTHORIZATION,
    DB,
    MAIL,
    SECOND_NAME,
    STARTED,
    WEB,
    Answers,
    audit_run,
)
from tests.controls.catalogue import shipped

SSH = f"ssh|{DB}|2222|"
FIXED_SSH: Answers = {**ANSWERS, SSH: shown.ssh()}
TIMEOUT = Failure(FailureKind.TIMEOUT, "after 900 s")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a workspace in which the government was audited once."""
    folder = tmp_path_factory.mktemp("audited") / "workspace"
    opened = open_workspace(folder)
    audited(opened)
    opened.engine.dispose()
    return folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Workspace]:
    """Return a copy of that workspace."""
    opened = open_workspace(shutil.copytree(template, tmp_path / "workspace"))
    yield opened
    opened.engine.dispose()


def finding(workspace: Workspace, check: str, port: int = 0, server_name: str = "") -> FindingRecord:
    """Return the one finding of a check at a port."""
    (found,) = (
        record
        for record in workspace.results.findings().values()
        if record.check == check
        and (Subject.from_key(record.subject).port, Subject.from_key(record.subject).server_name)
        == (port, server_name)
    )
    return found


def weak_cipher(workspace: Workspace) -> FindingRecord:
    return finding(workspace, "ssh-ciphers-strong", 2222)


def the_item(record: RetestRecord) -> RetestItem:
    (item,) = record.items
    return item


def test_what_was_mended_is_fixed_with_what_was_seen_before_and_after(workspace: Workspace) -> None:
    known = weak_cipher(workspace)
    record = ask_again(workspace, [known.id], FIXED_SSH)
    item = the_item(record)
    assert (item.finding, item.result, item.reason) == (known.id, RetestResult.FIXED, {})
    assert item.before is not None
    assert item.after is not None
    assert (item.before.run, item.before.status) == ("run-1", Status.FAIL)
    assert (item.after.run, item.after.status) == (record.run, Status.PASS)
    assert "aes128-cbc" in item.before.observed["id"]
    assert "aes128-cbc" not in item.after.observed["id"]
    assert item.before.rows
    fresh = {row.sequence: row.hash for row in workspace.evidence.of_run(record.run).values()}
    assert {(row.sequence, row.hash) for row in item.after.rows} <= set(fresh.items())
    after = workspace.results.findings()[known.id]
    assert (after.status, after.fixed_run) == (FindingStatus.FIXED, record.run)
    assert (after.first_seen, after.due) == (known.first_seen, known.due)


def test_only_what_the_finding_needs_is_asked(workspace: Workspace) -> None:
    servers = Servers(FIXED_SSH)
    ask_again(workspace, [weak_cipher(workspace).id], servers=servers)
    assert servers.ids == {f"ports|{DB}|0|", f"services|{DB}|0|", SSH}
    ports, services, ssh = servers.asked
    assert ports.options["ranges"] == [[22, 22], [80, 80], [111, 111], [443, 443], [2222, 2222]]
    assert services.options["ports"] == [2222]
    assert ssh.options.get("previous") is None


@pytest.mark.parametrize(
    ("check", "port", "name", "asked"),
    [
        ("tls-1-0-refused", 443, "", {f"tls|{WEB}|443|"}),
        ("http-vcs-absent", 443, SECOND_NAME, {f"http|{WEB}|443|{SECOND_NAME}"}),
        (
            "certificate-name-matches",
            443,
            SECOND_NAME,
            {f"tls|{WEB}|443|", f"certificates|{WEB}|443|{SECOND_NAME}"},
        ),
        ("redis-authentication-required", 6379, "", set()),
    ],
)
def test_the_way_to_each_kind_of_place_is_measured_and_nothing_else(
    workspace: Workspace, check: str, port: int, name: str, asked: set[str]
) -> None:
    servers = Servers(ANSWERS)
    known = finding(workspace, check, port, name)
    item = the_item(ask_again(workspace, [known.id], servers=servers))
    place = "|".join(Subject.from_key(known.subject).key.split("|")[1:3]).split("/")[0]
    assert servers.ids == {f"ports|{place}|0|", f"services|{place}|0|"} | asked
    assert item.result is RetestResult.FAILING
    assert item.after is not None
    assert item.before is not None
    assert item.after.observed == item.before.observed
    assert workspace.results.findings()[known.id].status in (FindingStatus.NEW, FindingStatus.OPEN)


def test_what_is_about_every_port_is_asked_at_every_port(workspace: Workspace) -> None:
    servers = Servers(ANSWERS)
    (known, *_) = (
        one for one in workspace.results.findings().values() if one.check == "network-ports-approved"
    )
    ask_again(workspace, [known.id], servers=servers)
    (ports,) = servers.asked
    assert ports.options["ranges"] == [[1, 10000]]


FAILURES: list[tuple[str, Facts | Failure]] = [
    (f"ports|{DB}|0|", Failure(FailureKind.UNREACHABLE, "no port answered")),
    (SSH, TIMEOUT),
    (SSH, {}),
]


@pytest.mark.parametrize(("task", "answer"), FAILURES)
def test_what_cannot_be_measured_stays_what_it_was(
    workspace: Workspace, task: str, answer: Facts | Failure
) -> None:
    known = weak_cipher(workspace)
    everything = workspace.results.findings()
    item = the_item(ask_again(workspace, [known.id], {**FIXED_SSH, task: answer}))
    assert item.result is RetestResult.NOT_MEASURABLE
    assert set(item.reason) == {"en", "id"}
    assert workspace.results.findings() == everything


def test_a_port_that_was_closed_while_its_machine_answers_is_fixed(workspace: Workspace) -> None:
    gone = {**ANSWERS, **shown.host(DB, shown.service(6380, "redis", tls=True))}
    known = weak_cipher(workspace)
    item = the_item(ask_again(workspace, [known.id], gone))
    assert item.result is RetestResult.FIXED
    assert item.after is not None
    assert item.after.status is Status.NOT_APPLICABLE
    assert item.reason["id"] == "objek temuan ini sudah tidak ada"
    assert [row.sequence for row in item.after.rows]
    assert workspace.results.findings()[known.id].status is FindingStatus.FIXED


def test_another_service_at_the_same_port_is_another_subject(workspace: Workspace) -> None:
    other = {**ANSWERS, **shown.host(DB, shown.service(2222, "redis", redis__unauthenticated=False))}
    item = the_item(ask_again(workspace, [weak_cipher(workspace).id], other))
    assert item.result is RetestResult.FIXED


def test_other_findings_of_the_server_are_left_as_they_are(workspace: Workspace) -> None:
    known = weak_cipher(workspace)
    before = workspace.results.findings()
    # Everything else at this server is mended too; nobody asked.
    ask_again(workspace, [known.id], {**FIXED_SSH, f"tls|{DB}|5432|": shown.tls()})
    after = workspace.results.findings()
    assert {key for key in after if after[key] != before.get(key)} == {known.id}


def test_a_retest_has_verdicts_of_its_places_alone_and_no_scorecard(workspace: Workspace) -> None:
    cards = workspace.results.scorecards("run-1")
    record = ask_again(workspace, [weak_cipher(workspace).id], FIXED_SSH)
    run = workspace.runs.get(record.run)
    assert run is not None
    assert (run.kind, run.status, run.scope) == (RunKind.RETEST, RunStatus.COMPLETE, ("bkd-db-01",))
    (verdict,) = workspace.results.verdicts(record.run)
    assert (verdict.check, verdict.status) == ("ssh-ciphers-strong", Status.PASS)
    assert workspace.results.scorecards(record.run) == {}
    assert workspace.results.scorecards("run-1") == cards
    assert ORGANIZATION in cards


def test_judging_a_retest_again_changes_nothing(workspace: Workspace) -> None:
    record = ask_again(workspace, [weak_cipher(workspace).id], FIXED_SSH)
    run = workspace.runs.get(record.run)
    assert run is not None
    before = workspace.results.findings(), workspace.results.verdicts(record.run)
    assess(workspace, run, workspace.runs.inputs(run.id), SMALL)
    assert (workspace.results.findings(), workspace.results.verdicts(record.run)) == before


def test_what_comes_back_after_a_retest_is_reopened_by_the_next_one(workspace: Workspace) -> None:
    known = weak_cipher(workspace)
    ask_again(workspace, [known.id], FIXED_SSH)
    item = the_item(ask_again(workspace, [known.id], ANSWERS, at=LATER + timedelta(hours=1)))
    assert item.result is RetestResult.FAILING
    assert item.before is not None
    assert item.before.status is Status.PASS
    assert workspace.results.findings()[known.id].status is FindingStatus.REOPENED


def test_all_open_findings_of_an_agency_or_a_server_can_be_named(workspace: Workspace) -> None:
    known = workspace.results.findings().values()
    record = ask_again(workspace, Wanted(opds=["bkd"]))
    assert set(record.wanted) == {one.id for one in known if one.opd == "bkd"}
    assert record.counts == {"bkd": date(2026, 11, 23)}
    record = ask_again(workspace, Wanted(servers=["dinkes-mail-01"]))
    assert {item.server for item in record.items} == {"dinkes-mail-01"}
    assert not record.count(RetestResult.FIXED)
    # What could not be measured in the audit cannot be measured now either, and is no finding.
    assert {item.result for item in record.items} == {RetestResult.FAILING}


def test_all_findings_at_once_fail_again_where_nothing_was_mended(workspace: Workspace) -> None:
    record = ask_again(workspace, list(workspace.results.findings()))
    odd = [(one.check, one.subject) for one in record.items if one.result is not RetestResult.FAILING]
    assert (odd, len(record.items)) == ([], len(workspace.results.findings()))


def test_a_finding_is_measured_only_so_often_in_a_day_of_its_agency(workspace: Workspace) -> None:
    known = weak_cipher(workspace)
    rules = replace(RULES, retests=RetestRules(per_finding_per_day=2, per_opd_per_day=20))
    midnight = datetime(2026, 11, 23, 17, tzinfo=UTC)  # 00:00 in Jakarta
    for at in (midnight - timedelta(hours=2), midnight - timedelta(hours=1)):
        ask_again(workspace, [known.id], at=at, rules=rules)
    with pytest.raises(UsageProblem, match="measured again 2 times today"):
        ask_again(workspace, [known.id], at=midnight - timedelta(minutes=1), rules=rules)
    record = ask_again(workspace, [known.id], at=midnight + timedelta(seconds=1), rules=rules)
    assert record.counts == {"bkd": date(2026, 11, 24)}


def test_an_agency_has_only_so_many_retests_in_a_day(workspace: Workspace) -> None:
    rules = replace(RULES, retests=RetestRules(per_finding_per_day=9, per_opd_per_day=1))
    mail = finding(workspace, "ftp-anonymous-refused", 21)
    ask_again(workspace, Wanted(opds=["bkd"]), rules=rules)
    with pytest.raises(UsageProblem, match="bkd had 1 re-tests today"):
        ask_again(workspace, [weak_cipher(workspace).id], rules=rules)
    # Another agency has its own count; of both, what may be measured is, and the rest is told.
    record = ask_again(workspace, [weak_cipher(workspace).id, mail.id], rules=rules)
    results = {item.opd: (item.result, item.reason.get("id", "")) for item in record.items}
    assert results["dinkes"] == (RetestResult.FAILING, "")
    assert results["bkd"][0] is RetestResult.NOT_MEASURABLE
    assert "sudah menjalani 1 kali uji ulang" in results["bkd"][1]
    assert record.wanted == (mail.id,)


def test_nothing_is_measured_in_a_blackout_of_the_agency(workspace: Workspace) -> None:
    rules = replace(RULES, blackouts=(Blackout("Pencairan gaji", opds=("bkd",)),))
    known = weak_cipher(workspace)
    with pytest.raises(UsageProblem, match="must not be measured now: Pencairan gaji"):
        ask_again(workspace, [known.id], rules=rules)
    assert workspace.retests.all() == ()
    assert [run.id for run in workspace.runs.all()] == ["run-1"]


def without(server: str) -> Inputs:
    opds = tuple(
        replace(opd, servers=tuple(one for one in opd.servers if one.id != server))
        for opd in SMALL_INVENTORY.opds
    )
    return Inputs(replace(SMALL_INVENTORY, opds=opds), RULES, SMALL)


def moved() -> Inputs:
    bkd = SMALL_INVENTORY.opds[0]
    web = replace(bkd.servers[0], addresses=(ip_address("10.1.0.99"),))
    opds = (replace(bkd, servers=(web, bkd.servers[1])), SMALL_INVENTORY.opds[1])
    return Inputs(replace(SMALL_INVENTORY, opds=opds), RULES, SMALL)


def renamed() -> Inputs:
    bkd = SMALL_INVENTORY.opds[0]
    web = replace(bkd.servers[0], hostnames=bkd.servers[0].hostnames[:1])
    opds = (replace(bkd, servers=(web, bkd.servers[1])), SMALL_INVENTORY.opds[1])
    return Inputs(replace(SMALL_INVENTORY, opds=opds), RULES, SMALL)


def unauthorized() -> Inputs:
    ended = replace(AUTHORIZATION, valid_until=date(2026, 11, 22))
    return Inputs(replace(SMALL_INVENTORY, authorizations=(ended,)), RULES, SMALL)


def ruled(**change: Any) -> Inputs:
    return Inputs(SMALL_INVENTORY, replace(RULES, **change), SMALL)


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (without("bkd-web-01"), "its server is not in the inventory any more"),
        (moved(), "this address does not belong to the server any more"),
        (renamed(), "this name is not registered for the server any more"),
        (unauthorized(), "the authorization has expired"),
        (ruled(disabled_checks={"http-vcs-absent": "trial"}), "its check is switched off"),
        (
            ruled(ports=replace(RULES.ports, never=frozenset({443}))),
            "the policy does not ask this port any more",
        ),
    ],
)
def test_what_an_audit_would_not_measure_is_not_measured_again_either(
    workspace: Workspace, inputs: Inputs, reason: str
) -> None:
    known = finding(workspace, "http-vcs-absent", 443, SECOND_NAME)
    with pytest.raises(UsageProblem, match=reason):
        ask_again(workspace, [known.id], inputs=inputs)
    assert workspace.results.findings()[known.id] == known


def test_a_method_that_is_forbidden_now_leaves_the_finding_open(workspace: Workspace) -> None:
    narrow = replace(AUTHORIZATION, methods=AUTHORIZATION.methods - {"ssh"})
    inputs = Inputs(replace(SMALL_INVENTORY, authorizations=(narrow,)), RULES, SMALL)
    without_ssh = {key: one for key, one in ANSWERS.items() if key != SSH} | {SSH: TIMEOUT}
    item = the_item(ask_again(workspace, [weak_cipher(workspace).id], without_ssh, inputs=inputs))
    assert item.result is RetestResult.NOT_MEASURABLE


def test_a_wrong_name_is_told_before_anything_is_measured(workspace: Workspace) -> None:
    for wanted in (["F-000000000000"], Wanted(opds=["bkdd"]), Wanted(servers=["bkd-web-1"])):
        with pytest.raises(UsageProblem):
            ask_again(workspace, wanted)
    assert workspace.retests.all() == ()


def test_the_kill_switch_and_another_audit_keep_a_retest_from_beginning(workspace: Workspace) -> None:
    known = weak_cipher(workspace)
    with alone(workspace), pytest.raises(UsageProblem, match="another audit is being measured"):
        ask_again(workspace, [known.id])
    workspace.kill_switch.touch()
    with pytest.raises(UsageProblem, match="kill switch"):
        ask_again(workspace, [known.id])
    assert workspace.retests.all() == ()


def test_a_retest_that_was_stopped_counts_and_changes_nothing(workspace: Workspace) -> None:
    known = weak_cipher(workspace)
    record = ask_again(workspace, [known.id], servers=Servers(FIXED_SSH, stop=True))
    assert record.stopped
    assert the_item(record).result is RetestResult.NOT_MEASURABLE
    assert workspace.results.findings()[known.id] == known
    rules = replace(RULES, retests=RetestRules(per_finding_per_day=1, per_opd_per_day=20))
    with pytest.raises(UsageProblem, match="measured again 1 times today"):
        ask_again(workspace, [known.id], FIXED_SSH, rules=rules)


class CutOffError(Exception):
    """Stands for the machine going down."""


def test_a_retest_that_was_cut_off_counts_and_changes_nothing(workspace: Workspace) -> None:
    known = weak_cipher(workspace)

    def going_down(*_: object, **__: object) -> RunStatus:
        raise CutOffError

    with pytest.raises(CutOffError):
        ask_again(workspace, [known.id], servers=going_down)
    (record,) = workspace.retests.all()
    assert (record.wanted, record.items, record.finished_at) == ((known.id,), (), None)
    assert workspace.results.findings()[known.id] == known
    # It is no audit that could be taken up again.
    with pytest.raises(UsageProblem, match="no interrupted audit"):
        interrupted_run(workspace, "")
    with pytest.raises(UsageProblem, match="re-test"):
        interrupted_run(workspace, record.run)


def test_the_record_is_signed_and_a_change_of_it_is_found(workspace: Workspace) -> None:
    record = ask_again(workspace, [weak_cipher(workspace).id], FIXED_SSH)
    assert record.digest == record_digest(record)
    assert workspace.retests.get(record.run) == record
    assert workspace.retests.all() == (record,)
    assert (record.asked.by, record.asked.reason) == ("Siti Aminah, S.Kom.", "Sudah diperbaiki.")
    assert record.head is not None
    assert (record.head.sequence, record.head.hash) == workspace.evidence.head()
    assert list(workspace.retests.verify()) == []
    forged = replace(record, asked=replace(record.asked, by="Orang Lain"))
    with workspace.engine.begin() as connection:
        connection.execute(update(schema.retests).values(content=RETEST.text(forged)))
    (problem,) = workspace.retests.verify()
    assert record.run in problem.problem


def test_the_newest_audit_stays_the_newest_audit(workspace: Workspace) -> None:
    record = ask_again(workspace, [weak_cipher(workspace).id], FIXED_SSH)
    for use in (stored_run, judged_run):
        assert use(workspace, "").id == "run-1"
        with pytest.raises(UsageProblem, match="is a re-test"):
            use(workspace, record.run)


def test_where_a_server_stands_follows_what_a_retest_decided_alone(workspace: Workspace) -> None:
    known = weak_cipher(workspace)

    def status() -> Status:
        verdicts = standings(workspace)["bkd-db-01"].verdicts
        return next(v.status for v in verdicts if (v.check, v.subject.key) == (known.check, known.subject))

    ask_again(workspace, [known.id], {**ANSWERS, SSH: TIMEOUT})
    assert status() is Status.FAIL
    ask_again(workspace, [known.id], FIXED_SSH)
    assert status() is Status.PASS


SHARED_KEY = {"certificate__spki_sha256": "5" * 64}
BOTH_SHARE: Answers = {
    **ANSWERS,
    f"certificates|{DB}|6380|": shown.certificate(**SHARED_KEY),
    f"certificates|{MAIL}|25|mail.example.go.id": shown.certificate(**SHARED_KEY),
}


def test_what_servers_share_is_compared_with_what_the_audit_saw_of_the_others(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "sharing")
    audited(workspace, BOTH_SHARE)
    known = finding(workspace, "certificate-key-unshared", 6380)
    mail = {**BOTH_SHARE, f"certificates|{MAIL}|25|mail.example.go.id": shown.certificate()}
    record = ask_again(workspace, [known.id], mail)
    # The other server was mended, but nobody measured it again.
    assert the_item(record).result is RetestResult.FAILING
    assert record.beside == ("run-1",)
    own = {**BOTH_SHARE, f"certificates|{DB}|6380|": shown.certificate()}
    assert the_item(ask_again(workspace, [known.id], own)).result is RetestResult.FIXED
    workspace.engine.dispose()


def test_the_next_audit_takes_over_nothing_from_before_a_retest(workspace: Workspace) -> None:
    ask_again(workspace, [weak_cipher(workspace).id], FIXED_SSH)
    run = audit_run("run-2", STARTED + timedelta(days=3), SMALL_INVENTORY)
    found = earlier(workspace, run, Reuse(30, 30), shipped().checks, run.started_at)
    assert found.evidence[SSH].run == workspace.retests.all()[0].run
    assert found.evidence[SSH].facts["ssh.ciphers"] == ["aes256-gcm@openssh.com"]
