"""Time alone, without a new audit, makes nothing better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.attestation import Answer, Aspect
from auditor.model.decision import Decisions
from auditor.model.inventory import Category, Server
from auditor.model.scorecard import ControlStatus, Scorecard
from auditor.model.verdict import Status
from auditor.model.waiver import WaiverStatus
from tests.controls.decided import DAY, attestation, waiver
from tests.controls.fleets import (
    CHECKS,
    EDITIONS,
    GOODNESS,
    LEVELS,
    POLICY,
    Fleet,
    cards,
    decided_fleets,
    levels_of,
)

DAYS = st.integers(0, 14).map(lambda days: timedelta(days=days))


def statuses_of(found: Scorecard) -> dict[tuple[str, str], ControlStatus]:
    """Return (edition, control) → status."""
    return {
        (edition, one.control): one.status for edition, results in found.controls.items() for one in results
    }


@given(decided_fleets(), DAYS, DAYS)
def test_time_alone_never_raises_a_score(fleet: Fleet, first: timedelta, more: timedelta) -> None:
    """Every exception here has begun: one that begins later starts on the day that was agreed for it."""
    earlier = cards(replace(fleet, day=DAY + first), frameworks=EDITIONS)
    later = cards(replace(fleet, day=DAY + first + more), frameworks=EDITIONS)
    for opd in LEVELS:
        before = levels_of(earlier[opd])
        for name, level in levels_of(later[opd]).items():
            assert (level.score, level.grade) == (before[name].score, before[name].grade)
            assert level.with_waivers.floor <= before[name].with_waivers.floor


@given(decided_fleets(), DAYS, DAYS)
def test_time_alone_never_makes_a_control_better(fleet: Fleet, first: timedelta, more: timedelta) -> None:
    """Answers in favour, controls left out and exceptions all come to their end.

    An exception that ends shows the failure behind it, which is no better than it was all the while.
    """
    decisions = fleet.decisions
    in_favour = replace(
        decisions,
        attestations=tuple(
            replace(one, answer=Answer.CONFORMS, aspect=Aspect.WHOLE) for one in decisions.attestations
        ),
        applicabilities=tuple(replace(one, applicable=False) for one in decisions.applicabilities),
    )
    decided = replace(fleet, decisions=in_favour)
    bare = replace(decided, decisions=replace(in_favour, waivers=()))
    earlier, behind = (cards(replace(one, day=DAY + first), frameworks=EDITIONS) for one in (decided, bare))
    later = cards(replace(decided, day=DAY + first + more), frameworks=EDITIONS)
    for opd in LEVELS:
        before, unaccepted = statuses_of(earlier[opd]), statuses_of(behind[opd])
        for place, status in statuses_of(later[opd]).items():
            best = max(GOODNESS[before[place]], GOODNESS[unaccepted[place]])
            assert GOODNESS[status] <= best, (opd, place)


@given(decided_fleets(), DAYS)
def test_whatever_has_ended_counts_as_if_it_were_not_there(fleet: Fleet, later: timedelta) -> None:
    """An expired exception equals none; so does an expired answer, but that it is told as expired."""
    day = DAY + timedelta(days=20) + later
    ended = cards(replace(fleet, day=day), frameworks=EDITIONS)
    never = cards(replace(fleet, day=day, decisions=Decisions()), frameworks=EDITIONS)
    for opd in LEVELS:
        assert levels_of(ended[opd]) == levels_of(never[opd])
        assert statuses_of(ended[opd]) == statuses_of(never[opd])
        assert (ended[opd].findings, ended[opd].accepted) == (never[opd].findings, never[opd].accepted)


LAST = DAY + timedelta(days=10)
SERVER = Server("s0", "bkd", "s0", "lan", Category.RENDAH, ())
PLACE = ("tls-1-0-refused", "s0", 0)


def test_an_exception_counts_from_its_first_day_to_its_last() -> None:
    accepted = waiver(
        valid_from=DAY + timedelta(days=2),
        valid_until=LAST,
        status=WaiverStatus.APPROVED,
        approved_by="Kepala Dinas",
    )
    fleet = Fleet((SERVER,), {PLACE: Status.FAIL}, decisions=Decisions(waivers=(accepted,)))
    counted = {
        days: cards(replace(fleet, day=DAY + timedelta(days=days)))["bkd"].own.with_waivers.failed
        for days in (1, 2, 10, 11)
    }
    weight = POLICY.weights[CHECKS[PLACE[0]].severity]
    assert counted == {1: weight, 2: 0, 10: 0, 11: weight}


def test_an_answer_that_speaks_against_a_control_ends_on_its_day_too() -> None:
    """The exception to the promise: what people said against a control no longer holds, and what was
    measured counts alone. It is better for it, though nobody measured anything new."""
    against = attestation("A.8.21", Answer.DOES_NOT_CONFORM, until=LAST)
    fleet = Fleet((SERVER,), {PLACE: Status.PASS}, decisions=Decisions((against,)))
    measured = status_on(replace(fleet, decisions=Decisions()), LAST)
    assert status_on(fleet, LAST) is ControlStatus.DOES_NOT_CONFORM
    assert status_on(fleet, LAST + timedelta(days=1)) is measured
    assert GOODNESS[measured] > GOODNESS[ControlStatus.DOES_NOT_CONFORM]


def status_on(fleet: Fleet, day: date) -> ControlStatus:
    found = cards(replace(fleet, day=day), frameworks=EDITIONS)["bkd"]
    return statuses_of(found)["2022", "A.8.21"]
