"""A level of compliance: floor, ceiling and coverage with their formula, the grade, and the trend."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.report import PreviousScore
from auditor.model.scorecard import Grade, Score, Scorecard
from reports.view.context import Context
from reports.view.labels import SEVERITIES
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage: exact for drawing and for JSON, truncated text for reading."""

    exact: float
    shown: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The three numbers that are always shown together. Not `applicable`: there was nothing to judge."""

    applicable: bool
    floor: Percent
    ceiling: Percent
    coverage: Percent
    formula: tuple[tuple[str, str], ...]
    """Name of the number → the formula with the weights put in."""


@dataclass(frozen=True, slots=True)
class GradeView:
    """The letter, or nothing when it is withheld, with the rule that decided."""

    letter: str
    sentence: str
    capped: bool


@dataclass(frozen=True, slots=True)
class TrendView:
    """The change since the run before; `rows` are name, before, now, change."""

    first: bool
    sentence: str
    rows: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LevelView:
    """Everything a card says about a level of compliance."""

    score: ScoreView
    with_waivers: ScoreView
    centre: ScoreView
    grade: GradeView
    trend: TrendView
    bands: tuple[tuple[str, str], ...]


def percent(words: Words, value: float) -> Percent:
    """Return a percentage to draw and to read."""
    return Percent(value, words.percent(value))


def score_view(words: Words, score: Score) -> ScoreView:
    """Return a score with its formulas filled in."""
    passed, failed, unjudged, whole = (
        words.quantity(weight) for weight in (score.passed, score.failed, score.unjudged, score.applicable)
    )
    floor, ceiling, coverage = (
        percent(words, value) for value in (score.floor, score.ceiling, score.coverage)
    )
    formula = (
        (words.say("Floor"), f"{passed} ÷ {whole} = {floor.shown}"),
        (words.say("Ceiling"), f"({passed} + {unjudged}) ÷ {whole} = {ceiling.shown}"),
        (words.say("Coverage"), f"({passed} + {failed}) ÷ {whole} = {coverage.shown}"),
    )
    return ScoreView(score.applicable > 0, floor, ceiling, coverage, formula)


def level_view(context: Context, card: Scorecard) -> LevelView:
    """Return the level of one OPD, or of the organisation (whose card has no OPD)."""
    words = context.words
    bands = context.data.policy.grading.bands
    return LevelView(
        score=score_view(words, card.score),
        with_waivers=score_view(words, card.score_with_waivers),
        centre=score_view(words, card.score_centre),
        grade=grade_view(context, card.grade),
        trend=trend_view(words, card.score, context.data.previous.get(card.opd)),
        bands=tuple((band.letter, words.percent(band.minimum)) for band in bands),
    )


def grade_view(context: Context, grade: Grade) -> GradeView:
    """Word a grade and the rule that decided it."""
    words, grading = context.words, context.data.policy.grading
    if grade.reason == "nothing_measured":
        sentence = words.say("Withheld: nothing was measured.")
    elif not grade.letter:
        minimum = words.percent(grading.coverage_floor)
        sentence = words.say("Withheld: coverage is below %(minimum)s.", minimum=minimum)
    elif grade.capped_by is not None:
        sentence = _capped(words, grade.letter, grade.capped_by)
    else:
        minimum = words.percent(next(b.minimum for b in grading.bands if b.letter == grade.letter))
        sentence = words.say(
            "Grade %(letter)s: the floor is at or above %(minimum)s.", letter=grade.letter, minimum=minimum
        )
    return GradeView(grade.letter, sentence, grade.capped_by is not None)


def _capped(words: Words, letter: str, severity: Severity) -> str:
    return words.say(
        "Capped at %(letter)s: a check of severity %(severity)s failed or could not be judged.",
        letter=letter,
        severity=words.say(SEVERITIES[severity]),
    )


def trend_view(words: Words, score: Score, previous: PreviousScore | None) -> TrendView:
    """Compare a score with the run before; changes are differences of the numbers shown."""
    if previous is None:
        return TrendView(True, words.say("First measurement: there is nothing to compare with yet."))
    pairs = (
        (words.say("Floor"), previous.floor, score.floor),
        (words.say("Ceiling"), previous.ceiling, score.ceiling),
        (words.say("Coverage"), previous.coverage, score.coverage),
    )
    rows = tuple(
        (name, words.percent(before), words.percent(now), words.difference(before, now))
        for name, before, now in pairs
    )
    day = words.day(words.local_day(previous.finished_at))
    sentence = words.say("Compared with the audit of %(day)s (in percentage points):", day=day)
    return TrendView(False, sentence, rows)
