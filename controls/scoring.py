"""Scores: one function per number. The formulas are the ones printed on the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from auditor.model.check import Severity
from auditor.model.inventory import Responsible
from auditor.model.policy import Grading, Policy
from auditor.model.scorecard import Grade, Level, Score
from auditor.model.verdict import WORST_FIRST, Status

UNJUDGED = frozenset({Status.UNKNOWN, Status.ERROR})
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Judged:
    """One check on one server: the worst status over its subjects, and the same without waived failures.

    `unwaived` is None when nothing but waived failures is left. Where names of several OPD share a server,
    there is one for each OPD; `side` answers for it.
    """

    check: str
    server: str
    severity: Severity
    status: Status
    unwaived: Status | None
    multiplier: float = 1.0
    opd: str = ""
    side: Responsible = Responsible.OPD
    loosened: bool = False


Kind = tuple[Severity, Status, Status | None, float]
"""Severity, status, status without waived failures, multiplier."""
Tally = Counter[Kind]
"""How many of each kind: what is counted once can be added up for every control, clause and server."""
_Weighed = tuple[Severity, Status, float]


def tally(judged: Iterable[Judged]) -> Tally:
    """Count what decides about scores and grades."""
    return Counter((one.severity, one.status, one.unwaived, one.multiplier) for one in judged)


def level_of(counted: Tally, policy: Policy) -> Level:
    """Return score and grade, without exceptions and with them."""
    raw: dict[_Weighed, int] = {}
    excepted: dict[_Weighed, int] = {}
    for (severity, status, unwaived, factor), count in counted.items():
        raw[severity, status, factor] = raw.get((severity, status, factor), 0) + count
        if unwaived is not None:
            excepted[severity, unwaived, factor] = excepted.get((severity, unwaived, factor), 0) + count
    plain = _score_of(raw, policy.weights)
    grade_of_plain = _grade_of(plain, raw, policy.grading)
    if raw == excepted:
        return Level(plain, plain, grade_of_plain, grade_of_plain)
    lenient = _score_of(excepted, policy.weights)
    return Level(plain, lenient, grade_of_plain, _grade_of(lenient, excepted, policy.grading))


def worst(statuses: Iterable[Status]) -> Status | None:
    """Return the worst of some statuses, or None of none."""
    found = tuple(statuses)
    for status in WORST_FIRST:
        if status in found:
            return status
    return None


def score(judged: Iterable[Judged], weights: Mapping[Severity, int]) -> Score:
    """Return the score without exceptions: passed ÷ applicable weight, unknown staying in the denominator."""
    return _score_of(Counter((one.severity, one.status, one.multiplier) for one in judged), weights)


def score_with_waivers(judged: Iterable[Judged], weights: Mapping[Severity, int]) -> Score:
    """Return the score with waived failures left out of both numerator and denominator."""
    counted = Counter((j.severity, j.unwaived, j.multiplier) for j in judged if j.unwaived is not None)
    return _score_of(counted, weights)


def grade(result: Score, judged: Iterable[Judged], grading: Grading) -> Grade:
    """Return the letter for a score: withheld below the coverage floor, capped by what is open or unknown.

    An unjudged check caps like a failing one: otherwise blocking the scanner would lift a grade.
    """
    return _grade_of(result, ((one.severity, one.status, one.multiplier) for one in judged), grading)


def _grade_of(result: Score, kinds: Iterable[_Weighed], grading: Grading) -> Grade:
    if not result.applicable:
        return Grade("", "nothing_measured")
    if result.coverage < grading.coverage_floor:
        return Grade("", "coverage")
    letters = [band.letter for band in grading.bands]
    earned = next((b.letter for b in grading.bands if result.floor >= b.minimum), letters[-1])
    open_severities = {
        severity for severity, status, _ in kinds if status in UNJUDGED or status is Status.FAIL
    }
    capped, by = earned, None
    for severity in _SEVERITIES:
        cap = grading.caps.get(severity)
        if severity in open_severities and cap is not None and letters.index(cap) > letters.index(capped):
            capped, by = cap, severity
    return Grade(capped, "cap" if by else "band", by)


def weight_of(severity: Severity, multiplier: float, weights: Mapping[Severity, int]) -> Fraction:
    """Return what one check on one server weighs.

    Fractions keep sums exact, so that neither order nor pooling can move a score by a rounding error.
    """
    return Fraction(weights[severity]) * Fraction(str(multiplier))


def _score_of(counted: Mapping[_Weighed, int], weights: Mapping[Severity, int]) -> Score:
    """Add up in whole parts of the finest multiplier: as exact as fractions, and a good deal quicker."""
    unit = lcm(*{_ratio(multiplier)[1] for _, _, multiplier in counted})
    passed = failed = unjudged = 0
    for (severity, status, multiplier), count in counted.items():
        numerator, denominator = _ratio(multiplier)
        weight = count * weights[severity] * numerator * (unit // denominator)
        if status is Status.PASS:
            passed += weight
        elif status is Status.FAIL:
            failed += weight
        elif status in UNJUDGED:
            unjudged += weight
    applicable = passed + failed + unjudged

    def percent(part: int) -> float:
        # The quotient of two integers is the nearest float there is, however large they are.
        return 100 * part / applicable if applicable else 0.0

    return Score(
        passed / unit,
        failed / unit,
        unjudged / unit,
        floor=percent(passed),
        ceiling=percent(passed + unjudged),
        coverage=percent(passed + failed),
    )


@lru_cache(maxsize=64)
def _ratio(multiplier: float) -> tuple[int, int]:
    """Return a multiplier as written: 1.1 is eleven tenths."""
    return Fraction(str(multiplier)).as_integer_ratio()
