"""The leadership summary: one page over all OPD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.inventory import Opd
from reports.view.capped import Capped, capped
from reports.view.change import ChangeView, change_view
from reports.view.context import Context
from reports.view.decisions import below_coverage, decisions
from reports.view.identity import (
    Letterhead,
    Row,
    document_rows,
    letterhead,
    policy_limits,
    proof_rows,
)
from reports.view.movers import MoversView, movers_view
from reports.view.opd_rows import OpdRow, opd_row
from reports.view.score import CardLevelView, card_level_view
from reports.view.scorecard import movement
from reports.view.servers import GapKind, GapView, gap_views
from reports.view.statuses import Segment, group_label, status_totals
from reports.view.trend import TrendChart, trend_chart
from reports.view.way import WayView, way_view
from reports.visible import shown

_GRAVE = (Severity.CRITICAL, Severity.HIGH)
_MERGED_COLUMNS = 6
"""So many clauses or themes stand beside the other numbers of an OPD; more have a table of their own."""
_LONGEST_GAPS = 10


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the five numbers, with the line below it; `alarm` when it asks for action."""

    label: str
    value: str
    note: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class OpdGaps:
    """What could not be measured at one OPD, the gravest first, with what is left to tell."""

    name: str
    gaps: Capped[GapView]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """Everything on the leadership's page."""

    head: Letterhead
    document: tuple[Row, ...]
    proof: tuple[Row, ...]
    level: CardLevelView
    change: ChangeView | None
    way: WayView | None
    tiles: tuple[Tile, ...]
    totals: tuple[Segment, ...]
    movement: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[OpdRow, ...]
    ranked: bool
    merged: bool
    """Whether the heat map is part of the table of all OPD."""
    chart: TrendChart | None
    movers: MoversView | None
    gaps: tuple[OpdGaps, ...]
    left_out: str
    """How much was not asked for; empty where everything was."""
    decisions: tuple[str, ...]
    limits: tuple[str, ...]


def summary_view(context: Context) -> SummaryView:
    """Return the summary over every OPD that has a scorecard."""
    data, opds = context.data, _ordered(context)
    gaps = {opd.id: gap_views(context, opd.id, shared=False) for opd in opds}
    left_out = sum(gap.kind is GapKind.LEFT_OUT for listed in gaps.values() for gap in listed)
    return SummaryView(
        head=letterhead(context),
        document=document_rows(context, "RP", None),
        proof=proof_rows(context),
        level=card_level_view(context, data.organization),
        change=change_view(context, ""),
        way=way_view(context, ""),
        tiles=_tiles(context, opds),
        totals=status_totals(context, [data.organization]),
        movement=movement(context, context.findings()),
        columns=tuple(
            (group_label(context, group), context.words.of(group.title)) for group in context.framework.groups
        ),
        rows=tuple(opd_row(context, opd, data.scorecards[opd.id]) for opd in opds),
        ranked=data.policy.ranking,
        merged=len(context.framework.groups) <= _MERGED_COLUMNS,
        chart=trend_chart(context, data.organization),
        movers=movers_view(context, opds),
        gaps=tuple(_gaps(context, opds, gaps)),
        left_out=_left_out(context, left_out),
        decisions=decisions(context, opds),
        limits=policy_limits(context),
    )


def _gaps(
    context: Context, opds: Iterable[Opd], gaps: Mapping[str, tuple[GapView, ...]]
) -> Iterator[OpdGaps]:
    """Yield what was asked for and brought nothing; what nobody asked for is counted alone."""
    order = (GapKind.UNSCANNED, GapKind.FAILED)
    for opd in opds:
        grave = [gap for kind in order for gap in gaps[opd.id] if gap.kind is kind]
        if grave:
            yield OpdGaps(shown(opd.name), capped(context, opd.id, "servers", grave, _LONGEST_GAPS))


def _left_out(context: Context, count: int) -> str:
    if not count:
        return ""
    return context.words.plural(
        "Beside that, %(count)s thing was not asked for at measured servers; the scorecards tell which.",
        "Beside that, %(count)s things were not asked for at measured servers; the scorecards tell which.",
        count,
    )


def _ordered(context: Context) -> list[Opd]:
    """Order OPD worst first, or by name where the policy wants no ranking."""
    cards = context.data.scorecards
    named = sorted(context.data.inventory.opds, key=lambda opd: (opd.name.casefold(), opd.id))
    listed = [opd for opd in named if opd.id in cards]
    if not context.data.policy.ranking:
        return listed
    return sorted(listed, key=lambda opd: (cards[opd.id].score.floor, cards[opd.id].score.ceiling))


def _tiles(context: Context, opds: list[Opd]) -> tuple[Tile, ...]:
    words, card = context.words, context.data.organization
    standing = context.open_findings()
    grave = [finding for finding in standing if finding.severity in _GRAVE]
    critical = sum(finding.severity is Severity.CRITICAL for finding in grave)
    overdue = sum(context.is_overdue(finding) for finding in standing)
    low = below_coverage(context, opds)
    registered = [server for opd in context.data.inventory.opds for server in opd.machines()]
    measured = {score.server for score in card.servers if score.measured}
    missed = sum(server.id not in measured for server in registered)
    return (
        Tile(
            words.say("Level of compliance (floor)"),
            words.percent(card.score.floor),
            words.say(
                "ceiling %(ceiling)s, coverage %(coverage)s",
                ceiling=words.percent(card.score.ceiling),
                coverage=words.percent(card.score.coverage),
            ),
            False,
        ),
        Tile(
            words.say("Open critical and high findings"),
            words.integer(len(grave)),
            words.say("of which %(critical)s critical", critical=words.integer(critical)),
            bool(grave),
        ),
        Tile(
            words.say("Findings overdue"),
            words.integer(overdue),
            words.say("of %(all)s open", all=words.integer(len(standing))),
            overdue > 0,
        ),
        Tile(
            words.say("Servers not measured"),
            words.integer(missed),
            words.say("of %(all)s registered", all=words.integer(len(registered))),
            missed > 0,
        ),
        Tile(
            words.say("OPD below the coverage needed"),
            words.integer(len(low)),
            words.say(
                "of %(all)s OPD; needed: %(minimum)s",
                all=words.integer(len(opds)),
                minimum=words.percent(context.data.policy.grading.coverage_floor),
            ),
            bool(low),
        ),
    )
