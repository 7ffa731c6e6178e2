"""A failing check on a subject, followed over time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.check import Confidence, Severity, Text
from auditor.model.inventory import Responsible
from auditor.model.subject import Subject
from auditor.model.verdict import Status


class FindingStatus(StrEnum):
    """Life of a finding. Only a new measurement that passes fixes one."""

    NEW = "new"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Open, and somebody has taken it on. Never stored: it is laid over the others when findings are read."""
    REOPENED = "reopened"
    FLAPPING = "flapping"
    """Failed, passed and failed again more than once: one finding with one due day, marked as unsteady."""
    WAIVED = "waived"
    """Fails still, as an accepted risk; reopened by itself when the acceptance ends."""
    FIXED = "fixed"
    NOT_MEASURED = "not_measured"
    OUT_OF_SCOPE = "out_of_scope"
    """Closed without being fixed: its server, its address or its check is not looked at any more."""


CLOSED = (FindingStatus.FIXED, FindingStatus.OUT_OF_SCOPE)
"""What does not stand any more; everything else fails, or did when it was last seen."""


def finding_id(check: str, subject: Subject) -> str:
    """Return the stable id of a check failing on a subject: the same in every run and order."""
    return "F-" + hashlib.sha256(f"{check}|{subject.key}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding with its history; `due` is the last local day on which it is in time."""

    id: str
    check: str
    severity: Severity
    confidence: Confidence
    status: FindingStatus
    verdict: Status
    opd: str
    responsible: Responsible
    subject: Subject
    title: Text
    observed: Text
    expected: Text
    controls: Mapping[str, tuple[str, ...]]
    first_seen: datetime
    last_seen: datetime
    due: date
    evidence: tuple[int, ...]
    opened_at: datetime
    """When it last began to fail: first_seen, or when it came back after it was closed."""
    days_open: int = 0
    """Local days of its OPD since it opened, until the day of the run or until it was closed."""
    fixed_at: datetime | None = None
    """Start of the run that closed it; None while it stands."""
    acknowledgement: Acknowledgement | None = None
    waiver: str = ""
