"""A report of another tool that somebody handed in, as far as it is about one task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from auditor.model.evidence import Failure
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task


class ImportKind(StrEnum):
    """The tools whose reports are read."""

    NMAP = "nmap"
    LYNIS = "lynis"
    OPENSCAP = "openscap"


@dataclass(frozen=True, slots=True)
class Import:
    """What a file says to one task. Times are UTC; those of the measurement are the file's own."""

    file: str
    """SHA-256 of the file as it was handed in."""
    kind: ImportKind
    task: Task
    tool: str
    tool_version: str
    started_at: datetime
    finished_at: datetime
    imported_at: datetime
    account: str
    """Account of the operating system that handed it in."""
    facts: Facts
    failure: Failure | None
    raw: str
    """SHA-256 of what is kept of the file."""
    host: str = ""
    """Name that the machine had for itself, as the file says."""
    settings: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes it the same again."""
        return self.file, self.task.id
