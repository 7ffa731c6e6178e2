"""The month in which the servers of a new server room are brought to the standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from auditor.model.gate import Admission


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
class TrialClosing:
    """What a trial came to on the day it was closed, as it stands in the log for good."""

    trial: str
    remark: str
    baseline: str
    newest: str
    """The last audit that counted; empty when there was none."""
    runs: tuple[str, ...]
    """Every audit and re-test of its days that was taken into account."""
    decisions: int
    """Number of the last decision before the closing, and its hash."""
    decisions_head: str
    servers: Mapping[str, Admission]
    """Server id → the decision about it."""
    report: str
    """SHA-256 of the closing report as JSON, which is kept beside the raw outputs."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial with what became of it."""

    trial: Trial
    started_by: str
    closed_on: date | None = None
    closed_by: str = ""
    closing: TrialClosing | None = None
