"""A level of compliance: floor, ceiling and coverage with their formula, the grade, and the trend."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.scorecard import Grade, Level, Score, Scorecard
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
    put_in: str
    """The three formulas in one line, for where there is little room."""


@dataclass(frozen=True, slots=True)
class GradeView:
    """The letter, or nothing when it is withheld, with the rule that decided; `short` fits beside a score."""

    letter: str
    sentence: str
    short: str
    capped: bool


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level of compliance, without exceptions and with them; `same` when these change nothing."""

    score: ScoreView
    with_waivers: ScoreView
    grade: GradeView
    grade_with_waivers: GradeView
    same: bool


@dataclass(frozen=True, slots=True)
class TrendView:
    """The change since the run before; `rows` are name, before, now, change.

    `warning` comes before any of them when the rules of the two runs differ.
    """

    first: bool
    sentence: str
    warning: str = ""
    rows: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CardLevelView:
    """The level at the head of a card, and apart from it what the centre answers for.

    `whole` when the headline holds everything: of the organisation, and of the OPD that is the centre.
    """

    own: LevelView
    centre: LevelView
    whole: bool
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
    parts = (
        f"{passed} ÷ {whole}",
        f"({passed} + {unjudged}) ÷ {whole}",
        f"({passed} + {failed}) ÷ {whole}",
    )
    formula = (
        (words.say("Floor"), f"{parts[0]} = {floor.shown}"),
        (words.say("Ceiling"), f"{parts[1]} = {ceiling.shown}"),
        (words.say("Coverage"), f"{parts[2]} = {coverage.shown}"),
    )
    return ScoreView(score.applicable > 0, floor, ceiling, coverage, formula, " · ".join(parts))


def level_view(context: Context, level: Level) -> LevelView:
    """Return a level in words."""
    return LevelView(
        score=score_view(context.words, level.score),
        with_waivers=score_view(context.words, level.with_waivers),
        grade=grade_view(context, level.grade),
        grade_with_waivers=grade_view(context, level.grade_with_waivers),
        same=level.score == level.with_waivers and level.grade == level.grade_with_waivers,
    )


def card_level_view(context: Context, card: Scorecard) -> CardLevelView:
    """Return the level of one OPD, or of the organisation (whose card has no OPD)."""
    words = context.words
    bands = context.data.policy.grading.bands
    return CardLevelView(
        own=level_view(context, card.own),
        centre=level_view(context, card.centre),
        whole=card.opd in ("", context.data.inventory.organization.centre),
        trend=trend_view(context, card),
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
    short = (
        words.say("grade %(letter)s", letter=grade.letter) if grade.letter else words.say("grade withheld")
    )
    return GradeView(grade.letter, sentence, short, grade.capped_by is not None)


def _capped(words: Words, letter: str, severity: Severity) -> str:
    return words.say(
        "Capped at %(letter)s: a check of severity %(severity)s failed or could not be judged.",
        letter=letter,
        severity=words.say(SEVERITIES[severity]),
    )


def trend_view(context: Context, card: Scorecard) -> TrendView:
    """Compare a score with the run before; changes are differences of the numbers shown."""
    words, score, previous = context.words, card.score, context.data.previous.get(card.opd)
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
    comparison = context.data.comparisons.get(card.opd)
    other_rules = comparison is not None and not comparison.same_rules
    return TrendView(False, sentence, other_rules_warning(words) if other_rules else "", rows)


def other_rules_warning(words: Words) -> str:
    """Say that two runs were judged by different rules, so that their difference tells nothing."""
    return words.say(
        "The two audits were judged by different rules: their scores are not comparable, and the "
        "difference is neither progress nor a setback."
    )
