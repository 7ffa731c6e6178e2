"""What is left to do after an audit, as bundles of indivisible pieces of work. Pure.

A piece is one change that ends a root cause, or one control to be answered for. A bundle holds the pieces of
one OPD, one side, one kind of work, one theme and one urgency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from auditor.model.check import Severity, Text
from auditor.model.finding import Finding
from auditor.model.framework import Control, ControlSide, Framework, MachineCoverage
from auditor.model.inventory import Responsible
from auditor.model.report import ReportData
from auditor.model.roadmap import PackageKind, RoadmapRules, Role
from auditor.model.root_cause import RootCause
from auditor.model.scorecard import ControlResult, ControlStatus
from controls.roadmap_themes import RETIRED, controls_title, role_of, theme_of, theme_title, urgency_of
from controls.root_causes import SWITCH_OFF

LEAST_HOURS = Fraction(1, 10)
"""An effort below six minutes is not told apart from it."""
PLANNED = (MachineCoverage.SUPPORTING, MachineCoverage.ATTESTATION)
"""Controls that stay open until somebody answers for them, whatever is fixed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that cannot be divided. `risk` is 0 for controls, whose risk nobody measured."""

    key: str
    hours: Fraction
    risk: Fraction = Fraction(0)
    checks: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    controls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    worst: Severity | None = None
    due: date | None = None

    @property
    def gain(self) -> Fraction:
        """Return the risk that goes per hour of effort."""
        return self.risk / max(self.hours, LEAST_HOURS)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pieces that are planned together, the most risk per hour first."""

    key: str
    kind: PackageKind
    title: Text
    opd: str
    responsible: Responsible
    role: Role
    pieces: tuple[Piece, ...]


def finding_bundles(data: ReportData) -> Iterator[Bundle]:
    """Yield the work that open findings ask for: each root cause is in exactly one piece of one bundle."""
    findings = {finding.id: finding for finding in data.findings}
    grouped: dict[tuple[str, Responsible, Role, str, str], list[Piece]] = defaultdict(list)
    for first, *rest in _joined(data.causes):
        check = data.checks.get(first.checks[0])
        theme = RETIRED if first.checks == (SWITCH_OFF,) else theme_of(first.checks[0], check)
        key = first.opd, first.responsible, role_of(check), theme, urgency_of(first.severity)
        grouped[key].append(_piece((first, *rest), findings))
    for (opd, side, role, theme, urgency), pieces in grouped.items():
        yield Bundle(
            key="|".join((PackageKind.FINDINGS, opd, side, role, theme, urgency)),
            kind=PackageKind.FINDINGS,
            title=theme_title(theme, urgency),
            opd=opd,
            responsible=side,
            role=role,
            pieces=tuple(sorted(pieces, key=_order)),
        )


def _order(piece: Piece) -> tuple[Fraction, int, date, str]:
    rank = piece.worst.rank if piece.worst else len(Severity)
    return -piece.gain, rank, piece.due or date.max, piece.key


def _joined(causes: Iterable[RootCause]) -> Iterator[list[RootCause]]:
    """Yield the causes that one piece of work ends: switching a server off ends all there is on it."""
    offs: dict[tuple[str, str], list[RootCause]] = {}
    alone = []
    for cause in causes:
        place = cause.opd, cause.servers[0]
        if cause.checks == (SWITCH_OFF,):
            offs.setdefault(place, []).insert(0, cause)
        elif cause.after_switching_off and place in offs and len(cause.servers) == 1:
            offs[place].append(cause)
        else:
            alone.append([cause])
    yield from offs.values()
    yield from alone


def _piece(causes: tuple[RootCause, ...], findings: Mapping[str, Finding]) -> Piece:
    """Return the piece of work that the first of some causes asks for, and that ends all of them."""
    ids = [finding for cause in causes for finding in cause.findings]
    return Piece(
        key=causes[0].id,
        hours=Fraction(str(causes[0].hours)),
        risk=sum((Fraction(str(cause.risk)) for cause in causes), Fraction(0)),
        checks=tuple(dict.fromkeys(check for cause in causes for check in cause.checks)),
        findings=tuple(ids),
        controls=_controls_of(findings[one] for one in ids),
        worst=min((cause.severity for cause in causes), key=lambda severity: severity.rank),
        due=min(cause.due for cause in causes),
    )


def _controls_of(findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        for edition, controls in finding.controls.items():
            found[edition].update(controls)
    return {edition: tuple(sorted(controls)) for edition, controls in sorted(found.items())}


def control_bundles(data: ReportData, rules: RoadmapRules, edition: str) -> Iterator[Bundle]:
    """Yield the work on controls that only people can answer for, and that nobody has answered for.

    What the centre answers for is answered once for the whole organisation; the rest by every OPD.
    """
    framework = data.frameworks[edition]
    controls = {control.id: control for control in framework.controls if control.coverage in PLANNED}
    grouped: dict[tuple[str, Responsible, str], dict[str, Control]] = defaultdict(dict)
    for opd, card in data.scorecards.items():
        for result in card.controls.get(edition, ()):
            control = controls.get(result.control)
            if control is not None and is_unanswered(result):
                centre = control.responsible is ControlSide.CENTRE
                side = Responsible.CENTRE if centre else Responsible.OPD
                grouped["" if centre else opd, side, control.group][control.id] = control
    titles = {group.id: group.title for group in framework.groups}
    for (opd, side, group), listed in grouped.items():
        yield Bundle(
            key="|".join((PackageKind.CONTROLS, opd, side, edition, group)),
            kind=PackageKind.CONTROLS,
            title=controls_title(titles[group]),
            opd=opd,
            responsible=side,
            role=Role.GOVERNANCE,
            pieces=tuple(_answer(data, framework, one, rules) for one in listed.values()),
        )


def is_unanswered(result: ControlResult) -> bool:
    """Return whether a control applies and no answer of people about it is in force."""
    left_out = result.status is ControlStatus.NOT_APPLICABLE or (
        result.applied is not None and not result.applied.applicable
    )
    return not left_out and (result.attested is None or result.attested.answer is None)


def _answer(data: ReportData, framework: Framework, control: Control, rules: RoadmapRules) -> Piece:
    counterparts = framework.crosswalk.get(control.id, ())
    others = {edition: counterparts for edition in data.frameworks if edition != framework.edition}
    return Piece(
        key=control.id,
        hours=Fraction(str(rules.control_hours[control.coverage])),
        controls={framework.edition: (control.id,), **{e: found for e, found in others.items() if found}},
    )
