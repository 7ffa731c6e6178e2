"""What a card tells of the exceptions that touch an OPD, on the day of its audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from auditor.model.report import ReportData
from auditor.model.waiver import Waiver, WaiverStatus
from reports.view.context import make_context
from reports.view.exceptions import WaiverView, touches, waiver_views
from tests.controls.catalogue import shipped
from tests.reports.sample import report_data

DATA = replace(report_data(), checks=shipped().checks)
WAIVER = next(iter(DATA.waivers.values()))
DAY = DATA.run.started_at.date()
PEOPLE = f"requested by {WAIVER.requested_by}"
APPROVED = f"{PEOPLE}, approved by {WAIVER.approved_by}"


def card(*waivers: Waiver, opd: str = "dinkes", data: ReportData = DATA) -> list[WaiverView]:
    given = replace(data, waivers={one.id: one for one in waivers})
    return list(waiver_views(make_context(given, "en", "2022"), opd))


@pytest.mark.parametrize(
    ("change", "state", "people"),
    [
        ({}, "in force; 26 days left", APPROVED),
        (
            {"valid_until": DAY + timedelta(days=1)},
            "in force; 1 day left; fix the cause in time, or request anew",
            APPROVED,
        ),
        ({"valid_until": DAY}, "in force; ends today; fix the cause in time, or request anew", APPROVED),
        ({"valid_until": DAY - timedelta(days=1)}, "expired", APPROVED),
        ({"valid_from": DAY + timedelta(days=1)}, "approved, not in force yet", APPROVED),
        ({"status": WaiverStatus.REQUESTED, "approved_by": ""}, "requested, not approved yet", PEOPLE),
        (
            {
                "status": WaiverStatus.REVOKED,
                "ended_by": "Budi",
                "ended_on": DAY,
                "ended_reason": "sudah diganti",
            },
            "revoked",
            f"{APPROVED}; ended by Budi on 5 October 2026: sudah diganti",
        ),
        (
            {
                "status": WaiverStatus.REJECTED,
                "approved_by": "",
                "ended_by": "Budi",
                "ended_on": DAY,
                "ended_reason": "terlalu lama",
            },
            "rejected",
            f"{PEOPLE}; ended by Budi on 5 October 2026: terlalu lama",
        ),
        (
            {"approved_by": WAIVER.requested_by},
            "approved by whoever requested it: never in force",
            f"{PEOPLE}, approved by {WAIVER.requested_by}",
        ),
        (
            {"server": "dinkes-99"},
            "covers nothing any more; its server is no longer registered for this OPD",
            APPROVED,
        ),
        ({"check": "no-such-check"}, "covers nothing any more; its check is no longer in force", APPROVED),
        (
            {"check": "tls-1-3-offered"},
            "in force; 26 days left; nothing that it covers fails any more: it can be revoked",
            APPROVED,
        ),
    ],
)
def test_every_state_is_told_in_words(change: dict[str, Any], state: str, people: str) -> None:
    (view,) = card(replace(WAIVER, **change))
    assert (view.state, view.people) == (state, people)
    assert view.active is state.startswith("in force")
    assert view.compensating_control == WAIVER.compensating_control


def test_two_that_cover_a_part_of_the_same_name_each_other() -> None:
    narrow = replace(WAIVER, id="W-narrow", valid_until=WAIVER.valid_until + timedelta(days=1), port=443)
    first, second = card(WAIVER, narrow)
    assert first.state.endswith("another covers a part of the same: W-narrow")
    assert second.state.endswith(f"another covers a part of the same: {WAIVER.id}")


def test_the_day_is_the_local_one_on_which_the_audit_began() -> None:
    ends_with = replace(WAIVER, valid_until=date(2026, 10, 5))
    for hours, active in ((0, True), (24, False)):
        later = replace(DATA.run, started_at=DATA.run.started_at + timedelta(hours=hours), finished_at=None)
        (view,) = card(ends_with, data=replace(DATA, run=later))
        assert view.active is active


def test_those_in_force_come_first_and_what_ends_soonest_on_top() -> None:
    expired = replace(WAIVER, id="W-a", valid_until=DAY - timedelta(days=1))
    late, soon = replace(WAIVER, id="W-b"), replace(WAIVER, id="W-c", valid_until=DAY)
    assert [view.id for view in card(expired, late, soon)] == ["W-c", "W-b", "W-a"]


def test_a_waiver_touches_its_own_opd_even_when_its_server_is_gone_and_no_other() -> None:
    gone = replace(WAIVER, server="dinkes-99")
    assert [view.id for view in card(gone)] == [gone.id]
    assert card(gone, opd="disdik") == card(WAIVER, opd="disdik") == []


def test_a_waiver_for_all_touches_whoever_owns_what_it_names() -> None:
    """A site belongs to the owner of its name, the machine below it to the owner of the server."""
    inventory = DATA.inventory
    dinkes = inventory.opd("dinkes")
    shared = dinkes.servers[0]
    name = shared.hostnames[0]
    servers = (replace(shared, name_owners={name: "disdik"}), *dinkes.servers[1:])
    opds = tuple(replace(one, servers=servers) if one.id == "dinkes" else one for one in inventory.opds)
    data = replace(DATA, inventory=replace(inventory, opds=opds))
    context = make_context(data, "en", "2022")
    on_name = replace(WAIVER, opd="", server=shared.id, server_name=name, check="http-hsts-long")
    on_host = replace(WAIVER, opd="", server=shared.id, check="ssh-ciphers-strong")
    assert [opd.id for opd in inventory.opds if touches(context, on_name, opd.id)] == ["disdik"]
    assert [opd.id for opd in inventory.opds if touches(context, on_host, opd.id)] == ["dinkes"]


def test_what_people_typed_obeys_no_page() -> None:
    hostile = replace(
        WAIVER, reason="\u202eaman\x1b]0;x\x07", requested_by="Budi\nSantoso", ended_reason="\x07"
    )
    (view,) = card(hostile)
    assert "\\u202e" in view.reason
    assert "Budi\\x0aSantoso" in view.people
