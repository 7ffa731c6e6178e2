"""The month in which the servers of a new server room are brought to the standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as it was started. Days are local days of the organisation, both included."""

    id: str
    name: str
    starts: date
    ends: date
    baseline: str
    """Id of the audit that it is compared with; empty until there is one: then the first of its days."""
    targets: Mapping[str, float]
    """OPD id → floor (percent) that its own part shall reach; every OPD of the trial has one."""
    letter: str = ""
    """Reference of the letter that ordered it."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial with what became of it."""

    trial: Trial
    started_by: str
    closed_on: date | None = None
    closed_by: str = ""
    remark: str = ""
