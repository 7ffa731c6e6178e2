"""Lay what is left to do over quarters: what is critical or overdue first, then most risk per effort. Pure.

The centre and every OPD work side by side, each within its own capacity. Work that fits into a quarter is not
torn apart, unless it is urgent; work larger than a quarter is divided. What comes later in the order may fill
the room that is left, never push back what comes before it.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta
from fractions import Fraction
from math import ceil, floor

from auditor.model.check import Severity
from auditor.model.inventory import Responsible
from auditor.model.report import ReportData
from auditor.model.roadmap import Package, PackageKind, Quarter, Roadmap, RoadmapRules
from controls.deadlines import opd_day
from controls.roadmap_left_out import left_out
from controls.roadmap_work import LEAST_HOURS, Bundle, Piece, control_bundles, finding_bundles

_STEP = Fraction(1, 4)
"""Person-days are told in quarters of a day."""


def make_roadmap(data: ReportData, rules: RoadmapRules) -> Roadmap:
    """Return the plan of a run's open findings and unanswered controls of the policy's first edition."""
    day = opd_day(data.run.started_at, data.inventory, "")
    start = max(day, rules.start) if rules.start else day
    edition = data.policy.default_edition
    bundles = [*finding_bundles(data), *control_bundles(data, rules, edition)]
    made = plan(bundles, rules, start, data.inventory.organization.centre)
    return replace(made, left_out=left_out(data, edition, made.packages), edition=edition)


def plan(bundles: Iterable[Bundle], rules: RoadmapRules, start: date, centre: str = "") -> Roadmap:
    """Return bundles laid over quarters from a day on. `centre` is the id of the OPD that is the centre."""
    quarters = quarters_from(start, rules.years)
    capacity = {side: _capacity(quarters, rules.days_per_quarter[side]) for side in Responsible}
    pools: dict[str, _Pool] = {}
    packages: list[tuple[int, int, Package]] = []
    for rank, bundle in enumerate(sorted(bundles, key=lambda one: _order(one, start))):
        of_centre = bundle.responsible is Responsible.CENTRE or bundle.opd == centre
        side = Responsible.CENTRE if of_centre else Responsible.OPD
        whole = _stepped(Fraction(str(rules.days_per_quarter[side])))
        pool = pools.setdefault("" if of_centre else bundle.opd, _Pool.empty(capacity[side], whole))
        packages.extend((place, rank, one) for place, one in _packages(bundle, pool, quarters, rules, start))
    packages.sort(key=lambda one: one[:2])
    return Roadmap(
        packages=tuple(package for _, _, package in packages),
        quarters=quarters,
        rules=rules,
        capacity={side: tuple(map(float, days)) for side, days in capacity.items()},
    )


def quarters_from(start: date, years: int) -> tuple[Quarter, ...]:
    """Return the rest of the quarter that a day lies in, and whole quarters until these years are full.

    They end with the last year that a date can hold.
    """
    year, number = start.year, (start.month - 1) // 3 + 1
    begins = date(year, 3 * number - 2, 1)
    listed = []
    for _ in range(4 * years + (start > begins)):
        if year > MAXYEAR:
            break
        first, last = date(year, 3 * number - 2, 1), date(year, 3 * number, monthrange(year, 3 * number)[1])
        listed.append(Quarter(year, number, max(start, first), last))
        year, number = (year + 1, 1) if number == 4 else (year, number + 1)
    return tuple(listed)


def _capacity(quarters: Sequence[Quarter], days: float) -> tuple[Fraction, ...]:
    """Return the person-days of each quarter; of one that has begun, as much as is left of it."""
    whole = Fraction(str(days))
    return tuple(_stepped(whole * _share(quarter)) for quarter in quarters)


def _stepped(days: Fraction) -> Fraction:
    return floor(days / _STEP) * _STEP


def _share(quarter: Quarter) -> Fraction:
    begins = date(quarter.year, 3 * quarter.number - 2, 1)
    return Fraction((quarter.last - quarter.first).days + 1, (quarter.last - begins).days + 1)


def person_days(hours: Fraction, rules: RoadmapRules) -> Fraction:
    """Return the person-days of an effort with the reserve, rounded up to a quarter of a day."""
    reserve = 1 + Fraction(str(rules.contingency_percent)) / 100
    return max(1, ceil(hours * reserve / Fraction(str(rules.hours_per_day)) / _STEP)) * _STEP


def _urgency(pieces: Iterable[Piece], start: date) -> int:
    """Return 0 for what is critical, 1 for what is overdue, 2 for the rest."""
    listed = list(pieces)
    if any(piece.worst is Severity.CRITICAL for piece in listed):
        return 0
    return 1 if any(piece.due and piece.due < start for piece in listed) else 2


def _order(bundle: Bundle, start: date) -> tuple[bool, int, Fraction, int, date, str]:
    """Return urgent bundles first, then by risk per effort; controls, which bear no measured risk, last."""
    hours = max(sum((piece.hours for piece in bundle.pieces), Fraction(0)), LEAST_HOURS)
    risk = sum((piece.risk for piece in bundle.pieces), Fraction(0))
    ranks = [piece.worst.rank for piece in bundle.pieces if piece.worst]
    dues = [piece.due for piece in bundle.pieces if piece.due]
    return (
        bundle.kind is PackageKind.CONTROLS,
        _urgency(bundle.pieces, start),
        -risk / hours,
        min(ranks, default=len(Severity)),
        min(dues, default=date.max),
        bundle.key,
    )


@dataclass(slots=True)
class _Pool:
    """Those who work together, and the days that they still have in each quarter. `whole` is a full one."""

    capacity: tuple[Fraction, ...]
    room: list[Fraction]
    whole: Fraction

    @classmethod
    def empty(cls, capacity: tuple[Fraction, ...], whole: Fraction) -> _Pool:
        return cls(capacity, list(capacity), whole)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where the first `count` pieces go; `place` is past the last quarter where none has room."""

    place: int
    count: int
    oversized: bool = False


def _packages(
    bundle: Bundle, pool: _Pool, quarters: Sequence[Quarter], rules: RoadmapRules, start: date
) -> Iterator[tuple[int, Package]]:
    """Yield the packages of a bundle with the place of their quarter."""
    rest = list(bundle.pieces)
    whole = _urgency(rest, start) == 2 and person_days(_hours(rest), rules) <= pool.whole
    made: list[tuple[int, Package]] = []
    while rest:
        slot = _slot(rest, pool, rules, whole)
        taken, rest = rest[: slot.count], rest[slot.count :]
        package = _package(bundle, taken, rules, slot.oversized)
        if slot.place < len(quarters):
            package = _dated(package, quarters[slot.place], pool, slot)
        made.append((slot.place, replace(package, late=_is_late(package))))
    for number, (place, package) in enumerate(made, start=1):
        ending = f"-{number}" if len(made) > 1 else ""
        yield place, replace(package, id=f"{package.id}{ending}", part=number, parts=len(made))


def _hours(pieces: Iterable[Piece]) -> Fraction:
    return sum((piece.hours for piece in pieces), Fraction(0))


def _slot(pieces: Sequence[Piece], pool: _Pool, rules: RoadmapRules, whole: bool) -> _Slot:
    """Return the first quarter with room for all pieces, or, unless they stay whole, for some of them."""
    all_days = person_days(_hours(pieces), rules)
    alone = person_days(pieces[0].hours, rules)
    for place, room in enumerate(pool.room):
        if all_days <= room:
            return _Slot(place, len(pieces))
        if not whole and alone <= room:
            return _Slot(place, _fitting(pieces, room, rules))
        if alone > pool.whole and 0 < room == pool.capacity[place]:
            return _Slot(place, 1, oversized=True)
    return _Slot(len(pool.room), len(pieces), oversized=alone > pool.whole)


def _fitting(pieces: Sequence[Piece], room: Fraction, rules: RoadmapRules) -> int:
    """Count the pieces from the first on that fit into some days."""
    hours = Fraction(0)
    for count, piece in enumerate(pieces):
        hours += piece.hours
        if person_days(hours, rules) > room:
            return count
    return len(pieces)


def _package(bundle: Bundle, pieces: Sequence[Piece], rules: RoadmapRules, oversized: bool) -> Package:
    days, rate = person_days(_hours(pieces), rules), rules.rates.get(bundle.role)
    ranked = [piece.worst for piece in pieces if piece.worst]
    return Package(
        id="P-" + hashlib.sha256(bundle.key.encode()).hexdigest()[:10],
        kind=bundle.kind,
        title=bundle.title,
        opd=bundle.opd,
        responsible=bundle.responsible,
        role=bundle.role,
        checks=tuple(sorted({check for piece in pieces for check in piece.checks})),
        findings=tuple(sorted(finding for piece in pieces for finding in piece.findings)),
        controls=_merged(piece.controls for piece in pieces),
        worst=min(ranked, key=lambda severity: severity.rank, default=None),
        risk=float(sum((piece.risk for piece in pieces), Fraction(0))),
        days=float(days),
        cost=None if rate is None else ceil(days * rate),
        quarter=None,
        due=min((piece.due for piece in pieces if piece.due), default=None),
        oversized=oversized,
    )


def _merged(listed: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return every control once, in the order in which the pieces name them."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for controls in listed:
        for edition, ids in controls.items():
            found[edition].update(dict.fromkeys(ids))
    return {edition: tuple(ids) for edition, ids in sorted(found.items())}


def _dated(package: Package, quarter: Quarter, pool: _Pool, slot: _Slot) -> Package:
    """Take the days of a package from its quarter, and tell when it ends if they are spent evenly."""
    place, days = slot.place, Fraction(str(package.days))
    pool.room[place] = max(Fraction(0), pool.room[place] - days)
    spent = 1 - pool.room[place] / pool.capacity[place]
    length = (quarter.last - quarter.first).days + 1
    ends = quarter.first + timedelta(days=max(0, ceil(spent * length) - 1))
    return replace(package, quarter=quarter, ends=ends)


def _is_late(package: Package) -> bool:
    return package.due is not None and (package.ends is None or package.due < package.ends)
