"""The JSON contract of one finding, and how moments and days are written in all of them.

A removed or renamed key, or another meaning, is a new version; a new key is not. Texts are exactly as stored:
escape them for the medium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from auditor.model.check import Confidence, Severity
from auditor.model.finding import FindingStatus
from auditor.model.inventory import Responsible
from auditor.model.retest import RetestResult
from auditor.model.verdict import Status

_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
Moment = Annotated[str, Field(pattern=_MOMENT, json_schema_extra={"format": "date-time"})]
"""RFC 3339 in UTC, to the second."""
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
"""A local day."""


class AcknowledgementShape(TypedDict):
    """Who mends a finding, how, and until when."""

    owner: str
    plan: str
    planned: Day | None


class RemedyShape(TypedDict):
    """One change for one software, with the command that verifies it."""

    software: str
    steps: str
    config: str
    verify: str


class RetestShape(TypedDict):
    """The newest time that it was measured again on demand."""

    run: str
    at: Moment
    asked_by: str
    result: RetestResult


class EvidenceShape(TypedDict):
    """A row of the evidence chain; all but its number are null where it is of an audit not at hand."""

    sequence: int
    hash: str | None
    scanner: str | None
    started_at: Moment | None


class FindingShape(TypedDict):
    """A failing check at one place, followed over time; `port` is 0 for a whole address."""

    id: str
    check: str
    severity: Severity
    confidence: Confidence
    status: FindingStatus
    verdict: Status
    opd: str
    responsible: Responsible
    server: str
    address: str
    port: int
    protocol: str
    server_name: str
    title: str
    observed: str
    expected: str
    controls: Mapping[str, Sequence[str]]
    remediation: Sequence[RemedyShape]
    first_seen: Moment
    last_seen: Moment
    opened_at: Moment
    days_open: int
    fixed_at: Moment | None
    due: Day
    overdue: bool
    acknowledgement: AcknowledgementShape | None
    waiver: str | None
    retest: RetestShape | None
    evidence: Sequence[EvidenceShape]
