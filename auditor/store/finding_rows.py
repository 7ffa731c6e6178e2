"""Findings and their history as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from auditor.model.finding import FindingStatus
from auditor.model.finding_record import FindingEvent, FindingRecord, Lives, Moved, Observed
from auditor.store import schema
from auditor.store.chain import canonical
from auditor.store.rows import remove_rows, replace_rows


def save_lives(connection: Connection, lives: Lives, now: datetime) -> int:
    """Bring findings and the history of some runs to what they shall be; return how many rows changed.

    What is as it was keeps the moment at which it was written down.
    """
    known = set(connection.execute(select(schema.findings.c.id)).scalars())
    gone = [(key,) for key in sorted(known - set(lives.records))]
    changed = len(gone)
    for (key,) in gone:
        of_it = schema.finding_events.c.finding == key
        changed += connection.execute(delete(schema.finding_events).where(of_it)).rowcount
    remove_rows(connection, schema.findings, gone)
    changed += replace_rows(connection, schema.findings, map(_row, lives.records.values()))
    for run, events in sorted(lives.events.items()):
        rows = (_event_row(event, now) for event in events)
        among = schema.finding_events.c.run == run
        changed += replace_rows(connection, schema.finding_events, rows, among, ignored=("at",))
    return changed


def read_findings(connection: Connection) -> dict[str, FindingRecord]:
    """Return every finding, by id."""
    rows = connection.execute(select(schema.findings).order_by(schema.findings.c.id)).mappings()
    return {row["id"]: _finding(dict(row)) for row in rows}


def read_events(
    connection: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    finding: str = "",
) -> tuple[FindingEvent, ...]:
    """Return what runs saw of findings, or of one, in the order in which the runs began."""
    table = schema.finding_events.c
    query = select(schema.finding_events).order_by(table.observed_at, table.run, table.finding)
    if since is not None:
        query = query.where(table.observed_at > since.isoformat())
    if until is not None:
        query = query.where(table.observed_at <= until.isoformat())
    if finding:
        query = query.where(table.finding == finding)
    return tuple(_event(dict(row)) for row in connection.execute(query).mappings())


def _row(finding: FindingRecord) -> dict[str, Any]:
    return {
        "id": finding.id,
        "check": finding.check,
        "subject": finding.subject,
        "opd": finding.opd,
        "status": finding.status.value,
        "first_run": finding.first_run,
        "last_run": finding.last_run,
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "due": finding.due.isoformat(),
        "fixed_run": finding.fixed_run,
        "opened_at": finding.opened_at.isoformat(),
        "fixed_at": finding.fixed_at.isoformat() if finding.fixed_at else "",
        "moved_from": _moves_text(finding),
        "times_fixed": finding.times_fixed,
    }


def _moves_text(finding: FindingRecord) -> str:
    """Return the subjects that a finding had before, with the moment from which it had another one."""
    listed = [[one.subject, one.at.isoformat()] for one in finding.moved_from]
    return canonical(listed) if listed else ""


def _finding(row: Mapping[str, Any]) -> FindingRecord:
    moved = json.loads(row["moved_from"] or "[]")
    return FindingRecord(
        id=row["id"],
        check=row["check"],
        subject=row["subject"],
        opd=row["opd"],
        status=FindingStatus(row["status"]),
        first_run=row["first_run"],
        last_run=row["last_run"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        due=date.fromisoformat(row["due"]),
        opened_at=datetime.fromisoformat(row["opened_at"] or row["first_seen"]),
        fixed_run=row["fixed_run"],
        fixed_at=datetime.fromisoformat(row["fixed_at"]) if row["fixed_at"] else None,
        moved_from=tuple(Moved(subject, datetime.fromisoformat(at)) for subject, at in moved),
        times_fixed=row["times_fixed"],
    )


def _event_row(event: FindingEvent, now: datetime) -> dict[str, Any]:
    return {
        "finding": event.finding,
        "run": event.run,
        "status": event.status.value,
        "at": (event.told_at or now).isoformat(),
        "observed": event.observed.value,
        "observed_at": event.at.isoformat(),
    }


def _event(row: Mapping[str, Any]) -> FindingEvent:
    return FindingEvent(
        finding=row["finding"],
        run=row["run"],
        at=datetime.fromisoformat(row["observed_at"]),
        observed=Observed(row["observed"]),
        status=FindingStatus(row["status"]),
        told_at=datetime.fromisoformat(row["at"]),
    )
