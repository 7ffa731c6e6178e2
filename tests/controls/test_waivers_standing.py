"""What a waiver comes to on a day: every state, and what is told of one that is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.inventory import Category, Inventory, Kind, Opd, Organization, Server, Zone
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_scope import WaiverPart, missing_part, scope_contains, scopes_overlap
from auditor.model.waiver_standing import (
    Standing,
    Surroundings,
    WaiverRemark,
    WaiverState,
    in_force,
    standings,
)
from controls.waivers import covers
from tests.controls.catalogue import shipped
from tests.controls.fleets import POLICY
from tests.controls.test_waivers import WAIVER

DAY = date(2026, 11, 22)
SITE = "bkd.example.go.id"


def server(name: str, **more: Any) -> Server:
    values = {"addresses": (ip_address("10.0.0.1"),), "hostnames": (SITE, "layanan.example.go.id"), **more}
    return Server(name, "bkd", name, "dmz", Category.RENDAH, **values)


WEB = server("bkd-web-01", name_owners={"layanan.example.go.id": "dinkes"})
NAMED = server("bkd-web-02", addresses=(), hostnames=("arsip.example.go.id",))
DOMAIN = server("example.go.id", addresses=(), hostnames=("example.go.id",), kind=Kind.DOMAIN)
NETWORK = server("zone-dmz", addresses=(), hostnames=(), kind=Kind.ZONE)
INVENTORY = Inventory(
    Organization("Kabupaten Contoh", "Asia/Jakarta"),
    (),
    (Zone("dmz", "DMZ", True, (ip_network("10.0.0.0/24"),)),),
    (Opd("bkd", "BKD", (WEB, NAMED, DOMAIN, NETWORK)), Opd("dinkes", "Dinkes", ())),
)
CHECK, ON_HOST = "http-vcs-absent", "ssh-ciphers-strong"
MINE = replace(WAIVER, check=CHECK, opd="bkd", server="bkd-web-01", valid_until=DAY + timedelta(days=60))
PLACE = Subject(SubjectKind.HTTP, "bkd-web-01", "10.0.0.1", 443, server_name=SITE)
FAILS = (Verdict(CHECK, PLACE, Status.FAIL), "bkd")


def around(day: date = DAY, *unsettled: tuple[Verdict, str], **more: Any) -> Surroundings:
    scope = frozenset(one.id for one in INVENTORY.servers())
    values = {"run_scope": scope, "unsettled": unsettled or (FAILS,), **more}
    return Surroundings(day, POLICY.waivers, shipped().checks, values.pop("inventory", INVENTORY), **values)


def standing(waiver: Waiver, *others: Waiver, where: Surroundings | None = None) -> Standing:
    return standings((waiver, *others), where or around())[waiver.id]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, WaiverState.IN_FORCE),
        ({"status": WaiverStatus.REQUESTED, "approved_by": ""}, WaiverState.REQUESTED),
        ({"approved_by": ""}, WaiverState.REQUESTED),
        ({"status": WaiverStatus.REJECTED}, WaiverState.REJECTED),
        ({"status": WaiverStatus.REVOKED, "ended_on": DAY}, WaiverState.REVOKED),
        ({"status": WaiverStatus.REVOKED, "ended_on": DAY + timedelta(days=1)}, WaiverState.IN_FORCE),
        ({"valid_from": DAY + timedelta(days=1)}, WaiverState.NOT_YET),
        ({"valid_until": DAY - timedelta(days=1)}, WaiverState.EXPIRED),
        ({"approved_by": "KEPALA BIDANG APLIKASI"}, WaiverState.SELF_APPROVED),
        (
            {"status": WaiverStatus.REQUESTED, "approved_by": "KEPALA BIDANG APLIKASI"},
            WaiverState.SELF_APPROVED,
        ),
        ({"server": "bkd-web-09"}, WaiverState.ORPHANED),
        ({"server": "bkd-web-09", "valid_until": DAY - timedelta(days=1)}, WaiverState.EXPIRED),
        ({"server": "bkd-web-09", "status": WaiverStatus.REJECTED}, WaiverState.REJECTED),
    ],
)
def test_every_state(change: dict[str, Any], state: WaiverState) -> None:
    waiver = replace(MINE, **change)
    found = standing(waiver)
    assert found.state is state
    assert (found.days_left is None) is (state is not WaiverState.IN_FORCE)
    if state is not WaiverState.ORPHANED:
        assert in_force(waiver, DAY) is (state is WaiverState.IN_FORCE)


@pytest.mark.parametrize(
    ("days", "left", "told"),
    [(60, 60, False), (15, 15, False), (14, 14, True), (1, 1, True), (0, 0, True)],
)
def test_its_end_is_warned_of(days: int, left: int, told: bool) -> None:
    found = standing(replace(MINE, valid_until=DAY + timedelta(days=days)))
    assert found.days_left == left
    assert (WaiverRemark.ENDING in found.remarks) is told


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, None),
        ({"check": "no-such-check"}, WaiverPart.CHECK),
        ({"opd": "dishub"}, WaiverPart.OPD),
        ({"server": "bkd-web-09"}, WaiverPart.SERVER),
        ({"opd": "dinkes"}, None),
        ({"opd": "dinkes", "check": ON_HOST}, WaiverPart.SERVER),
        ({"opd": "dinkes", "server_name": "layanan.example.go.id"}, None),
        ({"opd": "bkd", "server_name": "layanan.example.go.id"}, WaiverPart.SERVER),
        ({"address": "10.0.0.1", "port": 443, "server_name": SITE}, None),
        ({"address": "10.0.0.9", "port": 443}, WaiverPart.ADDRESS),
        ({"address": "10.0.0.1", "port": 443, "server_name": "lama.example.go.id"}, WaiverPart.NAME),
        ({"server": "bkd-web-02", "address": "10.0.0.77", "port": 443}, None),
        ({"server": "example.go.id", "server_name": "example.go.id"}, None),
        ({"server": "zone-dmz", "server_name": "10.0.0.0/24"}, None),
        ({"server": "zone-dmz", "server_name": "10.9.0.0/24"}, WaiverPart.NAME),
        ({"server": ""}, None),
    ],
)
def test_what_names_something_that_left_is_orphaned(
    change: dict[str, Any], missing: WaiverPart | None
) -> None:
    waiver = replace(MINE, **change)
    assert missing_part(waiver, shipped().checks, INVENTORY) is missing
    found = standing(waiver)
    assert found.missing is missing
    assert (found.state is WaiverState.ORPHANED) is (missing is not None)


def verdict(status: Status, **change: Any) -> Verdict:
    return Verdict(CHECK, replace(PLACE, **change), status)


@pytest.mark.parametrize(
    ("unsettled", "idle"),
    [
        ((verdict(Status.FAIL), "bkd"), False),
        ((verdict(Status.UNKNOWN), "bkd"), False),
        ((verdict(Status.ERROR), "bkd"), False),
        ((verdict(Status.FAIL), ""), False),
        ((verdict(Status.FAIL), "dinkes"), True),
        ((verdict(Status.FAIL, port=8443), "bkd"), True),
        ((verdict(Status.UNKNOWN, port=0, server_name=""), "bkd"), False),
        ((verdict(Status.FAIL, address="10.0.0.2"), "bkd"), True),
        ((verdict(Status.FAIL, server="bkd-web-02"), "bkd"), True),
        ((replace(verdict(Status.FAIL), check=ON_HOST), "bkd"), True),
    ],
)
def test_one_that_nothing_fails_under_any_more_is_idle(unsettled: tuple[Verdict, str], idle: bool) -> None:
    waiver = replace(MINE, address="10.0.0.1", port=443, server_name=SITE)
    found = standing(waiver, where=around(DAY, unsettled))
    assert (WaiverRemark.IDLE in found.remarks) is idle


def test_nothing_is_called_idle_that_the_run_did_not_look_at() -> None:
    elsewhere = (verdict(Status.FAIL, server="bkd-web-02"), "bkd")
    for scope in (frozenset[str](), frozenset({"bkd-web-02"})):
        assert standing(MINE, where=around(DAY, elsewhere, run_scope=scope)).remarks == ()
    whole_opd = replace(MINE, server="")
    seen = around(DAY, (verdict(Status.FAIL, server="lain"), "lain"), run_scope=frozenset({"bkd-web-01"}))
    assert standing(whole_opd, where=seen).remarks == ()


def test_of_two_in_force_that_share_a_part_each_names_the_other() -> None:
    narrow = replace(MINE, id="W-3", address="10.0.0.1", port=443)
    other_port = replace(MINE, id="W-4", address="10.0.0.1", port=8443)
    expired = replace(MINE, id="W-5", valid_until=DAY - timedelta(days=1))
    found = standings((MINE, narrow, other_port, expired), around())
    assert found["W-2"].overlaps == ("W-3", "W-4")
    assert found["W-3"].overlaps == found["W-4"].overlaps == ("W-2",)
    assert WaiverRemark.OVERLAPPING in found["W-3"].remarks
    assert found["W-5"].overlaps == ()
    assert standing(MINE).overlaps == ()


SCOPES = st.builds(
    lambda check, opd, server, address, port, name: replace(
        WAIVER, check=check, opd=opd, server=server, address=address, port=port, server_name=name
    ),
    st.sampled_from((CHECK, ON_HOST)),
    st.sampled_from(("", "bkd", "dinkes")),
    st.sampled_from(("", "a", "b")),
    st.sampled_from(("", "10.0.0.1", "10.0.0.2")),
    st.sampled_from((0, 80, 443)),
    st.sampled_from(("", "x", "y")),
)


@given(SCOPES, SCOPES)
def test_scopes_that_hold_each_other_overlap_and_are_the_same(one: Waiver, other: Waiver) -> None:
    assert scope_contains(one, one)
    assert scopes_overlap(one, other) is scopes_overlap(other, one)
    if scope_contains(one, other):
        assert scopes_overlap(one, other)
        assert not scope_contains(other, one) or replace(one, id="") == replace(other, id="")


@given(
    SCOPES,
    SCOPES,
    st.sampled_from(("a", "b")),
    st.sampled_from(("10.0.0.1", "10.0.0.2")),
    st.sampled_from((80, 443)),
)
def test_scopes_overlap_where_a_verdict_lies_in_both(
    one: Waiver, other: Waiver, server_id: str, address: str, port: int
) -> None:
    found = [
        (covers(one, verdict, opd), covers(other, verdict, opd))
        for opd in ("bkd", "dinkes")
        for name in ("x", "y")
        for check in (CHECK, ON_HOST)
        for verdict in [
            Verdict(check, Subject(SubjectKind.HTTP, server_id, address, port, server_name=name), Status.FAIL)
        ]
    ]
    if (True, True) in found:
        assert scopes_overlap(one, other)
    if scope_contains(one, other):
        assert not any(second and not first for first, second in found)
