"""What fixing would bring, and the shortest way to a grade: never more than what happens when it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.finding import finding_id
from auditor.model.next_grade import Obstacle
from auditor.model.scorecard import Grade, Level
from auditor.model.verdict import Status
from controls.next_grade import Way, next_grade, next_grades, shortest
from controls.what_if import fix_weights, fixes_of, what_if
from tests.controls.judged_runs import CHECKS, LEVELS, POLICY, Judged, Place, judged, runs, server, verdict_at

P, F, U = Status.PASS, Status.FAIL, Status.UNKNOWN
LETTERS = [band.letter for band in POLICY.grading.bands]
CRITICAL, HIGH, MEDIUM, LOW = "http-vcs-absent", "tls-1-0-refused", "tls-1-3-offered", "tls-aead-only"
HOURS = {name: check.effort_hours for name, check in CHECKS.items()}


def id_of(place: Place) -> str:
    verdict = verdict_at(place, F)
    return finding_id(verdict.check, verdict.subject)


def ids(places: Iterable[Place]) -> list[str]:
    return [id_of(place) for place in places]


def fixed(run: Judged, findings: Iterable[str]) -> Judged:
    """Return the run in which some findings were fixed."""
    wanted = set(findings)
    return run.with_statuses({place: P for place in run.places(F) if id_of(place) in wanted})


def grade_of(level: Level, excepted: bool) -> Grade:
    return level.grade_with_waivers if excepted else level.grade


def reached(level: Level, letter: str, excepted: bool) -> bool:
    found = grade_of(level, excepted).letter
    return bool(found) and LETTERS.index(found) <= LETTERS.index(letter)


@given(runs(), st.data())
def test_what_if_is_what_the_cards_say_once_it_is_done(run: Judged, data: st.DataObject) -> None:
    failing = sorted(run.places(F))
    assume(failing)
    chosen = data.draw(st.sets(st.sampled_from(failing), min_size=1))
    before, after = run.cards(), fixed(run, ids(chosen)).cards()
    changes = what_if(run.side(), ids(chosen), HOURS)
    assert sorted(changes[""].findings) == sorted(ids(chosen))
    assert len(changes[""].findings) == sum(len(one.findings) for opd, one in changes.items() if opd)
    for opd, change in changes.items():
        assert change.own == (before[opd].own, after[opd].own)
        assert change.centre == (before[opd].centre, after[opd].centre)
    for opd in before.keys() - changes.keys():
        assert before[opd].own == after[opd].own


@given(runs(), st.data())
def test_fixing_more_never_lowers_a_floor(run: Judged, data: st.DataObject) -> None:
    failing = sorted(run.places(F))
    assume(failing)
    few = data.draw(st.sets(st.sampled_from(failing)))
    more = few | data.draw(st.sets(st.sampled_from(failing)))
    lesser, greater = what_if(run.side(), ids(few), HOURS), what_if(run.side(), ids(more), HOURS)
    for opd, change in lesser.items():
        for before, after in (change.own, change.centre):
            assert before.score.floor <= after.score.floor
        assert change.own[1].score.floor <= greater[opd].own[1].score.floor


@given(runs())
def test_fixing_everything_reaches_the_ceiling_where_nothing_is_unknown(run: Judged) -> None:
    known = replace(run, statuses={p: s for p, s in run.statuses.items() if s not in (U, Status.ERROR)})
    for change in what_if(known.side(), ids(known.places(F)), HOURS).values():
        for before, after in (change.own, change.centre):
            assert after.score.floor == (100 if before.score.applicable else 0)
            assert after.score.ceiling == after.score.floor


@given(runs())
def test_nothing_changes_by_findings_that_are_not_there(run: Judged) -> None:
    changes = what_if(run.side(), ["F-000000000000", *ids(run.places(P))], HOURS)
    assert changes.keys() == {""}
    assert changes[""].own[0] == changes[""].own[1]


@given(runs(), st.sampled_from(LEVELS), st.sampled_from(("", *LETTERS)), st.booleans())
def test_what_the_way_claims_holds_once_it_is_gone(
    run: Judged, opd: str, letter: str, excepted: bool
) -> None:
    way = shortest(run.side(), opd, HOURS, letter, excepted=excepted)
    cards = run.cards()
    assume(opd in cards)
    assert way.before == cards[opd].own
    done = fixed(run, way.findings).cards()[opd].own
    assert way.after == done
    assert way.everything == fixed(run, everything_of(run, opd, excepted)).cards()[opd].own
    if way.blocked_by:
        assert way.steps == ()
        assert not reached(way.everything, way.letter, excepted)
    elif way.letter:
        assert reached(done, way.letter, excepted)
    else:
        assert grade_of(way.before, excepted).letter == "A"
    accepted = {id_of(place) for place in run.waived}
    assert not (excepted and accepted.intersection(way.findings))


def everything_of(run: Judged, opd: str, excepted: bool) -> list[str]:
    return [f for fix in fixes_of(run.side(), opd, HOURS, excepted=excepted) for f in fix.findings]


@settings(deadline=None)
@given(runs(), st.sampled_from(LEVELS), st.sampled_from(("", *LETTERS)), st.booleans())
def test_no_fewer_findings_reach_the_grade(run: Judged, opd: str, letter: str, excepted: bool) -> None:
    """Every set of up to ten findings, tried by judging anew."""
    side = run.side()
    way = shortest(side, opd, HOURS, letter, excepted=excepted)
    everything = everything_of(run, opd, excepted)
    assume(way.letter and len(everything) <= 10)
    smaller = len(way.findings) if not way.blocked_by else len(everything) + 1
    for size in range(smaller):
        for some in combinations(everything, size):
            level = what_if(side, some, HOURS)[opd].own[1] if some else way.before
            assert not reached(level, way.letter, excepted), some


def way_of(statuses: dict[Place, Status], letter: str = "", excepted: bool = False, **run: object) -> Way:
    made = replace(judged(statuses), **run)  # type: ignore[arg-type]
    return shortest(made.side(), "bkd", HOURS, letter, excepted=excepted)


def at(check: str, number: int = 0) -> Place:
    return check, "s0", number


def test_all_that_caps_the_grade_is_on_the_way() -> None:
    way = way_of({at(CRITICAL): F, at(CRITICAL, 2): F, at(HIGH): F, at(MEDIUM): F, at(LOW): P}, "B")
    assert set(way.findings) == set(ids([at(CRITICAL), at(CRITICAL, 2), at(HIGH)]))
    assert (way.before.grade.letter, way.after.grade.letter) == ("E", "B")
    assert way.hours == Fraction(str(HOURS[CRITICAL])) + Fraction(str(HOURS[HIGH]))


def test_a_check_with_fewer_findings_is_preferred_and_none_is_fixed_by_half() -> None:
    rest = dict.fromkeys([at("certificate-valid-now"), at(CRITICAL)], P)
    way = way_of({**rest, at(HIGH): F, at(HIGH, 2): F, at(HIGH, 1): F, at(MEDIUM): F, at(LOW): P}, "C")
    assert way.before.grade.letter == "C"
    assert way.steps == ()
    nearer = way_of({at("certificate-valid-now"): P, at(HIGH): F, at(HIGH, 2): F, at(MEDIUM): F}, "C")
    assert nearer.findings == (id_of(at(MEDIUM)),)


def test_the_order_is_by_risk_per_hour_and_each_step_says_what_it_brings() -> None:
    way = way_of({at(name): F for name in (CRITICAL, HIGH, MEDIUM, LOW)}, "A")
    gains = [step.fix.gain for step in way.steps]
    assert gains == sorted(gains, reverse=True)
    floors = [way.before.score.floor, *(step.after.score.floor for step in way.steps)]
    assert floors == sorted(floors)
    assert (floors[0], way.after.grade.letter) == (0, "A")


def test_what_could_not_be_judged_stands_in_the_way() -> None:
    passing = {at(MEDIUM): P, at(LOW): P}
    unknown = way_of({**passing, at(HIGH): U, at(CRITICAL): F}, "A")
    (coverage, caps, weight) = unknown.blocked_by
    assert [one.obstacle for one in (coverage, caps, weight)] == [
        Obstacle.COVERAGE, Obstacle.UNJUDGED_CAPS, Obstacle.UNJUDGED_WEIGHT
    ]  # fmt: skip
    assert caps.unjudged == {Severity.HIGH: 1}
    assert unknown.findings == ()


def test_what_hides_behind_a_failure_stands_in_the_way_too() -> None:
    way = way_of({at(CRITICAL): P, at("certificate-valid-now"): P, at(HIGH): F, at(HIGH, 2): U}, "A")
    assert [one.obstacle for one in way.blocked_by] == [Obstacle.UNJUDGED_CAPS, Obstacle.UNJUDGED_WEIGHT]
    assert way.blocked_by[0].unjudged == {Severity.HIGH: 1}


def test_where_nothing_was_measured_nothing_leads_anywhere() -> None:
    assert [one.obstacle for one in way_of({}).blocked_by] == [Obstacle.NOTHING_MEASURED]


def test_an_accepted_failure_is_on_the_way_without_exceptions_alone() -> None:
    statuses = {at(CRITICAL): F, at(MEDIUM): F, at(HIGH): P, at(LOW): P}
    waived = frozenset({at(CRITICAL)})
    assert set(way_of(statuses, "A", waived=waived).findings) == set(ids([at(CRITICAL), at(MEDIUM)]))
    excepted = way_of(statuses, "A", excepted=True, waived=waived)
    assert excepted.findings == (id_of(at(MEDIUM)),)
    assert (excepted.after.grade_with_waivers.letter, excepted.after.grade.letter) == ("A", "D")


def test_a_policy_without_the_letter_has_no_way_to_it() -> None:
    with pytest.raises(ValueError, match="Z"):
        way_of({at(HIGH): F}, "Z")


def test_the_next_grade_of_every_opd_for_its_card() -> None:
    statuses = {(HIGH, "s0", 0): F, (HIGH, "s0", 1): F, (LOW, "s0", 0): P, (LOW, "s0", 1): P}
    run = judged(statuses, server("s0", "bkd", name_of="dinkes"))
    found = next_grades(run.side(), HOURS)
    assert found.keys() == {"bkd", "dinkes"}
    assert found["bkd"] == next_grade(run.side(), "bkd", HOURS)
    own = found["dinkes"]
    assert (own.letter_from, own.letter_to, own.letter_reached) == ("E", "D", "A")
    assert (own.findings, own.hours, own.blocked_by) == ((id_of((HIGH, "s0", 1)),), HOURS[HIGH], ())
    assert own.floor_to == 100


def test_the_best_grade_has_none_above_it() -> None:
    made = judged({(LOW, "s0", 0): P})
    best = next_grade(made.side(), "bkd", HOURS)
    assert (best.letter_from, best.letter_to, best.findings) == ("A", "", ())


def test_whose_finding_it_is_and_what_it_takes_is_told_once_per_check_and_server() -> None:
    places = [at(HIGH), at(HIGH, 2), at("ssh-terrapin-absent")]
    run = judged(dict.fromkeys(places, F))
    change = what_if(run.side(), ids(places), HOURS)["bkd"]
    assert set(change.findings) == set(ids(places))
    assert change.of_centre == (id_of(at("ssh-terrapin-absent")),)
    assert float(change.hours) == HOURS[HIGH] + HOURS["ssh-terrapin-absent"]
    assert [level.score.floor for level in (*change.own, *change.centre)] == [0, 100, 0, 100]


def test_a_check_of_unknown_effort_takes_an_hour() -> None:
    assert what_if(judged({at(HIGH): F}).side(), ids([at(HIGH)]), {})[""].hours == 1


def test_a_finding_weighs_nothing_yet_where_something_hides_behind_it() -> None:
    run = judged({at(HIGH): F, at(HIGH, 2): F, at(MEDIUM): F, at(MEDIUM, 2): U, at(LOW): P})
    weights = {**dict.fromkeys(ids([at(HIGH), at(HIGH, 2)]), 6.0), id_of(at(MEDIUM)): 0.0}
    assert fix_weights(run.side()) == weights
