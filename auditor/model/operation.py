"""The rules an organisation chose for what runs by itself: re-tests, admission, trial, messages, keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.model.check import Severity
from auditor.model.message import Channel, Recipient


@dataclass(frozen=True, slots=True)
class RetestRules:
    """How often something may be measured again on demand, in one local day."""

    per_finding_per_day: int = 3
    per_opd_per_day: int = 20


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """When a server may stand in the server room. `minimum_coverage` is percent of its weight judged."""

    refuse_from: Severity = Severity.CRITICAL
    condition_from: Severity = Severity.MEDIUM
    refuse_overdue_from: Severity | None = Severity.HIGH
    """A failing check as severe as this keeps a server out once its deadline has passed; None: none does."""
    minimum_coverage: float = 80.0
    evidence_days: int = 7


@dataclass(frozen=True, slots=True)
class TrialRules:
    """The trial month. Targets are floors in percent."""

    days: int = 30
    target: float = 75.0
    targets: Mapping[str, float] = field(default_factory=dict)
    """OPD id → its own target, where it is another."""
    pace_days: int = 7


@dataclass(frozen=True, slots=True)
class MessageRules:
    """Who is told what. `channels` is by id."""

    due_soon_days: int = 3
    attempts: int = 6
    channels: Mapping[str, Channel] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupRules:
    """Copies of the workspace. `recipients` are age public keys; empty: not encrypted."""

    folder: str = ""
    """Absolute path; empty: a folder named backups beside the workspace."""
    keep: int = 14
    recipients: tuple[str, ...] = ()
