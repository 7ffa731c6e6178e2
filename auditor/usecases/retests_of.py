"""What measuring findings again came to, beside an audit's report and laid over its findings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from auditor.model.finding import CLOSED, Finding
from auditor.model.finding_record import FindingRecord
from auditor.model.inventory import Inventory
from auditor.model.report import ReportData, Retested
from auditor.model.run import AuditRun, RunKind
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import opd_day
from auditor.usecases.findings import records_as_of
from controls.acknowledgements import shown_status


def next_audit_at(workspace: Workspace, run: AuditRun) -> datetime | None:
    """Return when the next audit after a run began; None for the newest. A re-test is none."""
    later = (
        one.started_at
        for one in workspace.runs.all()
        if one.kind is not RunKind.RETEST and one.started_at > run.started_at
    )
    return min(later, default=None)


def retests_of(workspace: Workspace, run: AuditRun) -> dict[str, tuple[Retested, ...]]:
    """Return finding id → its re-tests that had ended before the next audit began, oldest first."""
    until = next_audit_at(workspace, run)
    found: dict[str, list[Retested]] = defaultdict(list)
    for record in workspace.retests.all():
        if record.finished_at is None or (until is not None and record.finished_at >= until):
            continue
        asked_by = record.asked.by or record.asked.account
        for item in record.items:
            one = Retested(record.run, record.started_at, asked_by, item.result, item.opd)
            found[item.finding].append(one)
    return {finding: tuple(listed) for finding, listed in found.items()}


def findings_now(workspace: Workspace, data: ReportData) -> tuple[Finding, ...]:
    """Return the findings of an audit in their order, as its re-tests since then have left them."""
    after = {
        finding: listed[-1] for finding, listed in data.retests.items() if listed[-1].at > data.run.started_at
    }
    newest = max(after.values(), key=lambda one: (one.at, one.run), default=None)
    run = workspace.runs.get(newest.run) if newest is not None else None
    if run is None:
        return data.findings
    records = records_as_of(workspace, run)
    return tuple(
        _as_left(one, records[one.id], data.inventory) if one.id in after and one.id in records else one
        for one in data.findings
    )


def _as_left(finding: Finding, record: FindingRecord, inventory: Inventory) -> Finding:
    closed = record.status in CLOSED
    ended = record.fixed_at if closed else None
    days = finding.days_open
    if ended is not None:
        opened, closed_on = (opd_day(at, inventory, finding.opd) for at in (record.opened_at, ended))
        days = (closed_on - opened).days
    answer = None if closed else finding.acknowledgement
    return replace(
        finding,
        status=shown_status(record.status, answer),
        due=record.due,
        last_seen=record.last_seen,
        opened_at=record.opened_at,
        fixed_at=ended,
        days_open=days,
        acknowledgement=answer,
    )
