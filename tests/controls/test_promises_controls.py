"""The status of a control under whatever people answer: evidence that is lost, fixed, or spoken against."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.model.decision import Decisions
from auditor.model.inventory import Category, Kind, Server
from auditor.model.scorecard import ControlResult, ControlStatus, Scorecard
from auditor.model.verdict import Status
from auditor.model.waiver import WaiverStatus
from tests.controls.decided import waiver
from tests.controls.fleets import EDITIONS, GOODNESS, LEVELS, Fleet, cards, decided_fleets

LOST = st.sampled_from((Status.UNKNOWN, Status.ERROR))


def results_of(found: Scorecard) -> dict[tuple[str, str], ControlResult]:
    """Return (edition, control) → result."""
    return {(edition, one.control): one for edition, results in found.controls.items() for one in results}


@given(decided_fleets(), st.data(), LOST)
def test_losing_verdicts_never_makes_a_control_better(
    fleet: Fleet, data: st.DataObject, status: Status
) -> None:
    assume(fleet.statuses)
    lost = data.draw(st.sets(st.sampled_from(sorted(fleet.statuses)), min_size=1))
    whole, less = (cards(one, frameworks=EDITIONS) for one in (fleet, fleet.losing(lost, status)))
    for opd in LEVELS:
        before = results_of(whole[opd])
        for place, result in results_of(less[opd]).items():
            assert GOODNESS[result.status] <= GOODNESS[before[place].status], (opd, place)
            assert GOODNESS[result.measured] <= GOODNESS[before[place].measured], (opd, place)


def test_an_accepted_failure_hides_no_other_of_the_same_check() -> None:
    """Accepted on one server and lost on another, a failure is not all accepted."""
    servers = tuple(
        Server(name, "bkd", name, "lan", Category.RENDAH, (), kind=Kind.SERVER) for name in ("s0", "s1")
    )
    accepted = waiver(server="s0", status=WaiverStatus.APPROVED, approved_by="Kepala Dinas")
    open_one, check = ("tls-1-0-refused", "s1", 0), "tls-1-0-refused"
    fleet = Fleet(servers, {(check, "s0", 0): Status.FAIL}, decisions=Decisions(waivers=(accepted,)))
    found = {
        status: results_of(cards(fleet.with_status(open_one, status), frameworks=EDITIONS)["bkd"])[
            "2022", "A.8.21"
        ].status
        for status in (Status.PASS, Status.FAIL, Status.UNKNOWN, Status.ERROR)
    }
    assert found == {
        Status.PASS: ControlStatus.WAIVED,
        Status.FAIL: ControlStatus.DOES_NOT_CONFORM,
        Status.UNKNOWN: ControlStatus.NOT_EXAMINED,
        Status.ERROR: ControlStatus.NOT_EXAMINED,
    }


@given(decided_fleets())
def test_no_answer_hides_what_was_measured_or_could_not_be(fleet: Fleet) -> None:
    for found in cards(fleet, frameworks=EDITIONS).values():
        for result in results_of(found).values():
            failing = Status.FAIL in result.checks.values()
            unjudged = {Status.UNKNOWN, Status.ERROR} & set(result.checks.values())
            if failing or unjudged:
                assert GOODNESS[result.status] <= GOODNESS[result.measured]
                assert result.status is not ControlStatus.CONFORMS
                assert result.status is not ControlStatus.NOT_APPLICABLE


@given(decided_fleets())
def test_without_answers_a_control_is_what_was_measured(fleet: Fleet) -> None:
    bare = replace(fleet, decisions=Decisions(waivers=fleet.decisions.waivers))
    for found in cards(bare, frameworks=EDITIONS).values():
        for result in results_of(found).values():
            assert result.status is result.measured
            assert (result.attested, result.applied, result.contradiction) == (None, None, None)


BEHIND_FAILURES = {ControlStatus.WAIVED, ControlStatus.NOT_ASSESSED, ControlStatus.NOT_EXAMINED}


@given(decided_fleets(), st.data())
def test_fixing_a_failure_never_makes_a_control_worse(fleet: Fleet, data: st.DataObject) -> None:
    """What stood behind it shows: accepted failures, something unknown, or that no machine can judge it."""
    failing = fleet.places(Status.FAIL)
    assume(failing)
    fixed = fleet.with_status(data.draw(st.sampled_from(failing)), Status.PASS)
    whole, better = (cards(one, frameworks=EDITIONS) for one in (fleet, fixed))
    for opd in LEVELS:
        before = results_of(whole[opd])
        for place, result in results_of(better[opd]).items():
            if result.status not in BEHIND_FAILURES:
                assert GOODNESS[result.status] >= GOODNESS[before[place].status], (opd, place)


@given(decided_fleets())
def test_an_exception_never_makes_a_control_conform(fleet: Fleet) -> None:
    for found in cards(fleet, frameworks=EDITIONS).values():
        for result in results_of(found).values():
            if result.waived:
                assert result.status is not ControlStatus.CONFORMS
                assert all(result.checks[check] is Status.FAIL for check in result.waived)


@given(decided_fleets(), st.data())
def test_a_parameter_too_loose_never_gives_a_whole_control(fleet: Fleet, data: st.DataObject) -> None:
    """Whatever people answer, and of a control that scans only support, too."""
    assume(fleet.places(Status.PASS))
    place = data.draw(st.sampled_from(fleet.places(Status.PASS)))
    loose = replace(fleet, loosened=fleet.loosened | {place})
    for found in cards(loose, frameworks=EDITIONS).values():
        for result in results_of(found).values():
            applying = {check for check, one in result.checks.items() if one is not Status.NOT_APPLICABLE}
            if applying & set(result.loosened):
                assert result.status is not ControlStatus.CONFORMS
