"""One finding as an object of the stable JSON contract."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from auditor.model.finding import CLOSED, Finding
from auditor.model.inventory import Inventory
from auditor.model.report import ReportData
from reports.command_comments import in_language
from reports.finding_shape import (
    AcknowledgementShape,
    EvidenceShape,
    FindingShape,
    RemedyShape,
    RetestShape,
)
from reports.remedies import remedies_for, verify_command
from reports.words import Words

KEYS = tuple(FindingShape.__annotations__)
"""In the order in which records hold them."""


def finding_record(
    finding: Finding, data: ReportData, language: str, now: datetime | None = None
) -> FindingShape:
    """Return a finding with exactly the keys of `KEYS`, in that order.

    Times are RFC 3339 in UTC, `due` is the last day in time where its OPD is, and `overdue` compares it with
    `now`, by default the beginning of the audit. `days_open` are days of its OPD, `port` is 0 for a whole
    address; `fixed_at`, `acknowledgement`, `waiver` and `retest`, the newest one, are null without one. Texts
    are in the language and exactly as stored: escape them for the medium. `remediation` lists software,
    steps, config and verify; `evidence` lists sequence, hash, scanner and started_at, the last three null for
    a row of an earlier audit that is not at hand.
    """
    words, subject = Words(language, data.inventory.organization.timezone), finding.subject
    return {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "status": finding.status,
        "verdict": finding.verdict,
        "opd": finding.opd,
        "responsible": finding.responsible,
        "server": subject.server,
        "address": subject.address,
        "port": subject.port,
        "protocol": subject.transport,
        "server_name": subject.server_name,
        "title": words.of(finding.title),
        "observed": words.of(finding.observed),
        "expected": words.of(finding.expected),
        "controls": {edition: list(ids) for edition, ids in sorted(finding.controls.items())},
        "remediation": _remediation(finding, data, words),
        "first_seen": timestamp(finding.first_seen),
        "last_seen": timestamp(finding.last_seen),
        "opened_at": timestamp(finding.opened_at),
        "days_open": finding.days_open,
        "fixed_at": timestamp(finding.fixed_at) if finding.fixed_at else None,
        "due": finding.due.isoformat(),
        "overdue": is_overdue(finding, data.inventory, now or data.run.started_at),
        "acknowledgement": _acknowledgement(finding),
        "waiver": finding.waiver or None,
        "retest": _retest(finding, data),
        "evidence": [_evidence(row, data) for row in finding.evidence],
    }


def is_overdue(finding: Finding, inventory: Inventory, now: datetime) -> bool:
    """Return whether a deadline has passed where its OPD is.

    What is closed has none any more, and an accepted risk none while it is accepted.
    """
    zone = ZoneInfo(inventory.timezone_of(finding.opd))
    return finding.status not in CLOSED and not finding.waiver and finding.due < now.astimezone(zone).date()


def _acknowledgement(finding: Finding) -> AcknowledgementShape | None:
    answer = finding.acknowledgement
    if answer is None:
        return None
    planned = answer.planned.isoformat() if answer.planned else None
    return {"owner": answer.owner, "plan": answer.plan, "planned": planned}


def _retest(finding: Finding, data: ReportData) -> RetestShape | None:
    known = data.retests.get(finding.id)
    if not known:
        return None
    newest = known[-1]
    return {
        "run": newest.run,
        "at": timestamp(newest.at),
        "asked_by": newest.asked_by,
        "result": newest.result,
    }


def _remediation(finding: Finding, data: ReportData, words: Words) -> list[RemedyShape]:
    return [
        {
            "software": remedy.software,
            "steps": words.of(remedy.steps).strip(),
            "config": in_language(remedy.config, words.language),
            "verify": in_language(verify_command(remedy, finding, data), words.language),
        }
        for remedy in remedies_for(finding, data)
    ]


def _evidence(sequence: int, data: ReportData) -> EvidenceShape:
    row = data.evidence.get(sequence)
    return {
        "sequence": sequence,
        "hash": row.hash if row else None,
        "scanner": row.task.scanner if row else None,
        "started_at": timestamp(row.started_at) if row else None,
    }


def timestamp(moment: datetime) -> str:
    """Return a moment as RFC 3339 text in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
