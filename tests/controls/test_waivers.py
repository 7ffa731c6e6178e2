"""An accepted risk covers what it names, on the days it names, and only when two people agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver
from controls.waivers import waiver_for

DAY = date(2026, 11, 22)
FAILING = Verdict("tls-1-0-refused", Subject(SubjectKind.TLS, "bkd-web-01", "10.0.0.1", 443), Status.FAIL)
WAIVER = Waiver(
    id="W-2",
    check="tls-1-0-refused",
    opd="",
    server="",
    address="",
    port=0,
    reason="old scanners of the archive until they are replaced",
    compensating_control="reachable from the archive's network only",
    requested_by="Kepala Bidang Aplikasi",
    approved_by="Kepala Dinas",
    valid_from=DAY,
    valid_until=DAY,
)


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
    ],
)
def test_a_waiver_covers_what_it_names(scope: dict[str, Any], covered: bool) -> None:
    assert covers(replace(WAIVER, **scope)) is covered


@pytest.mark.parametrize(("days", "covered"), [(-1, False), (0, True), (1, True), (2, True), (3, False)])
def test_both_its_days_are_included(days: int, covered: bool) -> None:
    waiver = replace(WAIVER, valid_until=DAY + timedelta(days=2))
    assert covers(waiver, today=DAY + timedelta(days=days)) is covered


def test_nobody_accepts_a_risk_of_his_own() -> None:
    assert not covers(replace(WAIVER, approved_by=WAIVER.requested_by))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.FAIL])
def test_only_a_failure_can_be_accepted(status: Status) -> None:
    assert not covers(WAIVER, replace(FAILING, status=status))


@given(st.permutations(["W-1", "W-2", "W-3"]))
def test_of_several_the_first_by_id_is_named(ids: list[str]) -> None:
    found = waiver_for(FAILING, "bkd", [replace(WAIVER, id=one) for one in ids], DAY)
    assert found is not None
    assert found.id == "W-1"
