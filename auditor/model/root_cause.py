"""Findings that one change closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from auditor.model.check import Severity
from auditor.model.inventory import Responsible


@dataclass(frozen=True, slots=True)
class RootCause:
    """One change of one OPD and side: what fails for want of it, where, and what it takes.

    Accepted risks are no part of it. The id is the same in every run in which the cause is.
    """

    id: str
    opd: str
    responsible: Responsible
    checks: tuple[str, ...]
    """Whose text is followed first: one change may close findings of several checks."""
    findings: tuple[str, ...]
    """Finding ids, first due first."""
    servers: tuple[str, ...]
    """One of them unless a certificate that several serve has to be replaced."""
    severity: Severity
    """Of its worst finding."""
    due: date
    """The earliest deadline."""
    hours: float
    """On all its servers together."""
    risk: float
    """Weight of its checks that goes with it, times the criticality of the servers."""
    after_switching_off: bool = False
    """Whether it falls away once a server that nobody uses any more is switched off, which comes first."""
