"""The fewest findings whose fixing reaches a better grade, or what stands in the way of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditor.model.check import Severity
from auditor.model.next_grade import Blocker, NextGrade, Obstacle
from auditor.model.policy import Grading, Policy
from auditor.model.scorecard import Grade, Level, Score
from auditor.model.verdict import Status
from controls.covering import Item, cheapest_cover
from controls.scoring import UNJUDGED, Judged, Tally, level_of, tally, weight_of
from controls.sides import Side, by_opd
from controls.what_if import Fix, fixes_of, own_judged, ranked

_APPLICABLE = UNJUDGED | {Status.PASS, Status.FAIL}
BEST = ""
"""Stands for a better letter where there is none."""


@dataclass(frozen=True, slots=True)
class Step:
    """One fix, and the level once it and those before it are made."""

    fix: Fix
    after: Level


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way of an OPD to a grade.

    `excepted` tells which number it is about: with exceptions or without. `letter` is the grade to reach,
    empty when there is no better one. `steps` is empty when it is reached already or cannot be reached;
    `everything` is the level when all that can be fixed is fixed.
    """

    opd: str
    excepted: bool
    letter: str
    before: Level
    steps: tuple[Step, ...]
    everything: Level
    blocked_by: tuple[Blocker, ...] = ()

    @property
    def after(self) -> Level:
        """Return the level at the end of the way."""
        return self.steps[-1].after if self.steps else self.before

    @property
    def findings(self) -> tuple[str, ...]:
        """Return the ids of the findings to fix, in the order of work."""
        return tuple(finding for step in self.steps for finding in step.fix.findings)

    @property
    def hours(self) -> Fraction:
        """Return the effort of all steps together."""
        return sum((step.fix.hours for step in self.steps), Fraction(0))


def next_grades(side: Side, hours: Mapping[str, float]) -> dict[str, NextGrade]:
    """Return OPD id → its shortest way to the next grade, of every OPD that has verdicts in a run."""
    return {opd: next_grade(part, opd, hours) for opd, part in by_opd(side).items()}


def next_grade(side: Side, opd: str, hours: Mapping[str, float]) -> NextGrade:
    """Return the shortest way of an OPD to its next grade, for its card.

    `hours` is check id → hours of effort for one server.
    """
    way = shortest(side, opd, hours)
    return NextGrade(
        letter_from=way.before.grade.letter,
        letter_to=way.letter,
        letter_reached=way.after.grade.letter,
        floor_from=way.before.score.floor,
        floor_to=way.after.score.floor,
        findings=way.findings,
        hours=float(way.hours),
        blocked_by=way.blocked_by,
    )


def shortest(
    side: Side, opd: str, hours: Mapping[str, float], letter: str = "", *, excepted: bool = False
) -> Way:
    """Return the fewest findings whose fixing gives an OPD the next grade, or `letter` or a better one.

    Of equally few those of less effort. With `excepted` it is about the grade with exceptions, and accepted
    failures stay as they are. Raises ValueError for a letter that the policy does not have.
    """
    judged = own_judged(side, opd)
    fixes = fixes_of(side, opd, hours, excepted=excepted)
    counted = tally(judged)
    before = level_of(counted, side.policy)
    everything = level_of(_after(counted, fixes), side.policy)
    score, grade = _number(before, excepted)
    wanted = letter or better(grade, score, side.policy.grading)
    goal = _Goal(wanted, excepted, side.policy, judged)
    if wanted == BEST or (grade.letter and goal.rank(grade.letter) <= goal.rank(wanted)):
        return Way(opd, excepted, wanted, before, (), everything)
    blockers = tuple(goal.blockers(score, fixes))
    steps = () if blockers else tuple(_steps(goal.choice(fixes), counted, side.policy))
    return Way(opd, excepted, wanted, before, steps, everything, blockers)


def better(grade: Grade, score: Score, grading: Grading) -> str:
    """Return the letter above a grade, or BEST; above a withheld one the letter that the score would earn."""
    letters = [band.letter for band in grading.bands]
    if not grade.letter:
        return next((b.letter for b in grading.bands if score.floor >= b.minimum), letters[-1])
    at = letters.index(grade.letter)
    return letters[at - 1] if at else BEST


@dataclass(frozen=True, slots=True)
class _Goal:
    """A grade to reach from what was judged, without exceptions or with them."""

    letter: str
    excepted: bool
    policy: Policy
    judged: Sequence[Judged]

    def rank(self, letter: str) -> int:
        """Return 0 for the best letter."""
        return [band.letter for band in self.policy.grading.bands].index(letter)

    def capping(self) -> frozenset[Severity]:
        """Return the severities of which nothing may be open or unknown."""
        caps = self.policy.grading.caps.items()
        return frozenset(s for s, cap in caps if cap is not None and self.rank(cap) > self.rank(self.letter))

    def blockers(self, score: Score, fixes: Sequence[Fix]) -> Iterator[Blocker]:
        """Yield what no fixing removes."""
        if not score.applicable:
            yield Blocker(Obstacle.NOTHING_MEASURED, {})
            return
        unjudged, capping = self._unjudged(fixes), self.capping()
        grave = {severity: count for severity, count in unjudged.items() if severity in capping}
        if score.coverage < self.policy.grading.coverage_floor:
            yield Blocker(Obstacle.COVERAGE, unjudged)
        if grave:
            yield Blocker(Obstacle.UNJUDGED_CAPS, grave)
        if self._missing() > sum(fix.weight for fix in fixes if self._passes(fix)):
            yield Blocker(Obstacle.UNJUDGED_WEIGHT, unjudged)

    def choice(self, fixes: Sequence[Fix]) -> tuple[Fix, ...]:
        """Return the fewest fixes, by findings, that reach the letter: all that cap it, then the cheapest."""
        possible, capping = [fix for fix in fixes if self._passes(fix)], self.capping()
        chosen = [fix for fix in possible if fix.severity in capping]
        others = [fix for fix in possible if fix.severity not in capping]
        items = [Item(fix.weight, len(fix.findings), fix.hours) for fix in others]
        rest = self._missing() - sum(fix.weight for fix in chosen)
        return ranked([*chosen, *(others[place] for place in cheapest_cover(items, rest))])

    def _unjudged(self, fixes: Sequence[Fix]) -> dict[Severity, int]:
        """Count what is not judged, and what would not be once its failures are fixed."""
        behind = (fix.after for fix in fixes)
        counted = Counter(one.severity for one in (*self.judged, *behind) if self._status(one) in UNJUDGED)
        return {severity: counted[severity] for severity in Severity if counted[severity]}

    def _passes(self, fix: Fix) -> bool:
        """Return whether a fix turns its check on its server into a pass."""
        return self._status(fix.after) is Status.PASS

    def _missing(self) -> Fraction:
        """Return the weight that must pass beside what passes."""
        bands = self.policy.grading.bands
        minimum = Fraction(str(next(band.minimum for band in bands if band.letter == self.letter)))
        return minimum * self._weight(_APPLICABLE) / 100 - self._weight({Status.PASS})

    def _weight(self, statuses: Collection[Status]) -> Fraction:
        weights = self.policy.weights
        counted = Counter((j.severity, j.multiplier) for j in self.judged if self._status(j) in statuses)
        return sum((n * weight_of(*kind, weights) for kind, n in counted.items()), Fraction(0))

    def _status(self, judged: Judged) -> Status | None:
        return judged.unwaived if self.excepted else judged.status


def _number(level: Level, excepted: bool) -> tuple[Score, Grade]:
    if excepted:
        return level.with_waivers, level.grade_with_waivers
    return level.score, level.grade


def _steps(fixes: Iterable[Fix], counted: Tally, policy: Policy) -> Iterable[Step]:
    for fix in fixes:
        counted = _after(counted, [fix])
        yield Step(fix, level_of(counted, policy))


def _after(counted: Tally, fixes: Iterable[Fix]) -> Tally:
    """Return what is counted once some fixes are made."""
    listed = list(fixes)
    return counted + tally(fix.after for fix in listed) - tally(fix.before for fix in listed)
