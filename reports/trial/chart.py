"""The burn-down chart: one stacked bar for each day with an audit, drawn without script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.model.check import Severity
from auditor.model.trial_status import Forecast, TrialDay
from reports.view.labels import Badge, badge
from reports.words import Words

_GAP = 0.22
"""Part of a day's width that is left empty between two bars."""
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
_SHOWN = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
"""Remarks are told in the table alone: they weigh nothing."""


@dataclass(frozen=True, slots=True)
class Block:
    """One severity on one day, in percent of the drawing; `y` counts from the top."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the chart at a percentage of its width."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything to draw. `forecast` and `end` are percentages of the width, None where there is none."""

    blocks: tuple[Block, ...]
    top: str
    """The number at the upper edge."""
    half: str
    ticks: tuple[Tick, ...]
    forecast: float | None
    end: float
    legend: tuple[Badge, ...]
    spoken: str


def chart_view(
    words: Words, days: Iterable[TrialDay], starts: date, ends: date, expected: Forecast
) -> ChartView | None:
    """Return the chart of a trial, the day of the baseline first; None while there is nothing to draw."""
    listed = list(days)
    if not listed:
        return None
    # The baseline may lie days before the trial: it stands right beside the first day all the same.
    first = starts if listed[0].day >= starts else starts - timedelta(days=1)
    last = max(ends, listed[-1].day)
    width = 100 / ((last - first).days + 1)
    highest = _nice(max(sum(day.open[severity] for severity in _SHOWN) for day in listed))

    def left(day: date) -> float:
        return (max(day, first) - first).days * width

    blocks = tuple(block for day in listed for block in _bar(day, left(day.day), width, highest))
    done = expected.day if expected.day is not None and expected.day <= last else None
    return ChartView(
        blocks=blocks,
        top=words.integer(highest),
        half=words.integer(highest // 2),
        ticks=_ticks(words, first, starts, last, width),
        forecast=left(done) + width / 2 if done else None,
        end=left(ends) + width,
        legend=tuple(badge(words, severity) for severity in _SHOWN),
        spoken=_spoken(words, listed),
    )


def _bar(day: TrialDay, left: float, width: float, highest: int) -> Iterable[Block]:
    base = 100.0
    for severity in reversed(_SHOWN):
        height = 100 * day.open[severity] / highest
        if height:
            base -= height
            yield Block(severity.value, left + width * _GAP / 2, base, width * (1 - _GAP), height)


def _nice(highest: int) -> int:
    """Return the next number above what is highest that reads well, and half of it too."""
    step = 1
    while step * 10 < highest:
        step *= 10
    return next(step * n for n in ((2, 4, 6, 8, 10) if step == 1 else _STEPS) if step * n >= highest)


def _ticks(words: Words, first: date, starts: date, last: date, width: float) -> tuple[Tick, ...]:
    """Return the first day, the last one, and some between them."""
    days = (last - starts).days
    parts = [starts, starts + timedelta(days=days // 2), last] if days > 1 else [starts, last]
    return tuple(Tick(((day - first).days + 0.5) * width, words.day(day)) for day in dict.fromkeys(parts))


def _spoken(words: Words, days: list[TrialDay]) -> str:
    return words.say(
        "Open findings: %(before)s on %(first)s, %(now)s on %(last)s",
        before=words.integer(sum(days[0].open.values())),
        first=words.day(days[0].day),
        now=words.integer(sum(days[-1].open.values())),
        last=words.day(days[-1].day),
    )
