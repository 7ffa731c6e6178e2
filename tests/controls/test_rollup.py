"""From verdicts to the card of an OPD: the same promises, kept at every level."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.model.check import ControlLinks, Severity
from auditor.model.framework import Control, ControlSide, Framework, MachineCoverage
from auditor.model.inventory import Category, Layer, Responsible, Server
from auditor.model.scorecard import ControlStatus, Scorecard
from auditor.model.verdict import Status
from controls.attestations import Answers
from controls.responsibility import responsible_side
from controls.rollup import Rules, Waived, control_results, judge_servers, scorecards
from tests.controls.catalogue import changed, shipped
from tests.controls.fleets import CHECKS, OPDS, POLICY, RULES, Fleet, Place, card, fleets, verdict_at

LETTERS = [band.letter for band in POLICY.grading.bands]
LEVELS = ("", *OPDS)


def quality(found: Scorecard) -> int:
    """Rank a grade: the better the higher; a withheld one is the lowest."""
    return -LETTERS.index(found.grade.letter) if found.grade.letter else -len(LETTERS)


def numbers(found: Scorecard) -> tuple[float, ...]:
    """Return every floor on a card."""
    scores = (
        found.score,
        found.score_with_waivers,
        found.score_centre,
        *(one.score for one in found.servers),
    )
    return tuple(one.floor for one in scores)


def never_raises(before: Fleet, after: Fleet) -> None:
    for level in LEVELS:
        pairs = zip(numbers(card(before, level)), numbers(card(after, level)), strict=True)
        assert all(later <= earlier for earlier, later in pairs), level


@given(fleets(), st.data())
def test_fixing_never_lowers_any_level(fleet: Fleet, data: st.DataObject) -> None:
    failing = fleet.places(Status.FAIL)
    assume(failing)
    place = data.draw(st.sampled_from(failing))
    never_raises(fleet.with_status(place, Status.PASS), fleet)


@given(fleets(), st.data())
def test_adding_a_failure_never_raises_any_level(fleet: Fleet, data: st.DataObject) -> None:
    server = data.draw(st.sampled_from([server.id for server in fleet.servers]))
    place = (data.draw(st.sampled_from(sorted(CHECKS))), server, data.draw(st.integers(0, 4)))
    never_raises(fleet, fleet.with_status(place, Status.FAIL))


@given(fleets(), st.data())
def test_losing_verdicts_never_raises_scores_nor_grades(fleet: Fleet, data: st.DataObject) -> None:
    assume(fleet.statuses)
    lost = data.draw(st.sets(st.sampled_from(sorted(fleet.statuses)), min_size=1))
    after = fleet
    for place in lost:
        after = after.with_status(place, Status.UNKNOWN)
    never_raises(fleet, after)
    for level in LEVELS:
        assert quality(card(after, level)) <= quality(card(fleet, level))
        assert card(after, level).score.coverage <= card(fleet, level).score.coverage


@given(fleets(), st.randoms(use_true_random=False))
def test_order_of_verdicts_and_servers_is_irrelevant(fleet: Fleet, random: Random) -> None:
    servers, items = list(fleet.servers), list(fleet.statuses.items())
    random.shuffle(servers)
    random.shuffle(items)
    shuffled = Fleet(tuple(servers), dict(items))
    for level in LEVELS:
        assert card(shuffled, level) == card(fleet, level)


@given(fleets(minimum_servers=2), st.data())
def test_the_change_of_another_never_moves_mine(fleet: Fleet, data: st.DataObject) -> None:
    mine = fleet.servers[0].opd
    others = [server.id for server in fleet.servers if server.opd != mine]
    assume(others)
    place = (data.draw(st.sampled_from(sorted(CHECKS))), data.draw(st.sampled_from(others)), 0)
    assert card(fleet.with_status(place, data.draw(st.sampled_from(Status))), mine) == card(fleet, mine)


@given(fleets(), st.data())
def test_exceptions_stay_between_raw_and_as_if_fixed(fleet: Fleet, data: st.DataObject) -> None:
    failing = fleet.places(Status.FAIL)
    waived = data.draw(st.sets(st.sampled_from(failing))) if failing else set()
    fixed = fleet
    for place in waived:
        fixed = fixed.with_status(place, Status.PASS)
    for level in LEVELS:
        with_exceptions = card(fleet, level, waived)
        raw = card(fleet, level)
        assert with_exceptions.score == raw.score
        assert with_exceptions.grade == raw.grade
        assert with_exceptions.centre.score == raw.centre.score
        assert [one.score for one in with_exceptions.servers] == [one.score for one in raw.servers]
        for severity in Severity:
            accepted = with_exceptions.accepted[severity]
            assert with_exceptions.findings[severity] + accepted == raw.findings[severity]
        assert raw.score_with_waivers == raw.score
        assert raw.score.floor <= with_exceptions.score_with_waivers.floor <= card(fixed, level).score.floor


@given(fleets(minimum_servers=2))
def test_the_whole_is_pooled_from_its_opds(fleet: Fleet) -> None:
    """Of each OPD what it answers for, and of the centre what it answers for on their servers."""
    whole = card(fleet)
    cards = [card(fleet, opd) for opd in OPDS]
    centre = [one.score_centre for one in cards if one.score_centre.applicable]
    own = [one.score for one in cards if one.score.applicable]
    for pooled, parts in ((whole.score, [*own, *centre]), (whole.score_centre, centre)):
        assert pooled.passed == pytest.approx(sum(part.passed for part in parts))
        assert pooled.applicable == pytest.approx(sum(part.applicable for part in parts))
        if parts:
            assert min(p.floor for p in parts) <= pooled.floor <= max(p.floor for p in parts)


@given(fleets(minimum_servers=2))
def test_merging_opds_keeps_the_number_of_findings(fleet: Fleet) -> None:
    for severity in Severity:
        assert card(fleet).findings[severity] == sum(card(fleet, opd).findings[severity] for opd in OPDS)


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
