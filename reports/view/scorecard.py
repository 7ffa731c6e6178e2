"""The scorecard of one OPD, whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from auditor.model.finding import Finding, FindingStatus
from reports.statement.sources import sources
from reports.view.attention import (
    Notice,
    UnseenSection,
    contradictions,
    ending_answers,
    unseen_section,
)
from reports.view.change import ChangeView, change_view
from reports.view.changes import ChangesView, changes_view
from reports.view.context import Context
from reports.view.exceptions import WaiverView, waiver_views
from reports.view.findings import FindingRow, SeveritySection, finding_row, severity_sections
from reports.view.groups import GroupView, group_views
from reports.view.identity import Letterhead, Row, document_rows, letterhead, method_rows, proof_rows
from reports.view.kami import AreaView, kami_areas
from reports.view.loosened import LoosenedView, loosened_views
from reports.view.score import CardLevelView, card_level_view
from reports.view.servers import GapView, ServerView, UnknownView, gap_views, server_views, unknown_views
from reports.view.statuses import Segment, status_totals
from reports.view.way import WayView, way_view
from reports.visible import shown


@dataclass(frozen=True, slots=True)
class FixedView:
    """A finding that a new measurement closed."""

    title: str
    row: FindingRow
    closed: str


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
    change: ChangeView | None
    way: WayView | None
    totals: tuple[Segment, ...]
    groups: tuple[GroupView, ...]
    contradictions: tuple[Notice, ...]
    ending: tuple[Notice, ...]
    unseen: UnseenSection
    servers: tuple[ServerView, ...]
    changes: ChangesView | None
    sections: tuple[SeveritySection, ...]
    open: str
    overdue: str
    accepted: str
    movement: str
    fixed: tuple[FixedView, ...]
    gaps: tuple[GapView, ...]
    unknown: tuple[UnknownView, ...]
    waivers: tuple[WaiverView, ...]
    loosened: tuple[LoosenedView, ...]
    kami: tuple[AreaView, ...]


def scorecard_view(context: Context, opd_id: str) -> ScorecardView:
    """Return the card of one OPD, or raise ReportError when there is no such OPD or no card of it."""
    card, opd = context.scorecard(opd_id), context.opd(opd_id)
    standing = context.open_findings(opd_id)
    return ScorecardView(
        head=letterhead(context, opd_id),
        opd_id=opd.id,
        opd=shown(opd.name),
        document=document_rows(context, "KS", opd_id),
        method=method_rows(context),
        proof=proof_rows(context),
        level=card_level_view(context, card),
        change=change_view(context, opd_id),
        way=way_view(context, opd_id),
        totals=status_totals(context, [card]),
        groups=group_views(context, card, sources(context)),
        contradictions=contradictions(context, card),
        ending=ending_answers(context, card),
        unseen=unseen_section(context, card),
        servers=server_views(context, opd_id),
        changes=changes_view(context, opd_id),
        sections=severity_sections(context, opd_id),
        open=context.words.integer(len(standing)),
        overdue=context.words.integer(sum(context.is_overdue(finding) for finding in standing)),
        accepted=context.words.integer(len(context.accepted_findings(opd_id))),
        movement=movement(context, context.findings(opd_id)),
        fixed=_fixed(context, opd_id),
        gaps=gap_views(context, opd_id),
        unknown=unknown_views(context, opd_id),
        waivers=waiver_views(context, opd_id),
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


def _fixed(context: Context, opd_id: str) -> tuple[FixedView, ...]:
    words = context.words
    return tuple(
        FixedView(
            shown(words.of(finding.title)),
            finding_row(context, finding),
            words.day(context.day_of(finding.last_seen, opd_id)),
        )
        for finding in context.findings(opd_id)
        if finding.status is FindingStatus.FIXED
    )
