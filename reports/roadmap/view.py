"""The roadmap as readers see it: quarters, years, sides, packages, and what the plan leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model.roadmap import Package, Roadmap, RoadmapRules
from reports.roadmap.chart import ChartView, chart_view
from reports.roadmap.notes import assumption_rows, has_cost, is_example, left_out_rows
from reports.roadmap.rows import PackageRow, package_row
from reports.roadmap.tables import SumRow, opd_rows, quarter_rows
from reports.roadmap.totals import QuarterSums, Sums, by_quarter, chosen, sums
from reports.roadmap.words import PREFIX, cost, days, quarter_label
from reports.view.context import Context
from reports.view.identity import Letterhead, Row, document_rows, letterhead, policy_limits, proof_rows
from reports.visible import shown
from reports.words import Words

_SHOWN_IN_A_QUARTER = 15
"""Packages that the page over all OPD lists of one quarter; those of one OPD are listed whole."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with what it means."""

    label: str
    value: str
    note: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class QuarterView:
    """The packages of a quarter; `rest` says how many more there are than are listed."""

    name: str
    sentence: str
    rows: tuple[PackageRow, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class RoadmapView:
    """The whole page; without `plan` there is nothing but the head."""

    head: Letterhead
    subject: str
    document: tuple[Row, ...]
    proof: tuple[Row, ...]
    limits: tuple[str, ...]
    planned: bool
    whole: bool
    example: bool
    """Whether it was planned with the shipped example values."""
    with_cost: bool
    tiles: tuple[Tile, ...]
    chart: ChartView | None
    quarters: tuple[SumRow, ...]
    opds: tuple[SumRow, ...]
    packages: tuple[QuarterView, ...]
    assumptions: tuple[Row, ...]
    left_out: tuple[tuple[str, str, str], ...]


def roadmap_view(context: Context) -> RoadmapView:
    """Return the page over all OPD."""
    return _view(context, None)


def opd_roadmap_view(context: Context, opd_id: str) -> RoadmapView:
    """Return the page of one OPD: its own work, and what the centre does on its behalf."""
    return _view(context, opd_id)


def _view(context: Context, opd_id: str | None) -> RoadmapView:
    words, plan = context.words, context.data.roadmap or _NOTHING
    packages = chosen(plan, opd_id)
    quarters, total = tuple(by_quarter(plan, packages)), sums(packages, plan.edition)
    return RoadmapView(
        head=letterhead(context, opd_id),
        subject=shown(context.opd(opd_id).name) if opd_id else words.say("All OPD"),
        document=document_rows(context, PREFIX, opd_id),
        proof=proof_rows(context),
        limits=policy_limits(context),
        planned=context.data.roadmap is not None,
        whole=opd_id is None,
        example=is_example(plan.rules),
        with_cost=has_cost(plan.rules),
        tiles=_tiles(words, plan, total, quarters),
        chart=chart_view(words, quarters, total.risk),
        quarters=quarter_rows(words, plan, quarters, total, None if opd_id else context.data),
        opds=() if opd_id else opd_rows(context, plan),
        packages=_packages(context, plan, quarters, packages, opd_id),
        assumptions=assumption_rows(words, plan),
        left_out=left_out_rows(words, plan, opd_id),
    )


_NOTHING = Roadmap((), (), RoadmapRules(), {})


def _tiles(words: Words, plan: Roadmap, total: Sums, quarters: Sequence[QuarterSums]) -> tuple[Tile, ...]:
    left = quarters[-1].risk_left if quarters else 0.0
    placed = [one for one in quarters if one.packages]
    gone = 100 * (total.risk - left) / total.risk if total.risk else 100.0
    known = has_cost(plan.rules)
    return (
        Tile(
            words.say("Packages of work"),
            words.integer(total.packages),
            words.say(
                "%(findings)s findings, %(controls)s controls",
                findings=words.integer(total.findings),
                controls=words.integer(total.controls),
            ),
        ),
        Tile(words.say("Person-days"), words.quantity(total.days), words.say("with the reserve")),
        Tile(
            words.say("Cost"),
            cost(words, total.cost, plan.rules.currency) if known else "–",
            words.say("at the rates of the policy") if known else words.say("no rates in the policy"),
        ),
        Tile(
            words.say("Risk that the plan removes"),
            words.percent(gone),
            words.say("until %(quarter)s", quarter=quarter_label(words, placed[-1].quarter))
            if placed
            else "",
        ),
        Tile(
            words.say("Deadlines that cannot be met"),
            words.integer(total.late),
            words.say("packages, at this capacity"),
            alarm=total.late > 0,
        ),
    )


def _until(words: Words, one: QuarterSums) -> str:
    return words.say("until %(quarter)s", quarter=quarter_label(words, one.quarter))


def _packages(
    context: Context,
    plan: Roadmap,
    quarters: Sequence[QuarterSums],
    packages: Sequence[Package],
    opd_id: str | None,
) -> tuple[QuarterView, ...]:
    words = context.words
    numbers = {one.id: number for number, one in enumerate(plan.packages, start=1)}
    unplaced = tuple(one for one in packages if one.quarter is None)
    listed = [(quarter_label(words, one.quarter), one.packages) for one in quarters if one.packages]
    if unplaced:
        listed.append((words.say("Without room in these years"), unplaced))
    limit = _SHOWN_IN_A_QUARTER if opd_id is None else len(packages)
    return tuple(
        QuarterView(
            name=name,
            sentence=_sentence(words, plan, sums(mine, plan.edition)),
            rows=tuple(package_row(context, plan, one, numbers[one.id]) for one in mine[:limit]),
            rest=_rest(words, len(mine) - limit),
        )
        for name, mine in listed
    )


def _sentence(words: Words, plan: Roadmap, one: Sums) -> str:
    count = words.plural("%(count)s package", "%(count)s packages", one.packages)
    parts = [count, days(words, one.days)]
    if one.cost is not None:
        parts.append(cost(words, one.cost, plan.rules.currency))
    return " · ".join(parts)


def _rest(words: Words, count: int) -> str:
    if count <= 0:
        return ""
    return words.plural(
        "%(count)s more package is listed on the page of its OPD and in the workbook.",
        "%(count)s more packages are listed on the pages of their OPD and in the workbook.",
        count,
    )
