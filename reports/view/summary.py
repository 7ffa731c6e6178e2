"""The leadership summary: one page over all OPD."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.inventory import Opd
from auditor.model.scorecard import ControlStatus, Scorecard
from reports.view.attention import UNSEEN, contradictions
from reports.view.change import ChangeView, change_view
from reports.view.context import Context
from reports.view.decisions import decisions
from reports.view.identity import (
    Letterhead,
    Row,
    document_rows,
    letterhead,
    policy_limits,
    proof_rows,
    shared_scope,
)
from reports.view.labels import Badge, badge
from reports.view.score import CardLevelView, card_level_view
from reports.view.scorecard import movement
from reports.view.servers import GapView, gap_views, unmeasured_servers
from reports.view.statuses import Segment, group_label, status_totals
from reports.view.way import WayView, way_view
from reports.visible import shown

_GRAVE = (Severity.CRITICAL, Severity.HIGH)
_HEAT_STEPS = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the five numbers, with the line below it; `alarm` when it asks for action."""

    label: str
    value: str
    note: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Controls of one clause or theme that do not conform, of those that were assessed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class OpdRow:
    """One OPD in the table and in the heat map."""

    id: str
    name: str
    shared: str
    """How many names it owns on servers of others; empty when it owns none."""
    level: CardLevelView
    open: tuple[tuple[Badge, int, str], ...]
    besides: tuple[tuple[str, str], ...]
    """Label and number of what else asks for attention."""
    cells: tuple[HeatCell, ...]


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
    gaps: tuple[tuple[str, tuple[GapView, ...]], ...]
    decisions: tuple[str, ...]
    limits: tuple[str, ...]


def summary_view(context: Context) -> SummaryView:
    """Return the summary over every OPD that has a scorecard."""
    data, opds = context.data, _ordered(context)
    gaps = ((shown(opd.name), gap_views(context, opd.id, shared=False)) for opd in opds)
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
        rows=tuple(_row(context, opd, data.scorecards[opd.id]) for opd in opds),
        ranked=data.policy.ranking,
        gaps=tuple((name, listed) for name, listed in gaps if listed),
        decisions=decisions(context, opds),
        limits=policy_limits(context),
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


def below_coverage(context: Context, opds: list[Opd]) -> list[Opd]:
    """Return the OPD whose coverage is too low for a grade."""
    floor = context.data.policy.grading.coverage_floor
    return [opd for opd in opds if context.data.scorecards[opd.id].score.coverage < floor]


def _row(context: Context, opd: Opd, card: Scorecard) -> OpdRow:
    words = context.words
    standing = context.open_findings(opd.id)
    counts = {severity: sum(f.severity is severity for f in standing) for severity in Severity}
    return OpdRow(
        id=opd.id,
        name=shown(opd.name),
        shared=shared_scope(context, opd.id),
        level=card_level_view(context, card),
        open=tuple((badge(words, one), counts[one], words.integer(counts[one])) for one in Severity),
        besides=_besides(context, opd, card, standing),
        cells=_cells(context, card),
    )


def _besides(
    context: Context, opd: Opd, card: Scorecard, standing: tuple[Finding, ...]
) -> tuple[tuple[str, str], ...]:
    words, missed, registered = context.words, len(unmeasured_servers(context, opd.id, card)), opd.machines()
    unseen = sum(one.status in UNSEEN for one in card.controls[context.edition])
    servers = (
        words.say("Servers not measured"),
        f"{words.integer(missed)} / {words.integer(len(registered))}",
    )
    return (
        (words.say("Overdue"), words.integer(sum(map(context.is_overdue, standing)))),
        (words.say("Accepted risks"), words.integer(len(context.accepted_findings(opd.id)))),
        *((servers,) if registered else ()),
        (words.say("Controls not looked at"), words.integer(unseen)),
        (words.say("Contradictions"), words.integer(len(contradictions(context, card)))),
    )


def _cells(context: Context, card: Scorecard) -> tuple[HeatCell, ...]:
    """Count, per clause or theme, the controls that do not conform among those that were assessed."""
    statuses = {result.control: result.status for result in card.controls[context.edition]}
    assessed = {ControlStatus.CONFORMS, ControlStatus.PARTIAL, ControlStatus.DOES_NOT_CONFORM}
    cells = []
    for group in context.framework.groups:
        mine = [statuses.get(c.id) for c in context.framework.controls if c.group == group.id]
        judged = sum(status in assessed for status in mine)
        failing = sum(status is ControlStatus.DOES_NOT_CONFORM for status in mine)
        cells.append(_cell(context, failing, judged))
    return tuple(cells)


def _cell(context: Context, failing: int, judged: int) -> HeatCell:
    if not judged:
        return HeatCell("none", "–")
    step = -(-_HEAT_STEPS * failing // judged)  # rounded up: only none at all is step 0
    words = context.words
    return HeatCell(f"{step}", f"{words.integer(failing)}/{words.integer(judged)}")
