"""The scorecard of one OPD, whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from auditor.model.finding import Finding, FindingStatus
from reports.statement.sources import sources
from reports.view.attention import (
    Notice,
    UnseenSection,
    contradictions,
    ending_answers,
    unseen_section,
)
from reports.view.capped import Capped, capped
from reports.view.change import ChangeView, change_view
from reports.view.changes import ChangesView, changes_view
from reports.view.context import Context
from reports.view.exceptions import WaiverView, waiver_views
from reports.view.findings import SeveritySection, severity_sections
from reports.view.follow_up import FollowUpView, follow_up_view
from reports.view.gaps import GapSection, gap_sections
from reports.view.groups import GroupView, group_views
from reports.view.identity import Letterhead, Row, document_rows, letterhead, method_rows, proof_rows
from reports.view.kami import AreaView, kami_areas
from reports.view.loosened import LoosenedView, loosened_views
from reports.view.score import CardLevelView, card_level_view
from reports.view.servers import ServerView, UnknownView, gap_views, server_views, unknown_views
from reports.view.statuses import Segment, status_totals
from reports.view.trend import TrendChart, trend_chart
from reports.view.way import WayView, way_view
from reports.visible import shown

_LONGEST_SERVERS, _LONGEST_UNKNOWN, _LONGEST_WAIVERS = 40, 30, 30


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """Everything on the card of one OPD, worded and formatted."""

    head: Letterhead
    opd_id: str
    opd: str
    document: tuple[Row, ...]
    method: tuple[Row, ...]
    proof: tuple[Row, ...]
    level: CardLevelView
    trend: TrendChart | None
    change: ChangeView | None
    way: WayView | None
    totals: tuple[Segment, ...]
    groups: tuple[GroupView, ...]
    contradictions: tuple[Notice, ...]
    ending: tuple[Notice, ...]
    unseen: UnseenSection
    servers: Capped[ServerView]
    changes: ChangesView | None
    sections: tuple[SeveritySection, ...]
    open: str
    overdue: str
    accepted: str
    movement: str
    follow_up: FollowUpView
    gaps: tuple[GapSection, ...]
    unknown: Capped[UnknownView]
    waivers: Capped[WaiverView]
    loosened: tuple[LoosenedView, ...]
    kami: tuple[AreaView, ...]


def scorecard_view(context: Context, opd_id: str) -> ScorecardView:
    """Return the card of one OPD, or raise ReportError when there is no such OPD or no card of it."""
    card, opd = context.scorecard(opd_id), context.opd(opd_id)
    standing, sections = context.open_findings(opd_id), severity_sections(context, opd_id)
    return ScorecardView(
        head=letterhead(context, opd_id),
        opd_id=opd.id,
        opd=shown(opd.name),
        document=document_rows(context, "KS", opd_id),
        method=method_rows(context),
        proof=proof_rows(context),
        level=card_level_view(context, card),
        trend=trend_chart(context, card),
        change=change_view(context, opd_id),
        way=_linked(way_view(context, opd_id), sections),
        totals=status_totals(context, [card]),
        groups=group_views(context, card, sources(context)),
        contradictions=contradictions(context, card),
        ending=ending_answers(context, card),
        unseen=unseen_section(context, card),
        servers=_servers(context, opd_id),
        changes=changes_view(context, opd_id),
        sections=sections,
        open=context.words.integer(len(standing)),
        overdue=context.words.integer(sum(context.is_overdue(finding) for finding in standing)),
        accepted=context.words.integer(len(context.accepted_findings(opd_id))),
        movement=movement(context, context.findings(opd_id)),
        follow_up=follow_up_view(context, opd_id),
        gaps=gap_sections(context, opd_id, gap_views(context, opd_id)),
        unknown=capped(context, opd_id, "servers", unknown_views(context, opd_id), _LONGEST_UNKNOWN),
        waivers=capped(context, opd_id, "servers", waiver_views(context, opd_id), _LONGEST_WAIVERS),
        loosened=loosened_views(context, opd_id),
        kami=kami_areas(context, card, standing),
    )


def movement(context: Context, findings: tuple[Finding, ...]) -> str:
    """Word how many findings are new, reopened, accepted and closed."""
    words, counts = context.words, Counter(map(context.state, findings))
    told = words.say(
        "Findings: %(new)s new, %(reopened)s reopened, %(open)s still open, "
        "%(unmeasured)s not measured again, %(accepted)s accepted as a risk, %(fixed)s closed.",
        new=words.integer(counts[FindingStatus.NEW]),
        reopened=words.integer(counts[FindingStatus.REOPENED] + counts[FindingStatus.FLAPPING]),
        open=words.integer(counts[FindingStatus.OPEN] + counts[FindingStatus.ACKNOWLEDGED]),
        unmeasured=words.integer(counts[FindingStatus.NOT_MEASURED]),
        accepted=words.integer(counts[FindingStatus.WAIVED]),
        fixed=words.integer(counts[FindingStatus.FIXED]),
    )
    taken_on = sum(context.is_open(one) and one.acknowledgement is not None for one in findings)
    if not taken_on:
        return told
    being = words.plural(
        "%(count)s open finding is being dealt with.",
        "%(count)s open findings are being dealt with.",
        taken_on,
    )
    return f"{told} {being}"


def _servers(context: Context, opd_id: str) -> Capped[ServerView]:
    """Return the servers in the order of the inventory; of very many those that ask for most attention."""
    views = server_views(context, opd_id)
    if len(views) > _LONGEST_SERVERS:
        views = tuple(sorted(views, key=_worst_first))
    return capped(context, opd_id, "servers", views, _LONGEST_SERVERS)


def _worst_first(server: ServerView) -> tuple[bool, tuple[int, ...]]:
    return server.state.kind != "unmeasured", tuple(-count for _, count, _ in server.open)


def _linked(way: WayView | None, sections: tuple[SeveritySection, ...]) -> WayView | None:
    """Take away the links to findings that the page has no room for."""
    if way is None:
        return None
    there = {row.id for section in sections for group in section.groups for row in group.rows}
    steps = tuple(step if step.link in there else replace(step, link="") for step in way.steps)
    return replace(way, steps=steps)
