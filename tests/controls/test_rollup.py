"""From verdicts to the card of an OPD: the same promises, kept at every level."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.attestation import Answer
from auditor.model.check import ControlLinks, Severity
from auditor.model.decision import Decisions
from auditor.model.framework import Control, ControlSide, Framework, MachineCoverage
from auditor.model.inventory import Category, Layer, Responsible, Server
from auditor.model.scorecard import Attested, ControlStatus
from auditor.model.verdict import Status
from controls.attestations import Answers, answers_on
from controls.control_status import Measured, combined_status
from controls.responsibility import responsible_side
from controls.rollup import Rules, Waived, control_results, judge_servers, scorecards
from tests.controls.catalogue import changed, shipped
from tests.controls.decided import DAY, applicability
from tests.controls.fleets import CHECKS, EDITIONS, POLICY, RULES, Fleet, Place, card, verdict_at


def test_twenty_endpoints_neither_dilute_nor_multiply() -> None:
    one_failing = {("tls-1-0-refused", "s0", number): Status.PASS for number in range(19)}
    fleet = Fleet((server(),), {**one_failing, ("tls-1-0-refused", "s0", 19): Status.FAIL})
    assert card(fleet).score.failed == POLICY.weights[Severity.HIGH]
    assert card(fleet).score.passed == 0


def server(**changes: object) -> Server:
    return Server("s0", "bkd", "s0", "lan", Category.RENDAH, (), **changes)  # type: ignore[arg-type]


def test_who_answers_is_the_policy_s_rule_unless_the_server_has_its_own() -> None:
    check = shipped().checks["ssh-terrapin-absent"]
    assert check.layer is Layer.HOST
    assert responsible_side(check.layer, server(), POLICY) is Responsible.CENTRE
    own = server(responsible={Layer.HOST: Responsible.OPD})
    assert responsible_side(check.layer, own, POLICY) is Responsible.OPD


def test_what_the_centre_answers_for_is_shown_apart() -> None:
    fleet = Fleet(
        (server(),),
        {("ssh-terrapin-absent", "s0", 0): Status.FAIL, ("tls-1-3-offered", "s0", 0): Status.PASS},
    )
    found = card(fleet, "bkd")
    assert (found.score.floor, found.score_centre.floor) == (100.0, 0.0)
    assert found.findings[Severity.MEDIUM] == 1


CONTROL = "A.8.24"
FIRST: Place = ("tls-1-0-refused", "s0", 0)
SECOND: Place = ("tls-aead-only", "s0", 0)
P, F, U, E, N = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.ERROR, Status.NOT_APPLICABLE
TECHNICAL, PARTIAL = MachineCoverage.TECHNICAL, MachineCoverage.PARTIAL
SUPPORTING, PAPERS = MachineCoverage.SUPPORTING, MachineCoverage.ATTESTATION


@pytest.mark.parametrize(
    ("coverage", "high", "low", "expected"),
    [
        (TECHNICAL, P, P, ControlStatus.CONFORMS),
        (TECHNICAL, P, N, ControlStatus.CONFORMS),
        (PARTIAL, P, P, ControlStatus.PARTIAL),
        (SUPPORTING, P, P, ControlStatus.NOT_ASSESSED),
        (PAPERS, P, P, ControlStatus.NOT_ASSESSED),
        (PAPERS, F, F, ControlStatus.DOES_NOT_CONFORM),
        (PAPERS, P, F, ControlStatus.PARTIAL),
        (TECHNICAL, N, N, ControlStatus.NOT_ASSESSED),
        (TECHNICAL, P, U, ControlStatus.NOT_EXAMINED),
        (TECHNICAL, E, P, ControlStatus.NOT_EXAMINED),
        (PARTIAL, U, U, ControlStatus.NOT_EXAMINED),
        (TECHNICAL, F, P, ControlStatus.DOES_NOT_CONFORM),
        (TECHNICAL, P, F, ControlStatus.PARTIAL),
        (TECHNICAL, U, F, ControlStatus.DOES_NOT_CONFORM),
        (SUPPORTING, N, F, ControlStatus.PARTIAL),
        (SUPPORTING, F, N, ControlStatus.DOES_NOT_CONFORM),
    ],
)
def test_a_control_is_called_what_the_evidence_supports(
    coverage: MachineCoverage, high: Status, low: Status, expected: ControlStatus
) -> None:
    assert control_status(coverage, {FIRST: high, SECOND: low}) is expected


@pytest.mark.parametrize(
    ("high", "low", "waived", "expected"),
    [
        (F, P, {FIRST}, ControlStatus.WAIVED),
        (F, F, {FIRST, SECOND}, ControlStatus.WAIVED),
        (F, Status.UNKNOWN, {FIRST}, ControlStatus.NOT_EXAMINED),
        (F, F, {FIRST}, ControlStatus.DOES_NOT_CONFORM),
        (F, F, {SECOND}, ControlStatus.DOES_NOT_CONFORM),
    ],
)
def test_an_accepted_risk_is_shown_as_one(
    high: Status, low: Status, waived: set[Place], expected: ControlStatus
) -> None:
    assert control_status(TECHNICAL, {FIRST: high, SECOND: low}, waived) is expected


PLACES = st.tuples(st.sampled_from((FIRST[0], SECOND[0])), st.just("s0"), st.integers(0, 2))


@given(
    st.sampled_from(MachineCoverage),
    st.dictionaries(PLACES, st.sampled_from(Status), min_size=1),
    st.data(),
)
def test_losing_a_verdict_never_makes_a_control_conform(
    coverage: MachineCoverage, statuses: dict[Place, Status], data: st.DataObject
) -> None:
    lost = data.draw(st.sampled_from(sorted(statuses)))
    after = control_status(coverage, {**statuses, lost: Status.UNKNOWN})
    assert after is not ControlStatus.CONFORMS
    if after is ControlStatus.PARTIAL:
        assert control_status(coverage, statuses) in (ControlStatus.PARTIAL, ControlStatus.DOES_NOT_CONFORM)


def control_status(
    coverage: MachineCoverage, statuses: dict[Place, Status], waived: set[Place] | None = None
) -> ControlStatus:
    """Return the status of one control that a high and a low check implement."""
    links = {"2022": ControlLinks((CONTROL,), ())}
    checks = {place[0]: changed(place[0], controls=links) for place in (FIRST, SECOND)}
    edition = Framework(
        "2022",
        {},
        (),
        (Control(CONTROL, {}, "technological", coverage, {}, "", {}, ControlSide.SHARED, (), {}),),
        {},
    )
    verdicts = [verdict_at(place, status) for place, status in statuses.items()]
    covered = {(p[0], verdict_at(p, F).subject.key): "W-1" for p in waived or set()}
    rules = replace(RULES, checks=checks)
    judged = judge_servers(verdicts, {"s0": server()}, checks, POLICY, Waived(covered))
    return control_results(edition, rules, judged, "bkd")[0].status


def test_a_card_lists_every_control_of_both_editions() -> None:
    fleet = Fleet((server(),), {FIRST: Status.PASS})
    rules = Rules(CHECKS, shipped().frameworks, POLICY, Answers(date(2026, 11, 22)))
    found = scorecards(fleet.servers, fleet.verdicts(), rules, Waived({}), frozenset())["bkd"]
    assert {edition: len(results) for edition, results in found.controls.items()} == {"2013": 114, "2022": 93}
    by_id = {result.control: result for result in found.controls["2022"]}
    assert by_id["A.8.24"].checks == {FIRST[0]: Status.PASS}
    assert by_id["A.5.14"].related == {FIRST[0]: Status.PASS}
    assert by_id["A.5.14"].status is ControlStatus.NOT_ASSESSED


def test_one_verdict_that_was_too_lenient_is_told_of_the_whole_check() -> None:
    places = [("tls-1-0-refused", "s0", number) for number in range(3)]
    fleet = Fleet((server(),), dict.fromkeys(places, Status.PASS), frozenset({places[1]}))
    judged = judge_servers(fleet.verdicts(), {"s0": server()}, CHECKS, POLICY, Waived({}))
    assert [one.loosened for one in judged] == [True]


@pytest.mark.parametrize("coverage", MachineCoverage)
def test_no_answer_makes_whole_what_was_judged_too_leniently(coverage: MachineCoverage) -> None:
    """Judged strictly it might fail, however little a scan says of the control."""
    answer = Attested(Answer.CONFORMS, {}, ("A-1",), date(2027, 1, 31))
    found = {
        loosened: combined_status(
            Measured(coverage, {"x": P}, {}, {"x": Severity.HIGH}, loosened=loosened), answer, None
        )[0]
        for loosened in (frozenset[str](), frozenset({"x"}))
    }
    assert list(found.values()) == [ControlStatus.CONFORMS, ControlStatus.PARTIAL]


@pytest.mark.parametrize("applicable", [True, False])
def test_what_an_agency_decides_goes_before_what_was_decided_for_all(applicable: bool) -> None:
    decisions = Decisions(
        applicabilities=(
            applicability("A.5.1", applicable, opd="bkd"),
            applicability("A.5.1", not applicable, opd=""),
        )
    )
    rules = replace(RULES, frameworks=EDITIONS, answers=answers_on(decisions, EDITIONS, DAY))
    fleet = Fleet((server(), replace(server(), id="s1", opd="dinkes")), {})
    found = scorecards(fleet.servers, (), rules, Waived({}), frozenset())
    left_out = {
        opd: next(one for one in found[opd].controls["2022"] if one.control == "A.5.1").status
        for opd in ("bkd", "dinkes")
    }
    expected = [ControlStatus.NOT_ASSESSED, ControlStatus.NOT_APPLICABLE]
    assert list(left_out.values()) == (expected if applicable else expected[::-1])


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.ERROR])
def test_an_exception_covers_failures_alone(status: Status) -> None:
    """Accepted is what fails; what could not be judged stays in the score with exceptions."""
    fleet = Fleet((server(),), {("tls-1-0-refused", "s0", 0): F, ("tls-1-0-refused", "s0", 1): status})
    covered = {(one.check, one.subject.key): "W-1" for one in fleet.verdicts()}
    judged = judge_servers(fleet.verdicts(), {"s0": server()}, CHECKS, POLICY, Waived(covered))
    assert [(one.status, one.unwaived) for one in judged] == [(F, status)]


def test_a_clause_counts_the_checks_of_its_own_controls_each_once() -> None:
    """The certificate's check speaks to A.10 and A.14 of 2013, the other one to A.12 alone."""
    fleet = Fleet((server(),), {("certificate-valid-now", "s0", 0): P, ("ssh-terrapin-absent", "s0", 0): F})
    rules = replace(RULES, frameworks=shipped().frameworks)
    found = scorecards(fleet.servers, fleet.verdicts(), rules, Waived({}), frozenset())["bkd"]
    counted = {one.group: (one.level.score.passed, one.level.score.failed) for one in found.groups["2013"]}
    critical, medium = (POLICY.weights[one] for one in (Severity.CRITICAL, Severity.MEDIUM))
    assert {group: weights for group, weights in counted.items() if any(weights)} == {
        "A.10": (critical, 0),
        "A.12": (0, medium),
        "A.14": (critical, 0),
    }
