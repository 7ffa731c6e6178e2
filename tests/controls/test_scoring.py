"""One number, one formula: what may move a score, and what never may."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.scorecard import Grade, Level, Score
from auditor.model.verdict import Status
from controls.scoring import (
    UNJUDGED,
    Judged,
    grade,
    level_of,
    score,
    score_with_waivers,
    tally,
    weight_of,
    worst,
)
from tests.controls.fleets import POLICY

WEIGHTS = POLICY.weights
LETTERS = [band.letter for band in POLICY.grading.bands]
MULTIPLIERS = st.sampled_from((0.5, 1.0, 1.1, 2.0, 3.0))
JUDGED = st.builds(
    Judged,
    st.sampled_from("abcdef"),
    st.just("server"),
    st.sampled_from(Severity),
    st.sampled_from(Status),
    st.none(),
    MULTIPLIERS,
)
MANY = st.lists(JUDGED, min_size=1, max_size=12)


def one(status: Status, severity: Severity = Severity.HIGH, multiplier: float = 1.0) -> Judged:
    return Judged("check", "server", severity, status, status, multiplier)


def floor(judged: Iterable[Judged]) -> float:
    return score(judged, WEIGHTS).floor


def quality(judged: list[Judged]) -> int:
    """Rank a grade: the better the higher; a withheld one is the lowest, for it says nothing good."""
    letter = grade(score(judged, WEIGHTS), judged, POLICY.grading).letter
    return -LETTERS.index(letter) if letter else -len(LETTERS)


def with_one(judged: list[Judged], index: int, **changes: Any) -> list[Judged]:
    return [replace(entry, **changes) if at == index else entry for at, entry in enumerate(judged)]


def test_the_formula_on_the_card() -> None:
    judged = [
        one(Status.PASS, Severity.CRITICAL),
        one(Status.FAIL, Severity.HIGH),
        one(Status.UNKNOWN, Severity.MEDIUM),
        one(Status.ERROR, Severity.LOW),
        one(Status.NOT_APPLICABLE, Severity.CRITICAL),
        one(Status.FAIL, Severity.INFO),
    ]
    assert score(judged, WEIGHTS) == Score(10, 6, 4, floor=50.0, ceiling=70.0, coverage=80.0)


def test_a_strategic_server_counts_threefold() -> None:
    judged = [one(Status.PASS, multiplier=3), one(Status.FAIL, multiplier=1)]
    assert floor(judged) == 75.0


@pytest.mark.parametrize("judged", [[], [one(Status.NOT_APPLICABLE)], [one(Status.PASS, Severity.INFO)]])
def test_nothing_applicable_is_no_score(judged: list[Judged]) -> None:
    result = score(judged, WEIGHTS)
    assert (result.floor, result.ceiling, result.coverage) == (0.0, 0.0, 0.0)
    assert grade(result, judged, POLICY.grading).reason == "nothing_measured"


def test_never_scanned_is_nought_with_the_grade_withheld() -> None:
    judged = [one(Status.UNKNOWN, severity) for severity in Severity]
    result = score(judged, WEIGHTS)
    assert (result.floor, result.ceiling, result.coverage) == (0.0, 100.0, 0.0)
    assert grade(result, judged, POLICY.grading).letter == ""


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.PASS, Status.FAIL, Status.UNKNOWN), Status.FAIL),
        ((Status.PASS, Status.ERROR, Status.UNKNOWN), Status.ERROR),
        ((Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE), Status.UNKNOWN),
        ((Status.PASS, Status.NOT_APPLICABLE), Status.PASS),
        ((Status.NOT_APPLICABLE,), Status.NOT_APPLICABLE),
        ((), None),
    ],
)
def test_the_worst_subject_counts(statuses: tuple[Status, ...], expected: Status | None) -> None:
    for order in itertools.permutations(statuses):
        assert worst(order) is expected


@given(MANY)
def test_numbers_stay_between_nought_and_a_hundred(judged: list[Judged]) -> None:
    result = score(judged, WEIGHTS)
    numbers = (result.floor, result.ceiling, result.coverage)
    assert all(math.isfinite(number) and 0 <= number <= 100 for number in numbers)
    assert result.floor <= result.ceiling
    assert result.floor <= result.coverage
    assert result.ceiling - result.floor == pytest.approx(100 - result.coverage if result.applicable else 0)


@given(MANY)
def test_weights_are_added_up_exactly_whatever_the_multipliers(judged: list[Judged]) -> None:
    """1.1 is eleven tenths, beside halves and wholes."""

    def share(*statuses: Status) -> Fraction:
        return sum(
            (weight_of(one.severity, one.multiplier, WEIGHTS) for one in judged if one.status in statuses),
            Fraction(0),
        )

    passed, failed = share(Status.PASS), share(Status.FAIL)
    whole = passed + failed + share(*UNJUDGED)
    found = score(judged, WEIGHTS)
    assert (found.passed, found.failed) == (float(passed), float(failed))
    if whole:
        assert (found.floor, found.coverage) == (
            float(100 * passed / whole),
            float(100 * (passed + failed) / whole),
        )


@given(MANY, st.randoms(use_true_random=False))
def test_order_is_irrelevant(judged: list[Judged], random: Random) -> None:
    shuffled = list(judged)
    random.shuffle(shuffled)
    assert score(shuffled, WEIGHTS) == score(judged, WEIGHTS)
    assert quality(shuffled) == quality(judged)


@given(MANY, st.data())
def test_fixing_never_lowers(judged: list[Judged], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(judged) - 1))
    failing = with_one(judged, index, status=Status.FAIL)
    fixed = with_one(judged, index, status=Status.PASS)
    assert floor(fixed) >= floor(failing)
    assert quality(fixed) >= quality(failing)


@given(MANY, JUDGED)
def test_adding_a_failure_never_raises(judged: list[Judged], more: Judged) -> None:
    worse = [*judged, replace(more, status=Status.FAIL)]
    assert floor(worse) <= floor(judged)
    assert score(worse, WEIGHTS).ceiling <= score(judged, WEIGHTS).ceiling


@given(MANY, st.data())
def test_a_failure_of_worse_severity_never_raises(judged: list[Judged], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(judged) - 1))
    mild, severe = sorted(
        data.draw(st.tuples(st.sampled_from(Severity), st.sampled_from(Severity))), key=_mildness
    )
    before = with_one(judged, index, status=Status.FAIL, severity=mild)
    after = with_one(judged, index, status=Status.FAIL, severity=severe)
    assert floor(after) <= floor(before)


def _mildness(severity: Severity) -> int:
    return -severity.rank


@given(MANY, st.data())
def test_losing_a_judgement_never_raises_score_nor_grade(judged: list[Judged], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(judged) - 1))
    lost = with_one(judged, index, status=data.draw(st.sampled_from((Status.UNKNOWN, Status.ERROR))))
    assert floor(lost) <= floor(judged)
    assert quality(lost) <= quality(judged)


@given(MANY, st.data())
def test_a_pass_that_becomes_unknown_lowers_the_coverage(judged: list[Judged], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(judged) - 1))
    severity = data.draw(st.sampled_from([s for s in Severity if WEIGHTS[s]]))
    known = score(with_one(judged, index, status=Status.PASS, severity=severity), WEIGHTS)
    unknown = score(with_one(judged, index, status=Status.UNKNOWN, severity=severity), WEIGHTS)
    assert unknown.floor < known.floor
    assert unknown.coverage < known.coverage
    assert unknown.ceiling == known.ceiling


@given(MANY, MANY)
def test_the_whole_lies_between_its_parts(first: list[Judged], second: list[Judged]) -> None:
    parts = [part for part in (score(first, WEIGHTS), score(second, WEIGHTS)) if part.applicable]
    whole = score([*first, *second], WEIGHTS)
    if parts:
        assert min(part.floor for part in parts) <= whole.floor <= max(part.floor for part in parts)
        assert min(part.coverage for part in parts) <= whole.coverage <= max(part.coverage for part in parts)


@given(MANY, st.data())
def test_exceptions_lie_between_raw_and_as_if_fixed(judged: list[Judged], data: st.DataObject) -> None:
    waived = data.draw(st.sets(st.integers(0, len(judged) - 1)))
    failing = [
        replace(entry, status=Status.FAIL) if at in waived else entry for at, entry in enumerate(judged)
    ]
    listed = [replace(e, unwaived=None if at in waived else e.status) for at, e in enumerate(failing)]
    fixed = [replace(e, status=Status.PASS) if at in waived else e for at, e in enumerate(failing)]
    with_exceptions = score_with_waivers(listed, WEIGHTS).floor
    assert score(listed, WEIGHTS) == score(failing, WEIGHTS)
    assert floor(failing) <= with_exceptions <= floor(fixed)


# Every combination of a few findings, not only those that were drawn. An accepted failure is one of its own.
_CHECKS = 6 if settings().max_examples > 1_000 else 4
_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.LOW, Severity.INFO)
State = tuple[Status, Status | None]
_ACCEPTED: State = (Status.FAIL, None)
_STATES: tuple[State, ...] = (*((status, status) for status in Status), _ACCEPTED)


def level(states: Iterable[State]) -> Level:
    judged = [
        Judged("check", "server", severity, status, unwaived)
        for (status, unwaived), severity in zip(states, _SEVERITIES, strict=False)
    ]
    return level_of(tally(judged), POLICY)


def rank(found: Grade) -> int:
    return -LETTERS.index(found.letter) if found.letter else -len(LETTERS)


def test_every_combination_of_a_few_findings() -> None:
    levels = {states: level(states) for states in itertools.product(_STATES, repeat=_CHECKS)}
    for states, found in levels.items():
        assert found.score.floor <= found.with_waivers.floor
        for index, state in enumerate(states):
            failing, passing, unknown, accepted = (
                levels[*states[:index], other, *states[index + 1 :]]
                for other in (_STATES[1], _STATES[0], (Status.UNKNOWN, Status.UNKNOWN), _ACCEPTED)
            )
            for before, after in ((passing, failing), (found, failing), (found, unknown)):
                assert after.score.floor <= before.score.floor
                assert after.with_waivers.floor <= before.with_waivers.floor
            assert rank(unknown.grade) <= rank(found.grade)
            assert rank(unknown.grade_with_waivers) <= rank(found.grade_with_waivers)
            assert (accepted.score, accepted.grade) == (failing.score, failing.grade)
            assert failing.with_waivers.floor <= accepted.with_waivers.floor <= passing.with_waivers.floor
            if state == _STATES[0]:
                assert failing.score.floor == unknown.score.floor


def result(value: float, coverage: float = 100.0) -> Score:
    return Score(value, 100 - value, 0, value, value, coverage)


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        (100.0, "A"),
        (90.0, "A"),
        (math.nextafter(90, 0), "B"),
        (89.9999, "B"),
        (75.0, "B"),
        (74.9999, "C"),
        (60.0, "C"),
        (59.9999, "D"),
        (40.0, "D"),
        (39.9999, "E"),
        (0.0, "E"),
    ],
)
def test_letters_are_given_by_the_unrounded_score(value: float, letter: str) -> None:
    assert grade(result(value), [one(Status.PASS)], POLICY.grading).letter == letter


def test_a_score_a_hair_below_a_band_is_below_it() -> None:
    """89,999… % must not be shown as, or graded like, 90 %."""
    judged = [one(Status.PASS, Severity.LOW)] * 8_999 + [one(Status.FAIL, Severity.LOW)] * 1_000
    result_below = score([*judged, one(Status.FAIL, Severity.LOW)], WEIGHTS)
    assert result_below.floor == 89.99
    assert grade(result_below, [], POLICY.grading).letter == "B"


@pytest.mark.parametrize("open_status", [Status.FAIL, Status.UNKNOWN, Status.ERROR])
@pytest.mark.parametrize(
    ("severity", "letter"),
    [
        (Severity.CRITICAL, "D"),
        (Severity.HIGH, "B"),
        (Severity.MEDIUM, "A"),
        (Severity.LOW, "A"),
        (Severity.INFO, "A"),
    ],
)
def test_what_is_open_or_unknown_caps_the_letter(
    open_status: Status, severity: Severity, letter: str
) -> None:
    given_grade = grade(result(99.0), [one(open_status, severity)], POLICY.grading)
    assert given_grade.letter == letter
    assert given_grade.capped_by == (severity if letter != "A" else None)
    assert given_grade.reason == ("cap" if letter != "A" else "band")


def test_a_cap_never_lifts() -> None:
    assert grade(result(10.0), [one(Status.FAIL, Severity.CRITICAL)], POLICY.grading).letter == "E"


def test_below_the_coverage_floor_there_is_no_letter() -> None:
    below = grade(result(99.0, coverage=math.nextafter(80, 0)), [one(Status.PASS)], POLICY.grading)
    assert (below.letter, below.reason) == ("", "coverage")
    assert grade(result(99.0, coverage=80.0), [one(Status.PASS)], POLICY.grading).letter == "A"
