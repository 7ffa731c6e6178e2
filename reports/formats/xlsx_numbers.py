"""The sheets of numbers: how things stand, which comes first in a workbook, and how they stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.model.check import Severity
from auditor.model.scorecard import Level, Scorecard
from reports.formats.xlsx_parts import moment, percentages, severity_cell, sheet, subject
from reports.view.context import Context
from reports.view.identity import Row, document_rows, letterhead, policy_limits, proof_rows
from reports.view.score import card_level_view, grade_view
from reports.view.servers import unmeasured_servers
from reports.view.statuses import status_totals
from reports.words import N_
from reports.workbook import Cell, Percentage, Sheet

_Line = tuple[Cell, ...]
_NUMBERS = (N_("Floor"), N_("Ceiling"), N_("Coverage"))
_COLUMNS = ((N_("Item"), 40), (N_("Content"), 70), (N_("With exceptions"), 24))
_HISTORY = (
    (N_("Time of measurement"), 20),
    (N_("Audit"), 34),
    (N_("Floor"), 12),
    (N_("Ceiling"), 12),
    (N_("Coverage"), 12),
    (N_("Grade"), 10),
)


def card_sheet(context: Context, opd_id: str) -> Sheet:
    """Return the numbers of one OPD."""
    card = context.scorecard(opd_id)
    missed = len(unmeasured_servers(context, opd_id, card))
    document = document_rows(context, "KS", opd_id)
    return _numbers(context, card, opd_id, document, missed, len(context.opd(opd_id).machines()))


def organization_sheet(context: Context) -> Sheet:
    """Return the numbers over all OPD."""
    data = context.data
    registered = [server for opd in data.inventory.opds for server in opd.machines()]
    measured = {score.server for score in data.organization.servers if score.measured}
    missed = sum(server.id not in measured for server in registered)
    document = document_rows(context, "RP", None)
    return _numbers(context, data.organization, None, document, missed, len(registered))


def _numbers(
    context: Context,
    card: Scorecard,
    opd_id: str | None,
    document: tuple[Row, ...],
    missed: int,
    registered: int,
) -> Sheet:
    words = context.words
    rows = [
        *_facts(document),
        *_warnings(context, opd_id),
        *_levels(context, card),
        *_findings(context, opd_id),
        *_controls(context, card),
        (words.say("Registered servers"), registered),
        (words.say("Servers not measured"), missed),
        *((words.say("Left out by the policy"), one) for one in policy_limits(context)),
        *_facts(proof_rows(context)),
    ]
    return sheet(context, N_("Summary"), subject(context, opd_id), _COLUMNS, rows)


def _facts(listed: tuple[Row, ...]) -> Iterator[_Line]:
    return ((row.label, "\n".join(row.values)) for row in listed)


def _warnings(context: Context, opd_id: str | None) -> Iterator[_Line]:
    """Yield what to know before reading any number."""
    words, head = context.words, letterhead(context, opd_id)
    if head.stopped:
        yield words.say("Note"), words.say("Stopped before the end.")
    if head.partial:
        yield words.say("Note"), words.say("Part of the servers.") + f" {head.partial}"
    if head.gap_report:
        yield (
            words.say("Note"),
            words.say(
                "Certificates to the 2013 edition ended in October 2025; this page shows the gaps to that "
                "edition and is no basis for certification."
            ),
        )


def _levels(context: Context, card: Scorecard) -> Iterator[_Line]:
    words = context.words
    yield from _level(context, card.own, "")
    if not card_level_view(context, card).whole:
        yield from _level(context, card.centre, words.say("IT centre"))


def _level(context: Context, level: Level, of: str) -> Iterator[_Line]:
    words = context.words
    prefix = f"{of}: " if of else ""
    pairs = zip(_NUMBERS, percentages(level.score), percentages(level.with_waivers), strict=True)
    yield from ((prefix + words.say(name), plain, lenient) for name, plain, lenient in pairs)
    grades = grade_view(context, level.grade), grade_view(context, level.grade_with_waivers)
    yield prefix + words.say("Grade"), *(grade.letter or "–" for grade in grades)
    yield prefix + words.say("Rule of the grade"), *(grade.sentence for grade in grades)


def _findings(context: Context, opd_id: str | None) -> Iterator[_Line]:
    words, standing = context.words, context.open_findings(opd_id)
    counts = Counter(finding.severity for finding in standing)
    yield words.say("Open findings"), len(standing)
    for severity in Severity:
        yield severity_cell(context, severity), counts[severity]
    yield words.say("Findings overdue"), sum(map(context.is_overdue, standing))
    yield words.say("Accepted risks"), len(context.accepted_findings(opd_id))


def _controls(context: Context, card: Scorecard) -> Iterator[_Line]:
    label = context.words.say("Control")
    return ((f"{label}: {one.badge.label}", one.count) for one in status_totals(context, [card]))


def history_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return the numbers of earlier audits, oldest first, and of this one last."""
    data, run = context.data, context.data.run
    card = data.organization if opd_id is None else context.scorecard(opd_id)
    previous = data.previous.get(card.opd)
    earlier = data.history.get(card.opd) or ((previous,) if previous else ())
    rows: list[_Line] = [
        (
            moment(context, one.finished_at),
            one.run,
            Percentage(one.floor),
            Percentage(one.ceiling),
            Percentage(one.coverage),
            one.letter or "–",
        )
        for one in earlier
    ]
    now = moment(context, run.finished_at or run.started_at)
    rows.append((now, run.id, *percentages(card.score), card.grade.letter or "–"))
    return sheet(context, N_("Earlier audits"), subject(context, opd_id), _HISTORY, rows)
