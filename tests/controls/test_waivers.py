"""An accepted risk covers what it names, on the days it names, and only when two people agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.decision import Decision, DecisionKind
from auditor.model.policy import WaiverRules, Width
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_scope import is_too_wide, width
from controls.decisions import fold
from controls.waivers import request_id, waiver_for, with_refused_approvals
from tests.controls.catalogue import shipped
from tests.controls.decided import approved

DAY = date(2026, 11, 22)
SITE = Subject(SubjectKind.TLS, "bkd-web-01", "10.0.0.1", 443, server_name="bkd.example.go.id")
FAILING = Verdict("tls-1-0-refused", SITE, Status.FAIL)
WAIVER = approved(DAY, DAY, id="W-2", opd="", server="", requested_by="Kepala Bidang Aplikasi")


def covers(waiver: Waiver, verdict: Verdict = FAILING, opd: str = "bkd", today: date = DAY) -> bool:
    return waiver_for(verdict, opd, [waiver], today) is not None


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({}, True),
        ({"check": "tls-1-1-refused"}, False),
        ({"opd": "bkd"}, True),
        ({"opd": "dinkes"}, False),
        ({"server": "bkd-web-01"}, True),
        ({"server": "bkd-web-02"}, False),
        ({"address": "10.0.0.1", "port": 443}, True),
        ({"address": "10.0.0.2", "port": 443}, False),
        ({"address": "10.0.0.1", "port": 8443}, False),
        ({"address": "10.0.0.1", "port": 443, "server_name": "bkd.example.go.id"}, True),
        ({"address": "10.0.0.1", "port": 443, "server_name": "lain.example.go.id"}, False),
    ],
)
def test_a_waiver_covers_what_it_names(scope: dict[str, Any], covered: bool) -> None:
    assert covers(replace(WAIVER, **scope)) is covered


def test_whose_a_verdict_is_decides_and_not_whose_the_server_is() -> None:
    shared = replace(WAIVER, opd="dinkes", server="bkd-web-01")
    assert covers(shared, opd="dinkes")
    assert not covers(shared, opd="bkd")


@pytest.mark.parametrize(("days", "covered"), [(-1, False), (0, True), (1, True), (2, True), (3, False)])
def test_both_its_days_are_included(days: int, covered: bool) -> None:
    waiver = replace(WAIVER, valid_until=DAY + timedelta(days=2))
    assert covers(waiver, today=DAY + timedelta(days=days)) is covered


@pytest.mark.parametrize("approver", ["Kepala Bidang Aplikasi", "Drs. KEPALA  bidang aplikasi, M.Kom.", ""])
def test_nobody_accepts_a_risk_of_their_own_nor_alone(approver: str) -> None:
    assert not covers(replace(WAIVER, approved_by=approver))


@pytest.mark.parametrize("status", [WaiverStatus.REQUESTED, WaiverStatus.REJECTED])
def test_what_was_not_approved_covers_nothing(status: WaiverStatus) -> None:
    assert not covers(replace(WAIVER, status=status))


@pytest.mark.parametrize(("days", "covered"), [(0, True), (1, True), (2, False), (3, False)])
def test_what_is_revoked_covers_nothing_from_that_day_on(days: int, covered: bool) -> None:
    whole = replace(WAIVER, valid_until=DAY + timedelta(days=9))
    revoked = replace(whole, status=WaiverStatus.REVOKED, ended_on=DAY + timedelta(days=2))
    assert covers(revoked, today=DAY + timedelta(days=days)) is covered
    assert not covers(replace(revoked, ended_on=None), today=DAY + timedelta(days=days))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.FAIL])
def test_only_a_failure_can_be_accepted(status: Status) -> None:
    assert not covers(WAIVER, replace(FAILING, status=status))


@given(st.permutations(["W-1", "W-2", "W-3"]), st.sampled_from(["W-1", "W-2", "W-3"]))
def test_of_several_the_one_that_ends_last_is_named_and_then_the_first_by_id(
    ids: list[str], longest: str
) -> None:
    alike = [replace(WAIVER, id=one) for one in ids]
    assert (found := waiver_for(FAILING, "bkd", alike, DAY)) is not None
    assert found.id == "W-1"
    longer = [replace(w, valid_until=DAY + timedelta(days=w.id == longest)) for w in alike]
    assert (found := waiver_for(FAILING, "bkd", longer, DAY)) is not None
    assert found.id == longest


@pytest.mark.parametrize(
    ("kind", "scope", "expected"),
    [
        (SubjectKind.TLS, {}, Width.OPD),
        (SubjectKind.TLS, {"server": "s"}, Width.SERVER),
        (SubjectKind.TLS, {"server": "s", "address": "10.0.0.1"}, Width.SERVER),
        (SubjectKind.TLS, {"server": "s", "address": "10.0.0.1", "port": 443}, Width.ENDPOINT),
        (SubjectKind.ADDRESS, {"server": "s"}, Width.SERVER),
        (SubjectKind.ADDRESS, {"server": "s", "address": "10.0.0.1"}, Width.ENDPOINT),
        (SubjectKind.DOMAIN, {}, Width.OPD),
        (SubjectKind.DOMAIN, {"server": "bkd.go.id"}, Width.ENDPOINT),
        (SubjectKind.NETWORK, {"server": "zone-dmz"}, Width.ENDPOINT),
    ],
)
def test_how_wide_a_waiver_reaches(kind: SubjectKind, scope: dict[str, Any], expected: Width) -> None:
    assert width(replace(WAIVER, opd="bkd", **scope), kind) is expected


@pytest.mark.parametrize("widest", Width)
def test_too_broad_is_whatever_reaches_wider_than_the_policy_lets_its_severity(widest: Width) -> None:
    check = shipped().checks["tls-1-0-refused"]
    rules = WaiverRules(180, 14, dict.fromkeys(Severity, Width.OPD) | {check.severity: widest})
    scopes: list[dict[str, Any]] = [
        {"server": "s", "address": "10.0.0.1", "port": 443},
        {"server": "s"},
        {},
    ]
    found = [is_too_wide(replace(WAIVER, opd="bkd", **scope), check, rules) for scope in scopes]
    assert found == [number > list(Width).index(widest) for number in range(3)]


def entry(kind: DecisionKind, by: str, content: Waiver | None = None) -> Decision:
    return Decision(kind, WAIVER.id, by, DAY, "", content, "op", datetime(2026, 11, 22, tzinfo=UTC))


def test_an_approval_by_the_requester_is_told_and_gives_nothing() -> None:
    """Even where somebody wrote it into the log past the commands."""
    asked = replace(WAIVER, status=WaiverStatus.REQUESTED, approved_by="", approved_on=None)
    log = [
        entry(DecisionKind.WAIVER_REQUESTED, asked.requested_by, asked),
        entry(DecisionKind.WAIVER_APPROVED, "KEPALA BIDANG APLIKASI"),
    ]
    (told,) = with_refused_approvals(fold(log).waivers, log)
    assert told.approved_by == "KEPALA BIDANG APLIKASI"
    assert not covers(told)
    later = [*log, entry(DecisionKind.WAIVER_APPROVED, "Kepala Dinas")]
    (approved,) = with_refused_approvals(fold(later).waivers, later)
    assert approved.approved_by == "Kepala Dinas"
    assert covers(approved)


def test_an_id_is_made_of_all_that_is_asked_for() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"check": "tls-1-1-refused"},
        {"opd": "bkd"},
        {"server": "s"},
        {"address": "10.0.0.1"},
        {"port": 443},
        {"server_name": "a"},
        {"reason": "b"},
        {"compensating_control": "c"},
        {"requested_by": "d"},
        {"requested_on": DAY + timedelta(days=1)},
        {"valid_from": DAY + timedelta(days=1)},
        {"valid_until": DAY + timedelta(days=1)},
    ]
    ids = [request_id(replace(WAIVER, **change)) for change in changes]
    assert len(set(ids)) == len(changes)
    assert request_id(replace(WAIVER, id="", status=WaiverStatus.REQUESTED)) == ids[0]
    assert all(len(one) == 10 and one.startswith("W-") for one in ids)
