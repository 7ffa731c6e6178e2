"""The work as rows: one per change, in the order in which it is worth doing."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model.finding import Finding
from auditor.model.root_cause import RootCause
from reports.command_comments import in_language
from reports.formats.xlsx_parts import lines, moment, severity_cell, sheet, subject, yes
from reports.remedies import remedies_for, verify_command
from reports.view.context import Context
from reports.view.labels import SIDES, software_label
from reports.words import N_
from reports.workbook import Cell, Sheet

_COLUMNS = (
    (N_("No."), 6),
    (N_("Severity"), 12),
    (N_("Not met"), 40),
    (N_("OPD"), 16),
    (N_("Answered for by"), 14),
    (N_("Server"), 28),
    (N_("Places"), 32),
    (N_("Number of findings"), 11),
    (N_("Due"), 12),
    (N_("Overdue"), 10),
    (N_("Effort in hours"), 10),
    (N_("Risk it takes off"), 12),
    (N_("Dealt with by"), 24),
    (N_("Planned for"), 12),
    (N_("Software"), 18),
    (N_("What to do"), 50),
    (N_("Configuration"), 50),
    (N_("Check it yourself"), 50),
    (N_("Measured again"), 18),
    (N_("Measure it now"), 34),
    (N_("Findings"), 18),
)


def fixes_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return the changes that close open findings, most risk per hour first."""
    known = {finding.id: finding for finding in context.findings(opd_id)}
    causes = [one for one in context.data.causes if opd_id in (None, one.opd)]
    rows = [
        _row(context, number, cause, [known[name] for name in cause.findings if name in known])
        for number, cause in enumerate(causes, start=1)
    ]
    return sheet(context, N_("Fixes"), subject(context, opd_id), _COLUMNS, rows, 3)


def _row(context: Context, number: int, cause: RootCause, found: list[Finding]) -> tuple[Cell, ...]:
    words, measured = context.words, context.data.next_audits.get(cause.opd)
    return (
        number,
        severity_cell(context, cause.severity),
        lines(words.of(one.title) for one in found),
        cause.opd,
        words.say(SIDES[cause.responsible]),
        lines(map(context.server_label, cause.servers)),
        lines(context.endpoint(one.subject) for one in found),
        len(cause.findings),
        cause.due,
        yes(context, any(map(context.is_overdue, found)), alarming=True),
        cause.hours,
        cause.risk,
        *_answer(found),
        *_remedies(context, found),
        moment(context, measured, cause.opd) if measured else None,
        lines(f"auditor verify {one.id}" for one in found),
        lines(cause.findings),
    )


def _answer(found: Iterable[Finding]) -> tuple[Cell, Cell]:
    """Return who deals with it, and the last day planned."""
    given = [one.acknowledgement for one in found if one.acknowledgement]
    days = [answer.planned for answer in given if answer.planned]
    return lines(answer.owner for answer in given) or None, max(days, default=None)


def _remedies(context: Context, found: Iterable[Finding]) -> tuple[str, str, str, str]:
    """Return the software concerned, the steps, the configuration and the commands that check it."""
    words, data = context.words, context.data
    offered = [(finding, remedy) for finding in found for remedy in remedies_for(finding, data)]
    return (
        lines(software_label(words, remedy.software) for _, remedy in offered),
        lines(words.of(remedy.steps).strip() for _, remedy in offered),
        lines(in_language(remedy.config.rstrip("\n"), words.language) for _, remedy in offered),
        lines(
            in_language(verify_command(remedy, finding, data), words.language) for finding, remedy in offered
        ),
    )
