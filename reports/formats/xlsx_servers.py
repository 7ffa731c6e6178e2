"""Servers, what was not scanned, and accepted risks, as rows."""

from __future__ import annotations

from collections import defaultdict

from auditor.model.check import Severity
from auditor.model.scorecard import Level
from auditor.model.verdict import Status
from auditor.model.waiver import Waiver
from reports.formats.base import selected
from reports.formats.xlsx_parts import lines, percentages, sheet, subject, yes
from reports.view.context import Context
from reports.view.exceptions import WaiverView, waiver_views
from reports.view.labels import SEVERITIES, reason_label
from reports.view.servers import GapKind, ServerView, gap_views, server_views
from reports.visible import shown
from reports.words import N_
from reports.workbook import Cell, Sheet

_SERVERS = (
    (N_("Server"), 18),
    (N_("Name"), 34),
    (N_("Where"), 34),
    (N_("Category"), 18),
    (N_("Shared"), 34),
    (N_("Status"), 18),
    (N_("Grade"), 9),
    (N_("Floor"), 11),
    (N_("Ceiling"), 11),
    (N_("Coverage"), 11),
    *((name, 10) for name in SEVERITIES.values()),
    (N_("Verdicts"), 44),
)
_GAPS = (
    (N_("Kind of gap"), 24),
    (N_("OPD"), 16),
    (N_("Server"), 34),
    (N_("Address"), 20),
    (N_("What"), 44),
    (N_("Reason"), 60),
)
_KINDS = {
    GapKind.UNSCANNED: N_("Not scanned"),
    GapKind.FAILED: N_("Could not be measured"),
    GapKind.LEFT_OUT: N_("Not asked for"),
}
_WAIVERS = (
    (N_("Exception"), 14),
    (N_("What"), 40),
    (N_("Where"), 34),
    (N_("In force"), 10),
    (N_("Status"), 40),
    (N_("Valid from"), 12),
    (N_("Valid until"), 12),
    (N_("Reason"), 44),
    (N_("Compensating control"), 44),
    (N_("Requested by"), 28),
    (N_("Approved by"), 28),
)


def servers_sheet(context: Context, opd_id: str) -> Sheet:
    """Return every server that an OPD has or has names on."""
    scores = {score.server: score.level for score in context.scorecard(opd_id).servers}
    rows = [_server(one, scores.get(one.id)) for one in server_views(context, opd_id)]
    return sheet(context, N_("Server"), subject(context, opd_id), _SERVERS, rows)


def _server(view: ServerView, level: Level | None) -> tuple[Cell, ...]:
    counts = {badge.kind: count for badge, count, _ in view.open}
    numbers = percentages(level.score) if level else (None, None, None)
    return (
        view.id,
        view.name,
        view.where,
        view.category,
        lines(view.shared),
        view.state.label,
        level.grade.letter or "–" if level else None,
        *numbers,
        *(counts[severity.value] for severity in Severity),
        view.verdicts,
    )


def gaps_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return what was not measured, whole servers first, and the checks that could not be judged."""
    words, alone = context.words, opd_id is not None
    chosen = selected(context.data, opd_id)
    gaps = [(one, gap) for one in chosen for gap in gap_views(context, one, shared=alone)]
    gaps.sort(key=lambda pair: list(_KINDS).index(pair[1].kind))
    rows: list[tuple[Cell, ...]] = [
        (words.say(_KINDS[gap.kind]), one, gap.server, gap.address, gap.what, gap.reason) for one, gap in gaps
    ]
    rows += [row for one in chosen for row in _undecided(context, one)]
    return sheet(context, N_("Not scanned"), subject(context, opd_id), _GAPS, rows, 3)


def _undecided(context: Context, opd_id: str) -> list[tuple[Cell, ...]]:
    """Return the checks that could not be judged, by server and reason."""
    words = context.words
    grouped: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in context.data.verdicts:
        if one.status in (Status.UNKNOWN, Status.ERROR) and context.owner(one) == opd_id:
            reason = reason_label(words, words.of(one.reason))
            grouped[one.subject.server, one.subject.address, reason].add(one.check)
    kind = words.say("Could not be judged")
    return [
        (kind, opd_id, context.server_label(server), address, ", ".join(sorted(checks)), reason)
        for (server, address, reason), checks in sorted(grouped.items())
    ]


def waivers_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return the accepted risks that touch an OPD, or any; each once."""
    views = [view for one in selected(context.data, opd_id) for view in waiver_views(context, one)]
    known = {shown(waiver.id): waiver for waiver in context.data.waivers.values()}
    rows = [_waiver(context, view, known[view.id]) for view in {view.id: view for view in views}.values()]
    return sheet(context, N_("Exception"), subject(context, opd_id), _WAIVERS, rows)


def _waiver(context: Context, view: WaiverView, waiver: Waiver) -> tuple[Cell, ...]:
    return (
        view.id,
        view.what,
        view.where,
        yes(context, view.active),
        view.state,
        waiver.valid_from,
        waiver.valid_until,
        view.reason,
        view.compensating_control,
        waiver.requested_by,
        waiver.approved_by or None,
    )
