"""How a score moved over earlier audits: a line to look at, and a table of its points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from auditor.model.report import PreviousScore
from auditor.model.scorecard import Scorecard
from reports.view.context import Context
from reports.visible import shown
from reports.words import N_

_LONGEST_TABLE = 12
_WIDTH, _HEIGHT, _MARGIN = 640, 200, 8
_Period = Callable[[date], object]
_PERIODS: tuple[tuple[str, _Period], ...] = (
    (N_("Each row is the last audit of a day."), lambda day: day),
    (N_("Each row is the last audit of a week."), lambda day: day.isocalendar()[:2]),
    (N_("Each row is the last audit of a month."), lambda day: (day.year, day.month)),
    (N_("Each row is the last audit of a quarter."), lambda day: (day.year, (day.month - 1) // 3)),
    (N_("Each row is the last audit of a year."), lambda day: day.year),
)
"""From short to long: the first with few enough rows is shown."""


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One audit in the table; `change` is since the row below, empty where not comparable."""

    day: str
    run: str
    floor: str
    ceiling: str
    coverage: str
    letter: str
    change: str
    other_rules: bool


@dataclass(frozen=True, slots=True)
class TrendDot:
    """One audit on the drawing; a hollow one was judged by other rules."""

    kind: str
    x: float
    y: float
    hollow: bool


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A drawing of `width` by `height` with one line per number, and the table that says the same.

    `lines` are kind → points as SVG writes them. Audits by other rules are dots without a line.
    """

    spoken: str
    sentence: str
    width: int
    height: int
    lines: tuple[tuple[str, str], ...]
    band: str
    """Outline of the area between floor and ceiling."""
    dots: tuple[TrendDot, ...]
    first: str
    last: str
    rows: tuple[TrendRow, ...]
    other_rules: bool


def trend_chart(context: Context, card: Scorecard) -> TrendChart | None:
    """Return how the score of a card moved; None where no earlier audit of the same servers is known."""
    history = context.data.history.get(card.opd, ())
    if not history:
        return None
    points = [*history, _now(context, card)]
    daily = _last_of_each(context, points, lambda day: day)
    place = _places(daily)
    comparable = [point for point in daily if point.same_rules]
    sentence, period = _period(context, points)
    return TrendChart(
        spoken=_spoken(context, points),
        sentence=context.words.say(sentence),
        width=_WIDTH,
        height=_HEIGHT,
        lines=tuple((kind, _line(comparable, of, place)) for kind, of in _NUMBERS.items()),
        band=_band(comparable, place),
        dots=tuple(_dots(daily, place)),
        first=_day(context, points[0]),
        last=_day(context, points[-1]),
        rows=_rows(context, _last_of_each(context, points, period)),
        other_rules=any(not point.same_rules for point in daily),
    )


_Number = Callable[[PreviousScore], float]
_Place = Callable[[PreviousScore, float], tuple[float, float]]
_NUMBERS: Mapping[str, _Number] = {
    "ceiling": lambda point: point.ceiling,
    "coverage": lambda point: point.coverage,
    "floor": lambda point: point.floor,
}
"""In the order in which they are drawn: the floor lies on top."""


def _now(context: Context, card: Scorecard) -> PreviousScore:
    run, score = context.data.run, card.score
    ended = run.finished_at or run.started_at
    return PreviousScore(run.id, ended, score.floor, score.ceiling, score.coverage, card.grade.letter)


def _last_of_each(context: Context, points: Sequence[PreviousScore], period: _Period) -> list[PreviousScore]:
    last = {period(context.words.local_day(point.finished_at)): point for point in points}
    return list(last.values())


def _period(context: Context, points: Sequence[PreviousScore]) -> tuple[str, _Period]:
    """Return the shortest period that gives few enough rows, with the sentence that names it."""
    for sentence, period in _PERIODS:
        if len(_last_of_each(context, points, period)) <= _LONGEST_TABLE:
            return sentence, period
    return _PERIODS[-1]


def _places(points: Sequence[PreviousScore]) -> _Place:
    """Return where a number of an audit is drawn, true to time; two on one instant share a place."""
    first = points[0].finished_at
    span = (points[-1].finished_at - first).total_seconds() or 1.0

    def place(point: PreviousScore, value: float) -> tuple[float, float]:
        x = (point.finished_at - first).total_seconds() / span if len(points) > 1 else 1.0
        return _MARGIN + x * (_WIDTH - 2 * _MARGIN), _MARGIN + (1 - value / 100) * (_HEIGHT - 2 * _MARGIN)

    return place


def _line(points: Iterable[PreviousScore], of: _Number, place: _Place) -> str:
    return " ".join(_pair(place(point, of(point))) for point in points)


def _band(points: Sequence[PreviousScore], place: _Place) -> str:
    there = [place(point, point.ceiling) for point in points]
    back = [place(point, point.floor) for point in reversed(points)]
    return " ".join(map(_pair, [*there, *back]))


def _pair(at: tuple[float, float]) -> str:
    return f"{at[0]:.1f},{at[1]:.1f}"


def _dots(points: Sequence[PreviousScore], place: _Place) -> Iterable[TrendDot]:
    """Yield a dot for what no line joins, and for the newest audit."""
    alone = sum(point.same_rules for point in points) == 1
    for number, point in enumerate(points, 1):
        if not point.same_rules or alone or number == len(points):
            for kind, of in _NUMBERS.items():
                yield TrendDot(kind, *place(point, of(point)), hollow=not point.same_rules)


def _rows(context: Context, points: Sequence[PreviousScore]) -> tuple[TrendRow, ...]:
    """Return the rows of the table, the newest audit first."""
    befores = [None, *points[:-1]]
    rows = [_row(context, point, before) for point, before in zip(points, befores, strict=True)]
    return tuple(reversed(rows))


def _row(context: Context, point: PreviousScore, before: PreviousScore | None) -> TrendRow:
    words = context.words
    comparable = before is not None and before.same_rules and point.same_rules
    return TrendRow(
        day=_day(context, point),
        run=shown(point.run),
        floor=words.percent(point.floor),
        ceiling=words.percent(point.ceiling),
        coverage=words.percent(point.coverage),
        letter=shown(point.letter) or "–",
        change=words.difference(before.floor, point.floor) if before is not None and comparable else "",
        other_rules=not point.same_rules,
    )


def _day(context: Context, point: PreviousScore) -> str:
    moment: datetime = point.finished_at
    return context.words.day(context.words.local_day(moment))


def _spoken(context: Context, points: Sequence[PreviousScore]) -> str:
    words, first, last = context.words, points[0], points[-1]
    return words.say(
        "Floor: %(before)s on %(first)s, %(now)s on %(last)s",
        before=words.percent(first.floor),
        first=_day(context, first),
        now=words.percent(last.floor),
        last=_day(context, last),
    )
