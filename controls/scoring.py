"""Scores: one function per number. The formulas are the ones printed on the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditor.model.check import Severity
from auditor.model.policy import Grading
from auditor.model.scorecard import Grade, Score
from auditor.model.verdict import WORST_FIRST, Status

UNJUDGED = frozenset({Status.UNKNOWN, Status.ERROR})


@dataclass(frozen=True, slots=True)
class Judged:
    """One check on one server: the worst status over its subjects, and the same without waived failures.

    `unwaived` is None when nothing but waived failures is left.
    """

    check: str
    server: str
    severity: Severity
    status: Status
    unwaived: Status | None
    multiplier: float = 1.0


def worst(statuses: Iterable[Status]) -> Status | None:
    """Return the worst of some statuses, or None of none."""
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), None)


def score(judged: Iterable[Judged], weights: Mapping[Severity, int]) -> Score:
    """Return the score without exceptions: passed ÷ applicable weight, unknown staying in the denominator."""
    return _score((one.status, _weight(one, weights)) for one in judged)


def score_with_waivers(judged: Iterable[Judged], weights: Mapping[Severity, int]) -> Score:
    """Return the score with waived failures left out of both numerator and denominator."""
    return _score((one.unwaived, _weight(one, weights)) for one in judged if one.unwaived is not None)


def grade(result: Score, judged: Iterable[Judged], grading: Grading) -> Grade:
    """Return the letter for a score: withheld below the coverage floor, capped by what is open or unknown.

    An unjudged check caps like a failing one: otherwise blocking the scanner would lift a grade.
    """
    if not result.applicable:
        return Grade("", "nothing_measured")
    if result.coverage < grading.coverage_floor:
        return Grade("", "coverage")
    letters = [band.letter for band in grading.bands]
    earned = next((b.letter for b in grading.bands if result.floor >= b.minimum), letters[-1])
    open_severities = {j.severity for j in judged if j.status in UNJUDGED or j.status is Status.FAIL}
    capped, by = earned, None
    for severity in Severity:
        cap = grading.caps.get(severity)
        if severity in open_severities and cap is not None and letters.index(cap) > letters.index(capped):
            capped, by = cap, severity
    return Grade(capped, "cap" if by else "band", by)


def _weight(one: Judged, weights: Mapping[Severity, int]) -> Fraction:
    # Fractions keep sums exact, so that neither order nor pooling can move a score by a rounding error.
    return Fraction(weights[one.severity]) * Fraction(str(one.multiplier))


def _score(weighted: Iterable[tuple[Status, Fraction]]) -> Score:
    passed = failed = unjudged = Fraction(0)
    for status, weight in weighted:
        if status is Status.PASS:
            passed += weight
        elif status is Status.FAIL:
            failed += weight
        elif status in UNJUDGED:
            unjudged += weight
    applicable = passed + failed + unjudged

    def percent(part: Fraction) -> float:
        return float(100 * part / applicable) if applicable else 0.0

    return Score(
        float(passed),
        float(failed),
        float(unjudged),
        floor=percent(passed),
        ceiling=percent(passed + unjudged),
        coverage=percent(passed + failed),
    )
