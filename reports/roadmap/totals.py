"""Sums over the packages of a plan: by quarter, by year and by OPD. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.model.inventory import Responsible
from auditor.model.roadmap import Package, PackageKind, Quarter, Roadmap


@dataclass(frozen=True, slots=True)
class Sums:
    """Some packages together. `cost` is None when the cost of one of them is not known."""

    packages: int
    days: float
    findings_days: float
    controls_days: float
    cost: int | None
    risk: float
    findings: int
    controls: int
    late: int


@dataclass(frozen=True, slots=True)
class QuarterSums:
    """The packages of one quarter, and the risk that is left once they are done."""

    quarter: Quarter
    packages: tuple[Package, ...]
    sums: Sums
    risk_left: float


@dataclass(frozen=True, slots=True)
class OpdSums:
    """Everything about one OPD ("" = what is done once for all), by the side that does it."""

    opd: str
    own: Sums
    centre: Sums
    whole: Sums
    last: Quarter | None
    """The last quarter in which something of it is done; None where nothing is placed."""


def chosen(plan: Roadmap, opd_id: str | None) -> tuple[Package, ...]:
    """Return the packages of one OPD, or of all for None, in the order of work."""
    return tuple(one for one in plan.packages if opd_id in (None, one.opd))


def sums(packages: Iterable[Package], edition: str) -> Sums:
    """Add packages up; controls are counted in the edition that they are planned in."""
    listed = tuple(packages)
    costs = [one.cost for one in listed]
    by_kind = {kind: sum(one.days for one in listed if one.kind is kind) for kind in PackageKind}
    return Sums(
        packages=len(listed),
        days=sum(one.days for one in listed),
        findings_days=by_kind[PackageKind.FINDINGS],
        controls_days=by_kind[PackageKind.CONTROLS],
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
        risk=sum(one.risk for one in listed),
        findings=sum(len(one.findings) for one in listed),
        controls=sum(_controls(one, edition) for one in listed),
        late=sum(one.late for one in listed),
    )


def _controls(package: Package, edition: str) -> int:
    return len(package.controls.get(edition, ())) if package.kind is PackageKind.CONTROLS else 0


def by_quarter(plan: Roadmap, packages: Sequence[Package]) -> Iterator[QuarterSums]:
    """Yield every quarter of the plan in order, also those in which nothing is left to do."""
    left = sum(one.risk for one in packages)
    for quarter in plan.quarters:
        mine = tuple(one for one in packages if one.quarter == quarter)
        left -= sum(one.risk for one in mine)
        yield QuarterSums(quarter, mine, sums(mine, plan.edition), left)


def by_year(plan: Roadmap, quarters: Iterable[QuarterSums]) -> dict[int, Sums]:
    """Return calendar year → everything done in it."""
    years: dict[int, list[Package]] = {}
    for one in quarters:
        years.setdefault(one.quarter.year, []).extend(one.packages)
    return {year: sums(packages, plan.edition) for year, packages in years.items()}


def by_opd(plan: Roadmap, opds: Iterable[str]) -> Iterator[OpdSums]:
    """Yield the OPD in this order that have packages, what is done once for all last."""
    for opd in (*opds, ""):
        mine = [one for one in plan.packages if one.opd == opd]
        if mine:
            placed = [one.quarter for one in mine if one.quarter is not None]
            yield OpdSums(
                opd=opd,
                own=sums((one for one in mine if one.responsible is Responsible.OPD), plan.edition),
                centre=sums((one for one in mine if one.responsible is Responsible.CENTRE), plan.edition),
                whole=sums(mine, plan.edition),
                last=max(placed, key=lambda quarter: quarter.first, default=None),
            )
