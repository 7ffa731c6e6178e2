"""What a scanner observed about one subject, or why it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task


class FailureKind(StrEnum):
    """Named reasons for having no facts. None of them is a pass, none is a fail."""

    TIMEOUT = "timeout"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    PROTOCOL = "protocol"
    TOOL_MISSING = "tool_missing"
    TOOL_FAILED = "tool_failed"
    STOPPED = "stopped"
    NO_CREDENTIAL = "no_credential"
    """There is no key to log in with, or none that may be used."""
    HOST_KEY_CHANGED = "host_key_changed"
    """The host did not prove the key that is pinned for it; nothing was offered to it."""
    LOGIN_REFUSED = "login_refused"
    NO_EVIDENCE = "no_evidence"
    """A report was read, and nothing follows from it."""
    BLACKOUT = "blackout"
    """The agency must not be measured at that time, and the audit ended before it might be again."""
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Failure:
    """A named failure with a short detail for the reader."""

    kind: FailureKind
    detail: str


@dataclass(frozen=True, slots=True)
class RawOutput:
    """Bytes exactly as a tool or server gave them."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Observation:
    """What one scanner returns for one task: facts or a failure, and the raw output behind them.

    Facts may accompany a failure when a part was measured before it.
    """

    tool: str
    tool_version: str
    settings: Mapping[str, JSON]
    facts: Facts = field(default_factory=dict)
    failure: Failure | None = None
    raw: tuple[RawOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored observation: one row of the hash chain. Times are UTC; duration is monotonic."""

    sequence: int
    run: str
    task: Task
    started_at: datetime
    finished_at: datetime
    duration_seconds: float
    tool: str
    tool_version: str
    settings: Mapping[str, JSON]
    facts: Facts
    failure: Failure | None
    raw: Mapping[str, str]
    """Name of each raw output → SHA-256 of its bytes."""
    previous_hash: str
    hash: str
