"""The tables of totals: quarters with their years, and OPD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditor.model.inventory import Responsible
from auditor.model.report import ReportData
from auditor.model.roadmap import Quarter, Roadmap
from reports.roadmap.rows import opd_name
from reports.roadmap.totals import OpdSums, QuarterSums, Sums, by_opd, by_year
from reports.roadmap.words import cost, quarter_label
from reports.view.context import Context
from reports.words import Words


@dataclass(frozen=True, slots=True)
class SumRow:
    """Totals of a quarter, a year or an OPD under a name. `year` marks the sum of a calendar year."""

    name: str
    packages: str
    findings_days: str
    controls_days: str
    days: str
    cost: str
    risk: str
    left: str
    late: int
    capacity: str = ""
    last: str = ""
    year: bool = False


def quarter_rows(
    words: Words, plan: Roadmap, quarters: Sequence[QuarterSums], total: Sums, whole: ReportData | None
) -> tuple[SumRow, ...]:
    """Return a row for each quarter with work, and the sum of each year after its quarters."""
    years, rows = by_year(plan, quarters), []
    for place, one in enumerate(quarters):
        capacity = _capacity(words, plan, place, whole)
        if one.packages:
            name = quarter_label(words, one.quarter)
            rows.append(_row(words, plan, name, one.sums, _left(words, one, total), capacity=capacity))
        following = quarters[place + 1].quarter.year if place + 1 < len(quarters) else None
        if following != one.quarter.year and years[one.quarter.year].packages:
            name = words.say("Year %(year)s", year=one.quarter.year)
            year = years[one.quarter.year]
            rows.append(_row(words, plan, name, year, _left(words, one, total), year=True))
    return tuple(rows)


def _capacity(words: Words, plan: Roadmap, place: int, whole: ReportData | None) -> str:
    """Return the days of all who may work in a quarter; "" on the page of one OPD, which does a part."""
    if whole is None:
        return ""
    others = sum(opd != whole.inventory.organization.centre for opd in whole.scorecards)
    centre, each = plan.capacity[Responsible.CENTRE][place], plan.capacity[Responsible.OPD][place]
    return words.quantity(centre + each * others)


def _left(words: Words, one: QuarterSums, total: Sums) -> str:
    if not total.risk:
        return "–"
    share = words.percent(100 * one.risk_left / total.risk)
    return f"{words.quantity(one.risk_left)} ({share})"


def _row(
    words: Words,
    plan: Roadmap,
    name: str,
    one: Sums,
    left: str = "",
    *,
    capacity: str = "",
    last: str = "",
    year: bool = False,
) -> SumRow:
    return SumRow(
        name=name,
        packages=words.integer(one.packages),
        findings_days=words.quantity(one.findings_days),
        controls_days=words.quantity(one.controls_days),
        days=words.quantity(one.days),
        cost=cost(words, one.cost, plan.rules.currency),
        risk=words.quantity(one.risk),
        left=left,
        late=one.late,
        capacity=capacity,
        last=last,
        year=year,
    )


def opd_rows(context: Context, plan: Roadmap) -> tuple[SumRow, ...]:
    """Return each OPD with the days of its own side and of the centre, and when its work is done."""
    return tuple(
        _opd(context, plan, one) for one in by_opd(plan, [opd.id for opd in context.data.inventory.opds])
    )


def _opd(context: Context, plan: Roadmap, one: OpdSums) -> SumRow:
    words = context.words
    row = _row(words, plan, opd_name(context, one.opd), one.whole, last=_last(words, one.last))
    # The two columns in the middle tell sides here, and kinds of work in the other tables.
    return replace(
        row,
        findings_days=words.quantity(one.own.days),
        controls_days=words.quantity(one.centre.days),
    )


def _last(words: Words, quarter: Quarter | None) -> str:
    return quarter_label(words, quarter) if quarter else words.say("no room")
