"""Findings as rows, everything of each: of one OPD, or of all."""

from __future__ import annotations

from auditor.model.finding import Finding
from reports.formats.xlsx_parts import lines, severity_cell, sheet, subject, yes
from reports.remedies import remedies_for
from reports.view.context import Context
from reports.view.labels import CONFIDENCES, FINDING_STATUSES, SIDES
from reports.words import N_
from reports.workbook import Cell, Sheet

_COLUMNS = (
    (N_("Finding"), 16),
    (N_("Severity"), 12),
    (N_("Not met"), 40),
    (N_("Status"), 22),
    (N_("OPD"), 16),
    (N_("Name of the OPD"), 30),
    (N_("Server"), 18),
    (N_("Name of the server"), 30),
    (N_("Address"), 16),
    (N_("Port"), 8),
    (N_("Protocol"), 10),
    (N_("Host name"), 26),
    (N_("Observed"), 40),
    (N_("Expected"), 32),
    (N_("Cause and effect"), 44),
    (N_("Recommendation"), 44),
    (N_("Answered for by"), 14),
    (N_("Due"), 12),
    (N_("Overdue"), 10),
    (N_("Opened on"), 12),
    (N_("Days open"), 10),
    (N_("First seen"), 12),
    (N_("Last seen"), 12),
    (N_("Closed on"), 12),
    (N_("Dealt with by"), 24),
    (N_("Plan"), 36),
    (N_("Planned for"), 12),
    (N_("Exception"), 14),
    (N_("Certainty"), 22),
    (N_("Check"), 28),
    (N_("Controls, edition 2013"), 22),
    (N_("Controls, edition 2022"), 22),
    (N_("Rows of evidence"), 16),
)


def findings_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return every finding, worst first; what is closed is among them, by its status."""
    rows = [_row(context, finding) for finding in context.findings(opd_id)]
    return sheet(context, N_("Findings"), subject(context, opd_id), _COLUMNS, rows, 3)


def _row(context: Context, finding: Finding) -> tuple[Cell, ...]:
    words = context.words
    return (
        finding.id,
        severity_cell(context, finding.severity),
        words.of(finding.title),
        words.say(FINDING_STATUSES[context.state(finding)]),
        *_place(context, finding),
        *_told(context, finding),
        words.say(SIDES[finding.responsible]),
        *_days(context, finding),
        *_answer(finding),
        finding.waiver or None,
        words.say(CONFIDENCES[finding.confidence]),
        finding.check,
        *(lines(finding.controls.get(edition, ())) for edition in ("2013", "2022")),
        " ".join(map(str, finding.evidence)),
    )


def _place(context: Context, finding: Finding) -> tuple[Cell, ...]:
    subject, server = finding.subject, context.servers.get(finding.subject.server)
    return (
        finding.opd,
        context.opd_label(finding.opd),
        subject.server,
        server.name if server else None,
        subject.address,
        subject.port or None,
        subject.transport if subject.port else None,
        subject.server_name or None,
    )


def _told(context: Context, finding: Finding) -> tuple[Cell, ...]:
    words, check = context.words, context.data.checks.get(finding.check)
    steps = (words.of(remedy.steps).strip() for remedy in remedies_for(finding, context.data))
    return (
        words.of(finding.observed),
        words.of(finding.expected),
        words.of(check.why) if check else None,
        lines(steps),
    )


def _days(context: Context, finding: Finding) -> tuple[Cell, ...]:
    """Return deadline and history, as days where the OPD is."""
    opd_id, closed = finding.opd, finding.fixed_at
    return (
        finding.due,
        yes(context, context.is_overdue(finding), alarming=True),
        context.day_of(finding.opened_at, opd_id),
        finding.days_open,
        context.day_of(finding.first_seen, opd_id),
        context.day_of(finding.last_seen, opd_id),
        context.day_of(closed, opd_id) if closed else None,
    )


def _answer(finding: Finding) -> tuple[Cell, ...]:
    answer = finding.acknowledgement
    return (answer.owner, answer.plan, answer.planned) if answer else (None, None, None)
