"""The JSON contract of a roadmap. A removed or renamed key, or another meaning, raises `VERSION`.

Days are local. Texts are exactly as stored: escape them for the medium. Person-days are told in quarters of a
day, with the reserve; costs in whole units of the currency, null where the rate of the role is not known.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model.check import Severity
from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Responsible
from auditor.model.roadmap import LeftOut, PackageKind, Role

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class RulesRecord:
    """What was reckoned with; `example` when capacity, hours and reserve are the shipped examples."""

    example: bool
    start: datetime.date | None
    years: int
    hours_per_day: float
    days_per_quarter: Mapping[Responsible, float]
    contingency_percent: float
    currency: str
    rates: Mapping[Role, int | None]
    control_hours: Mapping[MachineCoverage, float]


@dataclass(frozen=True, slots=True)
class SumsRecord:
    """Some packages together."""

    packages: int
    findings: int
    controls: int
    days: float
    findings_days: float
    controls_days: float
    cost: int | None
    risk: float
    late: int


@dataclass(frozen=True, slots=True)
class QuarterRecord:
    """One quarter; the first begins with the first day of work. `risk_left` is after it."""

    year: int
    number: int
    first: datetime.date
    last: datetime.date
    sums: SumsRecord
    risk_left: float


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """One package of work, in the order of work.

    `opd` is null where the work is done once for all; `year` and `quarter` are null where the years planned
    have no room for it.
    """

    number: int
    id: str
    kind: PackageKind
    title: str
    opd: str | None
    responsible: Responsible
    role: Role
    part: int
    parts: int
    checks: tuple[str, ...]
    findings: tuple[str, ...]
    controls: Mapping[str, tuple[str, ...]]
    severity: Severity | None
    risk: float
    days: float
    cost: int | None
    year: int | None
    quarter: int | None
    due: datetime.date | None
    ends: datetime.date | None
    late: bool
    oversized: bool


@dataclass(frozen=True, slots=True)
class LeftOutRecord:
    """What is no work of the plan, and how many of it."""

    opd: str | None
    reason: LeftOut
    count: int


@dataclass(frozen=True, slots=True)
class RoadmapRecord:
    """The plan of one OPD, or of the whole organisation (`opd` null)."""

    version: Literal[1]
    number: str
    date: datetime.date
    organization: str
    classification: str
    opd: str | None
    name: str
    language: str
    run: str
    digest: str
    policy: str
    catalogue: str
    inventory: str
    edition: str
    """The edition whose controls without an answer are planned."""
    rules: RulesRecord
    sums: SumsRecord
    quarters: tuple[QuarterRecord, ...]
    packages: tuple[PackageRecord, ...]
    left_out: tuple[LeftOutRecord, ...]
