"""What is left to do, as packages of work over quarters and years, with their effort and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.model.check import Severity, Text
from auditor.model.inventory import Responsible


class PackageKind(StrEnum):
    """Where a package of work comes from."""

    FINDINGS = "findings"
    """Failing checks with one root cause or one theme of work."""
    CONTROLS = "controls"
    """Controls that only people can answer for, and that nobody has answered for yet."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a calendar year."""

    year: int
    number: int
    """1 to 4."""
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Package:
    """One package of work: what it closes, who does it, what it takes and what it brings."""

    id: str
    kind: PackageKind
    title: Text
    opd: str
    responsible: Responsible
    role: str
    """Which rate of the policy it is counted at."""
    checks: tuple[str, ...]
    findings: tuple[str, ...]
    """Finding ids."""
    controls: Mapping[str, tuple[str, ...]]
    """Edition → controls that it works on."""
    worst: Severity | None
    """Of its findings; None for controls."""
    risk: float
    """Weight that it takes off, by the policy's weights and the criticality of its servers."""
    days: float
    """Person-days, rounded up as the policy says."""
    cost: int
    """In whole units of the policy's currency."""
    quarter: Quarter | None
    """When it is done; None where the years planned have no room for it."""
    due: date | None = None
    """The earliest deadline of its findings."""


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Packages in the order of work: most risk per effort first, nothing beyond a quarter's capacity."""

    packages: tuple[Package, ...]
    quarters: tuple[Quarter, ...]
    capacity_days: float
    """Person-days of one quarter."""
    currency: str
    rates: Mapping[str, int]
    """Role → cost of one person-day."""
