"""What became of findings since the audit before, and what was measured again on demand, as rows."""

from __future__ import annotations

from auditor.model.changes import ChangedFinding
from auditor.model.report import Retested
from auditor.model.subject import Subject
from reports.formats.xlsx_parts import moment, severity_cell, sheet, subject
from reports.view.changes import LISTS
from reports.view.context import Context
from reports.view.labels import RETESTS, reason_label
from reports.view.response import retest_number
from reports.words import N_
from reports.workbook import Cell, Sheet

_CHANGES = (
    (N_("What became of it"), 26),
    (N_("Finding"), 16),
    (N_("Severity"), 12),
    (N_("Check"), 44),
    (N_("OPD"), 16),
    (N_("Server"), 30),
    (N_("Places"), 30),
    (N_("Due"), 12),
    (N_("Days"), 8),
    (N_("Reason"), 44),
    (N_("Audit"), 34),
)
_RETESTS = (
    (N_("Time of measurement"), 18),
    (N_("Number"), 40),
    (N_("OPD"), 16),
    (N_("Finding"), 16),
    (N_("Check"), 44),
    (N_("Result"), 28),
    (N_("Requested by"), 30),
)


def changes_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return every change since the audit before; no rows where there was none."""
    changes = context.data.changes
    rows = [
        _changed(context, context.words.say(title), one)
        for name, title, _ in (LISTS if changes else ())
        for one in getattr(changes, name)
        if opd_id in (None, one.opd)
    ]
    return sheet(context, N_("Changes"), subject(context, opd_id), _CHANGES, rows, 2)


def _changed(context: Context, title: str, one: ChangedFinding) -> tuple[Cell, ...]:
    words = context.words
    return (
        title,
        one.finding,
        severity_cell(context, one.severity),
        context.check_label(one.check),
        one.opd,
        context.server_label(one.server),
        context.endpoint(Subject.from_key(one.subject)),
        one.due,
        one.days,
        reason_label(words, words.of(one.reason)) if one.reason else None,
        one.run,
    )


def retests_sheet(context: Context, opd_id: str | None) -> Sheet:
    """Return every finding that was measured again on demand, the newest first."""
    tested = [
        (one, finding)
        for finding, listed in context.data.retests.items()
        for one in listed
        if opd_id in (None, one.opd)
    ]
    tested.sort(key=lambda pair: (pair[0].at, pair[0].run, pair[1]), reverse=True)
    checks = {finding.id: finding.check for finding in context.data.findings}
    rows = [_retest(context, one, finding, checks.get(finding, "")) for one, finding in tested]
    return sheet(context, N_("Re-tests"), subject(context, opd_id), _RETESTS, rows)


def _retest(context: Context, one: Retested, finding: str, check: str) -> tuple[Cell, ...]:
    return (
        moment(context, one.at, one.opd),
        retest_number(one.opd, one.run),
        one.opd,
        finding,
        context.check_label(check) if check else None,
        context.words.say(RETESTS[one.result][1]),
        one.asked_by,
    )
