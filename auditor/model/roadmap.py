"""What is left to do, as packages of work over quarters and years, with their effort and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from auditor.model.check import Severity, Text
from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Responsible


class Role(StrEnum):
    """Whose work a package is, and so which rate it is counted at."""

    ADMINISTRATOR = "administrator"
    """Networks, operating systems, services, accounts and certificates."""
    DEVELOPER = "developer"
    """Sites and applications."""
    GOVERNANCE = "governance"
    """Writing, deciding and gathering evidence for controls that no machine can judge."""


@dataclass(frozen=True, slots=True)
class RoadmapRules:
    """How the work that is left is laid over quarters. Every default is an example, not a measured figure."""

    start: date | None = None
    """First day of work; None: the day of the audit."""
    years: int = 3
    hours_per_day: float = 6.0
    """Working hours of a person-day that are left for this work."""
    days_per_quarter: Mapping[Responsible, float] = field(
        default_factory=lambda: {Responsible.CENTRE: 60.0, Responsible.OPD: 15.0}
    )
    """Person-days of the centre in a quarter, and of each OPD."""
    contingency_percent: float = 20.0
    currency: str = "IDR"
    rates: Mapping[Role, int | None] = field(default_factory=lambda: dict.fromkeys(Role))
    """Role → cost of one person-day; 0 costs nothing beyond salaries, None is not known."""
    control_hours: Mapping[MachineCoverage, float] = field(
        default_factory=lambda: {MachineCoverage.SUPPORTING: 6.0, MachineCoverage.ATTESTATION: 8.0}
    )
    """How far a machine judges a control → hours to be able to answer for it."""


class PackageKind(StrEnum):
    """Where a package of work comes from."""

    FINDINGS = "findings"
    """Failing checks with one root cause or one theme of work."""
    CONTROLS = "controls"
    """Controls that only people can answer for, and that nobody has answered for yet."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a calendar year. The first one of a plan begins with its first day of work."""

    year: int
    number: int
    """1 to 4."""
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Package:
    """One package of work: what it closes, who does it, what it takes and what it brings."""

    id: str
    """The same wherever the same work is planned; the parts of divided work differ in their ending."""
    kind: PackageKind
    title: Text
    opd: str
    """Empty where the work is done once for the whole organisation."""
    responsible: Responsible
    role: Role
    checks: tuple[str, ...]
    findings: tuple[str, ...]
    """Finding ids."""
    controls: Mapping[str, tuple[str, ...]]
    """Edition → controls that it works on."""
    worst: Severity | None
    """Of its findings; None for controls."""
    risk: float
    """Weight that it takes off, by the policy's weights and the criticality of its servers.

    0 for controls: what nobody measured is not given a number.
    """
    days: float
    """Person-days with the reserve of the policy, rounded up to a quarter of a day."""
    cost: int | None
    """In whole units of the policy's currency; None where the rate of its role is not known."""
    quarter: Quarter | None
    """When it is done; None where the years planned have no room for it."""
    due: date | None = None
    """The earliest deadline of its findings."""
    ends: date | None = None
    """When it is done if its quarter's capacity is spent evenly, in the order of work."""
    late: bool = False
    """Whether its earliest deadline cannot be met: it lies before `ends`, or there is no room at all."""
    oversized: bool = False
    """Whether it alone takes more than the capacity of a quarter and cannot be divided."""
    part: int = 1
    parts: int = 1
    """Into how many packages the same work was divided, and which of them this is."""


class LeftOut(StrEnum):
    """Why something is no work of the plan."""

    ACCEPTED = "accepted"
    """Findings whose risk somebody accepted."""
    UNJUDGED = "unjudged"
    """Checks that could not be judged: what hides behind them is not known."""
    NOT_MEASURED = "not_measured"
    """Servers of which nothing was measured."""
    ANSWERED_LESS = "answered_less"
    """Controls answered as conforming partly or not: what is missing stands in the answer."""
    NOT_APPLICABLE = "not_applicable"
    """Controls that were decided not to apply."""
    NO_ROOM = "no_room"
    """Packages that the years planned have no room for."""


@dataclass(frozen=True, slots=True)
class LeftOutCount:
    """How many of one OPD ("" = of the whole organisation alone) are left out for one reason."""

    opd: str
    reason: LeftOut
    count: int


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Packages in the order of work: most risk per effort first, nothing beyond a quarter's capacity."""

    packages: tuple[Package, ...]
    quarters: tuple[Quarter, ...]
    rules: RoadmapRules
    capacity: Mapping[Responsible, tuple[float, ...]]
    """Person-days in each quarter, in their order: of the centre, and of every single OPD."""
    left_out: tuple[LeftOutCount, ...] = ()
    edition: str = ""
    """The edition whose controls are planned."""
