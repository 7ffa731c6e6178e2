"""One audit, and what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunStatus(StrEnum):
    """State of an audit."""

    RUNNING = "running"
    STOPPED = "stopped"
    COLLECTED = "collected"
    COMPLETE = "complete"


class RunKind(StrEnum):
    """What an audit is for."""

    AUDIT = "audit"
    RETEST = "retest"
    """Measures single findings again; it has verdicts of these alone, and no scorecards."""
    ADMISSION = "admission"
    """Of single servers that shall stand in the server room."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Digests (SHA-256, hex) of what a run was decided with, and the versions of the tools used."""

    policy: str
    catalogue: str
    inventory: str
    tools: Mapping[str, str]
    auditor: str


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One audit. Verdicts are made for the day it started, so judging again gives the same. Times are UTC."""

    id: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    provenance: Provenance
    scope: tuple[str, ...]
    """Ids of the servers selected."""
    kind: RunKind = RunKind.AUDIT
