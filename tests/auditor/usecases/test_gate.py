"""Servers held against the gate with what is stored of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, FailureKind
from auditor.model.finding import finding_id
from auditor.model.gate import Admission, GateReason, ServerGate
from auditor.model.inventory import Inventory, State
from auditor.model.operation import AdmissionRules
from auditor.model.run import AuditRun, RunKind
from auditor.model.subject import Subject
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.gate import gates
from auditor.usecases.inputs import Inputs
from auditor.usecases.standing import standings
from auditor.usecases.waive import Request, approve, request
from auditor.usecases.waive_scope import Wish
from tests.auditor.usecases import trying
from tests.auditor.usecases.trying import GIT, MONDAY, SSH, TLS, audited, desk, noon
from tests.auditor.usecases.waiving import WANTED, judged
from tests.auditor.usecases.world import ANSWERS, BKD, DB, DINKES, INVENTORY, Answers, audit_run, make_world

SILENT = Failure(FailureKind.UNREACHABLE, "no port answered")
BLACKOUT = Failure(FailureKind.BLACKOUT, "gajian")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "work")


def by_id(workspace: Workspace, day: date, inputs: Inputs | None = None) -> dict[str, ServerGate]:
    return {one.server: one for one in gates(workspace, inputs or trying.inputs(), noon(day))}


def told(found: ServerGate) -> set[tuple[GateReason, str]]:
    return {(one.reason, one.detail) for one in found.reasons}


def without(place: str, why: Failure) -> Answers:
    """Return the answers of a night on which a server said nothing."""
    kept = {task: answer for task, answer in ANSWERS.items() if f"|{place}|" not in task}
    return {**kept, f"ports|{place}|0|": why}


def night_run(day: date) -> AuditRun:
    return audit_run(f"run-{day:%m%d}-audit", trying.evening(day))


def with_bkd(**changes: object) -> Inventory:
    web = replace(BKD.servers[0], **changes)  # type: ignore[arg-type]
    return replace(INVENTORY, opds=(replace(BKD, servers=(web, BKD.servers[1])), DINKES))


def test_before_any_audit_nobody_is_admitted(workspace: Workspace) -> None:
    found = by_id(workspace, MONDAY)
    assert {told(one).pop() for one in found.values()} == {(GateReason.NEVER_MEASURED, "")}
    assert list(found) == [server.id for server in INVENTORY.servers()]


def test_each_server_has_its_reasons(workspace: Workspace) -> None:
    audited(workspace, MONDAY)
    found = by_id(workspace, MONDAY + timedelta(days=1))
    web = found["bkd-web-01"]
    assert (web.decision, web.run) == (Admission.NOT_YET, "run-1123-audit")
    assert told(web) == {
        (GateReason.FAILING, "http-vcs-absent"),
        (GateReason.FAILING_MILDER, "tls-1-0-refused"),
    }
    failing = next(one for one in web.reasons if one.detail == "http-vcs-absent")
    assert failing.finding == finding_id("http-vcs-absent", Subject.from_key(failing.subject))
    assert failing.due == MONDAY + timedelta(days=3)
    assert (GateReason.FAILING_MILDER, "ssh-ciphers-strong") in told(found["bkd-db-01"])
    assert found["dinkes-old-01"].decision is Admission.ADMIT
    assert told(found["dinkes-silent-01"]) == {(GateReason.NEVER_MEASURED, "")}


def test_what_is_mended_and_measured_again_lets_a_server_in(workspace: Workspace) -> None:
    audited(workspace, MONDAY)
    audited(workspace, MONDAY + timedelta(days=1), GIT, TLS)
    assert by_id(workspace, MONDAY + timedelta(days=2))["bkd-web-01"].decision is Admission.ADMIT


def test_a_silent_night_excuses_no_failure(workspace: Workspace) -> None:
    audited(workspace, MONDAY)
    audited(workspace, MONDAY + timedelta(days=1), answers=without("bkd-web-01|10.1.0.10", SILENT))
    web = by_id(workspace, MONDAY + timedelta(days=2))["bkd-web-01"]
    assert (web.decision, web.run) == (Admission.NOT_YET, "run-1124-audit")
    assert told(web) == {
        (GateReason.NEVER_MEASURED, ""),
        (GateReason.FAILING, "http-vcs-absent"),
        (GateReason.FAILING_MILDER, "tls-1-0-refused"),
    }


@pytest.mark.parametrize("cut", [True, False], ids=["cut", "blackout"])
def test_a_night_on_which_nobody_looked_leaves_a_server_where_it_stood(
    workspace: Workspace, cut: bool
) -> None:
    audited(workspace, MONDAY, GIT, TLS)
    night = make_world(
        without("bkd-web-01|10.1.0.10", BLACKOUT), INVENTORY, night_run(MONDAY + timedelta(days=1))
    )
    judged(workspace, night.without(["ports|bkd-web-01|10.1.0.10|0|"]) if cut else night)
    web = by_id(workspace, MONDAY + timedelta(days=2))["bkd-web-01"]
    assert (web.decision, web.run) == (Admission.ADMIT, "run-1123-audit")
    old = by_id(workspace, MONDAY + timedelta(days=9))["bkd-web-01"]
    assert told(old) == {(GateReason.TOO_OLD, "9")}


def test_where_nobody_ever_looked_the_newest_audit_is_told(workspace: Workspace) -> None:
    never = without("bkd-web-01|10.1.0.10", BLACKOUT)
    audited(workspace, MONDAY, answers=never)
    audited(workspace, MONDAY + timedelta(days=1), answers=never)
    standing = standings(workspace)["bkd-web-01"]
    assert (standing.run.id, standing.measured) == ("run-1124-audit", False)


def test_a_medium_failure_past_its_deadline_stays_a_condition_and_a_high_one_keeps_out(
    workspace: Workspace,
) -> None:
    audited(workspace, MONDAY, GIT)
    late = MONDAY + timedelta(days=31)
    audited(workspace, late, GIT)
    found = by_id(workspace, late + timedelta(days=1))
    assert told(found["bkd-web-01"]) == {(GateReason.OVERDUE, "tls-1-0-refused")}
    assert found["bkd-web-01"].decision is Admission.NOT_YET
    assert (GateReason.FAILING_MILDER, "ssh-ciphers-strong") in told(found["bkd-db-01"])


def test_a_deadline_passes_at_midnight_where_the_agency_is(workspace: Workspace) -> None:
    east = replace(INVENTORY, opds=(replace(BKD, timezone="Asia/Jayapura"), DINKES))
    audited(workspace, MONDAY, GIT, inventory=east)
    # 22.00 in Jakarta is past midnight in Jayapura: due there on 24 + 14 = 8 December.
    audited(workspace, MONDAY + timedelta(days=14), GIT, inventory=east)

    def reason(at: datetime) -> GateReason:
        (found,) = gates(workspace, trying.inputs(east), at, ["bkd-web-01"])
        return found.reasons[0].reason

    midnight = datetime.fromisoformat("2026-12-09T00:00:00+09:00")
    assert reason(midnight - timedelta(seconds=1)) is GateReason.FAILING_MILDER
    assert reason(midnight) is GateReason.OVERDUE


def test_an_accepted_risk_is_a_condition_as_long_as_it_is_accepted(workspace: Workspace) -> None:
    audited(workspace, MONDAY, TLS)
    asking = desk(workspace, MONDAY + timedelta(days=1))
    until = MONDAY + timedelta(days=5)
    wish = Wish(check="http-vcs-absent", opd="bkd", server="bkd-web-01", address="10.1.0.10", port=443)
    asked = request(
        asking, Request(wish, WANTED.reason, WANTED.compensating_control, "Siti Aminah", None, until)
    )
    deciding = desk(workspace, MONDAY + timedelta(days=1))
    approve(deciding, asked.waiver.id, "Budi Santoso")
    web = by_id(workspace, until)["bkd-web-01"]
    assert (web.decision, told(web)) == (Admission.CONDITIONS, {(GateReason.ACCEPTED, "http-vcs-absent")})
    assert web.reasons[0].due == until
    after = by_id(workspace, until + timedelta(days=1))["bkd-web-01"]
    assert told(after) == {(GateReason.FAILING, "http-vcs-absent")}


def test_a_server_that_stands_at_another_address_now_was_not_measured_there(workspace: Workspace) -> None:
    audited(workspace, MONDAY, GIT, TLS)
    moved = trying.inputs(with_bkd(addresses=(ip_address("10.1.0.77"),)))
    web = by_id(workspace, MONDAY + timedelta(days=1), moved)["bkd-web-01"]
    assert (GateReason.NEVER_MEASURED, "10.1.0.77") in told(web)


def test_a_retired_server_stands_in_no_room(workspace: Workspace) -> None:
    audited(workspace, MONDAY)
    retired = trying.inputs(with_bkd(state=State.RETIRED))
    assert "bkd-web-01" not in by_id(workspace, MONDAY, retired)
    with pytest.raises(UsageProblem, match="bkd-web-01 is no server that could stand"):
        gates(workspace, retired, noon(MONDAY), ["bkd-web-01"])


def test_a_check_that_the_policy_switches_off_counts_no_more(workspace: Workspace) -> None:
    audited(workspace, MONDAY, TLS)
    inputs = trying.inputs()
    off = replace(inputs.policy, disabled_checks={"http-vcs-absent": "Diperiksa dengan cara lain"})
    found = by_id(workspace, MONDAY + timedelta(days=1), replace(inputs, policy=off))
    assert found["bkd-web-01"].decision is Admission.ADMIT


def test_the_rules_are_those_of_the_policy_as_it_is_now(workspace: Workspace) -> None:
    audited(workspace, MONDAY, GIT, TLS)
    inputs = trying.inputs()
    strict = replace(inputs.policy, admission=AdmissionRules(refuse_from=AdmissionRules().condition_from))
    found = by_id(workspace, MONDAY + timedelta(days=1), replace(inputs, policy=strict))
    assert (GateReason.FAILING, "ssh-ciphers-strong") in told(found["bkd-db-01"])


def test_an_admission_of_one_server_leaves_the_others_where_they_stood(workspace: Workspace) -> None:
    audited(workspace, MONDAY)
    only_web = replace(INVENTORY, opds=(replace(BKD, servers=(BKD.servers[0],)),))
    audited(
        workspace,
        MONDAY + timedelta(days=1),
        GIT,
        TLS,
        inventory=only_web,
        kind=RunKind.ADMISSION,
    )
    found = by_id(workspace, MONDAY + timedelta(days=2))
    assert found["bkd-web-01"].run == "run-1124-admission"
    assert found["bkd-web-01"].decision is Admission.ADMIT
    assert found["bkd-db-01"].run == "run-1123-audit"


def test_coverage_below_what_is_needed_keeps_a_server_out(workspace: Workspace) -> None:
    half = {**ANSWERS, SSH: SILENT, f"tls|{DB}|5432|": SILENT, f"tls|{DB}|6380|": SILENT}
    audited(workspace, MONDAY, answers=half)
    db = by_id(workspace, MONDAY + timedelta(days=1))["bkd-db-01"]
    assert any(one.reason is GateReason.LOW_COVERAGE for one in db.reasons)
    assert db.decision is Admission.NOT_YET
