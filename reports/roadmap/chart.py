"""The chart of a plan: effort per quarter as bars, and the risk that is left as a line above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.roadmap.totals import QuarterSums
from reports.roadmap.words import quarter_label
from reports.words import Words

WIDTH, HEIGHT = 1000, 260
"""Of the drawing: about what it is stretched to, so that programs which stretch lines keep them thin."""
_GAP = 0.24
"""Part of a quarter's width that is left empty between two bars."""
_FEWEST = 8
"""Quarters that are drawn at least, as far as the plan reaches; empty ones after them are not."""
_STEPS = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar, in units of the drawing; `y` counts from the top."""

    kind: str
    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything to draw. `line` is the path of the risk that is left, empty where there was none."""

    bars: tuple[Bar, ...]
    line: str
    top: str
    """Person-days at the upper edge."""
    half: str
    ticks: tuple[str, ...]
    """The first quarter and every later year's first, in order; `columns` of equal width."""
    spans: tuple[int, ...]
    """Quarters under each tick."""
    spoken: str


def chart_view(words: Words, quarters: Sequence[QuarterSums], risk: float) -> ChartView | None:
    """Return the chart of a plan; None where there is nothing to do."""
    busy = [place for place, one in enumerate(quarters) if one.packages]
    if not busy:
        return None
    quarters = quarters[: max(busy[-1] + 1, _FEWEST)]
    highest = _nice(max(one.sums.days for one in quarters))
    width = WIDTH / len(quarters)
    bars = tuple(
        bar for place, one in enumerate(quarters) for bar in _bars(words, one, place * width, width, highest)
    )
    ticks, spans = _ticks(quarters)
    return ChartView(
        bars=bars,
        line=_line(quarters, width, risk),
        top=words.integer(highest),
        half=words.quantity(highest / 2),
        ticks=ticks,
        spans=spans,
        spoken=_spoken(words, quarters, risk),
    )


def _bars(words: Words, one: QuarterSums, left: float, width: float, highest: int) -> list[Bar]:
    base, made = float(HEIGHT), []
    label = quarter_label(words, one.quarter)
    for kind, days in (("findings", one.sums.findings_days), ("controls", one.sums.controls_days)):
        height = HEIGHT * days / highest
        if height:
            base -= height
            title = f"{label}: {words.quantity(days)}"
            made.append(Bar(kind, title, left + width * _GAP / 2, base, width * (1 - _GAP), height))
    return made


def _line(quarters: Sequence[QuarterSums], width: float, risk: float) -> str:
    """Return steps: what is left stays until the end of each quarter, when its work is done."""
    if not risk:
        return ""
    heights = [HEIGHT - HEIGHT * one.risk_left / risk for one in quarters]
    steps = "".join(
        f"V{height:.2f}H{(place + 2) * width:.2f}" if place + 1 < len(heights) else f"V{height:.2f}"
        for place, height in enumerate(heights)
    )
    return f"M0 0H{width:.2f}{steps}"


def _nice(highest: float) -> int:
    """Return the next number above what is highest that reads well."""
    step = 1
    while step * 10 < highest:
        step *= 10
    return next(step * n for n in _STEPS if step * n >= highest)


def _ticks(quarters: Sequence[QuarterSums]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    years = [one.quarter.year for one in quarters]
    different = list(dict.fromkeys(years))
    spans = tuple(years.count(year) for year in different)
    # A single quarter has no room for four digits on a telephone.
    labels = (
        str(year) if span > 1 else f"’{year % 100:02}" for year, span in zip(different, spans, strict=True)
    )
    return tuple(labels), spans


def _spoken(words: Words, quarters: Sequence[QuarterSums], risk: float) -> str:
    return words.say(
        "%(days)s person-days from %(first)s to %(last)s; risk left: %(before)s before, %(after)s after",
        days=words.quantity(sum(one.sums.days for one in quarters)),
        first=quarter_label(words, quarters[0].quarter),
        last=quarter_label(words, quarters[-1].quarter),
        before=words.quantity(risk),
        after=words.quantity(quarters[-1].risk_left),
    )
