"""What fixing findings would do to scores and grades. Pure.

A finding is fixed when its failing verdict passes. A check on a server passes when every failing subject of
it is fixed and nothing of it could not be judged: what hides behind a failure stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from auditor.model.check import Severity
from auditor.model.inventory import Responsible
from auditor.model.scorecard import Level
from auditor.model.verdict import Status, Verdict
from controls.attestations import ORGANIZATION
from controls.scoring import Judged, level_of, tally, weight_of
from controls.sides import Cell, Side, by_opd, cells_of, judged_cell

_LEAST_HOURS = Fraction(1, 10)
"""An effort below six minutes is not told apart from it."""
UNKNOWN_HOURS = 1.0
"""For a finding whose check has left the catalogue."""


@dataclass(frozen=True, slots=True)
class Change:
    """The levels of an OPD ("" = the organisation) as they are, and as they would be.

    `own` is what the OPD answers for, `centre` what the centre answers for on these servers, both before and
    after. `findings` are the fixed ones that belong to it, `of_centre` those of them that the centre answers
    for, and `hours` the effort: once for each check on a server, however many findings it has there.
    """

    opd: str
    findings: tuple[str, ...]
    of_centre: tuple[str, ...]
    hours: Fraction
    own: tuple[Level, Level]
    centre: tuple[Level, Level]


@dataclass(frozen=True, slots=True)
class Fix:
    """One change on one server: the findings that it closes, what they weigh together, and its hours."""

    cell: Cell
    severity: Severity
    findings: tuple[str, ...]
    weight: Fraction
    hours: Fraction
    before: Judged
    after: Judged
    """The same once all its findings are fixed."""

    @property
    def gain(self) -> Fraction:
        """Return the risk that goes per hour of effort."""
        return self.weight / max(self.hours, _LEAST_HOURS)


def what_if(side: Side, fixed: Collection[str], hours: Mapping[str, float]) -> dict[str, Change]:
    """Return OPD id → what fixing some findings would change, of the OPDs they belong to and of all ("").

    `hours` is check id → hours for one server. Ids of anything but a failing verdict change nothing.
    """
    wanted = frozenset(fixed)
    parts = {
        o: part for o, part in by_opd(side).items() if wanted.intersection(_findings(side, part.verdicts))
    }
    return {opd: _change(opd, part, wanted, hours) for opd, part in {ORGANIZATION: side, **parts}.items()}


def fixes_of(side: Side, opd: str, hours: Mapping[str, float], *, excepted: bool = False) -> tuple[Fix, ...]:
    """Return every fix that an OPD answers for, the most risk per hour of effort first.

    `hours` is check id → hours for one server. With `excepted`, accepted failures need no fix and stay as
    they are; otherwise they are failures like others. "" is the organisation.
    """
    found = (
        _fix(side, cell, verdicts, hours, excepted)
        for cell, verdicts in cells_of(side).items()
        if side.answers_for(opd, cell)
    )
    return ranked(fix for fix in found if fix is not None)


def ranked(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """Order fixes by risk reduced per hour of effort; ties by severity, server, check."""
    return tuple(sorted(fixes, key=lambda fix: (-fix.gain, fix.severity.rank, fix.cell[::-1])))


def fix_weights(side: Side) -> dict[str, float]:
    """Return finding id → weight that passes once every finding of its check on its server is fixed.

    0 where something of it could not be judged, so that fixing alone brings nothing yet.
    """
    fixes = (_fix(side, cell, verdicts, {}, False) for cell, verdicts in cells_of(side).items())
    return {
        finding: float(fix.weight) if fix.after.status is Status.PASS else 0.0
        for fix in fixes
        if fix is not None
        for finding in fix.findings
    }


def own_judged(side: Side, opd: str) -> list[Judged]:
    """Return what makes the level of an OPD: all that it answers for."""
    cells = cells_of(side).items()
    return [judged_cell(side, cell, verdicts) for cell, verdicts in cells if side.answers_for(opd, cell)]


def _fix(
    side: Side, cell: Cell, verdicts: list[Verdict], hours: Mapping[str, float], excepted: bool
) -> Fix | None:
    failing = [v for v in verdicts if v.status is Status.FAIL and not (excepted and side.excepts(v))]
    if not failing:
        return None
    before = judged_cell(side, cell, verdicts)
    findings = tuple(sorted(_findings(side, failing)))
    return Fix(
        cell=cell,
        severity=before.severity,
        findings=findings,
        weight=weight_of(before.severity, before.multiplier, side.policy.weights),
        hours=_hours(cell, hours),
        before=before,
        after=judged_cell(side, cell, _passing(side, verdicts, frozenset(findings))),
    )


def _change(opd: str, side: Side, fixed: frozenset[str], hours: Mapping[str, float]) -> Change:
    later = replace(side, verdicts=tuple(_passing(side, side.verdicts, fixed)))
    own = [level_of(tally(own_judged(one, opd)), side.policy) for one in (side, later)]
    centre = [level_of(tally(_centre_judged(one, opd)), side.policy) for one in (side, later)]
    failing = {cell: fixed.intersection(_findings(side, v)) for cell, v in cells_of(side).items()}
    touched = {cell: mine for cell, mine in failing.items() if mine}
    of_centre = [mine for cell, mine in touched.items() if side.responsible(cell) is Responsible.CENTRE]
    return Change(
        opd=opd,
        findings=tuple(sorted(chain.from_iterable(touched.values()))),
        of_centre=tuple(sorted(chain.from_iterable(of_centre))),
        hours=sum((_hours(cell, hours) for cell in touched), Fraction(0)),
        own=(own[0], own[1]),
        centre=(centre[0], centre[1]),
    )


def _hours(cell: Cell, hours: Mapping[str, float]) -> Fraction:
    return Fraction(str(hours.get(cell[1], UNKNOWN_HOURS)))


def _findings(side: Side, verdicts: Iterable[Verdict]) -> Iterable[str]:
    return (side.finding(one) for one in verdicts if one.status is Status.FAIL)


def _passing(side: Side, verdicts: Iterable[Verdict], findings: frozenset[str]) -> Iterable[Verdict]:
    for one in verdicts:
        fails = one.status is Status.FAIL and side.finding(one) in findings
        yield replace(one, status=Status.PASS) if fails else one


def _centre_judged(side: Side, opd: str) -> Iterable[Judged]:
    for cell, verdicts in cells_of(side).items():
        if opd in (ORGANIZATION, cell[0]) and side.responsible(cell) is Responsible.CENTRE:
            yield judged_cell(side, cell, verdicts)
