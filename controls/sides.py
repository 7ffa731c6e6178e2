"""One run as it was judged: its verdicts laid out as the cells that scores are made of. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from auditor.model.assessment import Rule
from auditor.model.check import Severity
from auditor.model.facts import Facts
from auditor.model.finding import finding_id
from auditor.model.inventory import Category, Responsible, Server
from auditor.model.plan import Place
from auditor.model.policy import Policy
from auditor.model.verdict import Status, Verdict
from controls.attestations import ORGANIZATION
from controls.responsibility import owning_opd, responsible_side
from controls.rollup import Waived
from controls.scoring import Judged, weight_of, worst

Cell = tuple[str, str, str]
"""Owning OPD, check, server: what has one weight in a score, however many subjects it has."""
NOTHING_WAIVED = Waived({})
Floors = Mapping[str, Fraction]
"""OPD id → floor in percent, exact; "" is the organisation. An OPD with nothing applicable is absent."""


@dataclass(frozen=True, slots=True)
class Side:
    """One run with everything that weighs its verdicts.

    `rules` are the checks as they were (check id → rule), `servers` those of the run's scope by id, `centre`
    the id of the OPD that is the centre, `known` the declared facts
    of each server by its id. Every verdict is of one of the rules and one of the servers.
    """

    run: str
    verdicts: tuple[Verdict, ...]
    rules: Mapping[str, Rule]
    servers: Mapping[str, Server]
    policy: Policy
    waived: Waived = NOTHING_WAIVED
    centre: str = ""
    known: Mapping[str, Facts] = field(default_factory=dict)
    ids: Mapping[Place, str] = field(default_factory=dict)
    """Ids of the findings at places, as far as they are followed over time."""

    def finding(self, verdict: Verdict) -> str:
        """Return the id of the finding that a failing verdict is about."""
        place = Place(verdict.check, verdict.subject.key)
        return self.ids.get(place) or finding_id(verdict.check, verdict.subject)

    def excepts(self, verdict: Verdict) -> bool:
        """Return whether a verdict is a failure that somebody accepted."""
        return verdict.status is Status.FAIL and self.waived.covers(verdict)

    def unwaived(self, verdicts: Iterable[Verdict]) -> Status | None:
        """Return the worst status without accepted failures; None when nothing is left."""
        return worst(one.status for one in verdicts if not self.excepts(one))

    def responsible(self, cell: Cell) -> Responsible:
        """Return the side that answers for a cell."""
        _, check, server = cell
        return responsible_side(self.rules[check].layer, self.servers[server], self.policy)

    def answers_for(self, opd: str, cell: Cell) -> bool:
        """Return whether a cell counts in the score of an OPD, or of the organisation ("")."""
        if opd not in (ORGANIZATION, cell[0]):
            return False
        return opd in (ORGANIZATION, self.centre) or self.responsible(cell) is Responsible.OPD


def cell_of(side: Side, verdict: Verdict) -> Cell:
    """Return the cell that a verdict is in."""
    server = side.servers[verdict.subject.server]
    return owning_opd(side.rules[verdict.check].layer, verdict.subject, server), verdict.check, server.id


def cells_of(side: Side) -> dict[Cell, list[Verdict]]:
    """Return the verdicts of a run by cell."""
    found: dict[Cell, list[Verdict]] = defaultdict(list)
    for verdict in side.verdicts:
        found[cell_of(side, verdict)].append(verdict)
    return found


def declared_alike(before: Side, after: Side, check: str, server: str) -> bool:
    """Return whether a check asked the same of a server in two runs that both made it.

    The server is meant to answer in both or in neither, and the declared facts that the check asks for agree.
    """
    if any(check not in side.rules or server not in side.servers for side in (before, after)):
        return False
    if before.servers[server].state is not after.servers[server].state:
        return False
    known, later = before.known.get(server, {}), after.known.get(server, {})
    # Rules that were recorded without what they ask for are told it by the other run's.
    asks = {*before.rules[check].asks, *after.rules[check].asks}
    return all(known.get(fact) == later.get(fact) for fact in asks)


def by_opd(side: Side) -> dict[str, Side]:
    """Return OPD id → the run with that OPD's verdicts alone, of every OPD that has some."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for (opd, _, _), verdicts in cells_of(side).items():
        found[opd] += verdicts
    return {opd: replace(side, verdicts=tuple(verdicts)) for opd, verdicts in sorted(found.items())}


def opds_of(side: Side) -> frozenset[str]:
    """Return every OPD with a server in a run's scope, or a name on one."""
    servers = side.servers.values()
    return frozenset(opd for server in servers for opd in (server.opd, *server.name_owners.values()))


def judged_cell(side: Side, cell: Cell, verdicts: Iterable[Verdict]) -> Judged:
    """Return a cell as scores and grades are made from it."""
    opd, check, server = cell
    listed = list(verdicts)
    return Judged(
        check=check,
        server=server,
        severity=side.rules[check].severity,
        status=worst(one.status for one in listed) or Status.UNKNOWN,
        unwaived=side.unwaived(listed),
        multiplier=side.policy.criticality[side.servers[server].category],
        opd=opd,
        side=side.responsible(cell),
    )


def exact_floors(side: Side) -> Floors:
    """Return the floor of every OPD and of the organisation, accepted failures left out."""
    passed: dict[str, Fraction] = defaultdict(Fraction)
    applicable: dict[str, Fraction] = defaultdict(Fraction)
    for (opd, severity, category, passes), count in _kinds(side).items():
        weight = count * weight_of(severity, side.policy.criticality[category], side.policy.weights)
        applicable[opd] += weight
        passed[opd] += weight if passes else 0
    return {opd: 100 * passed[opd] / whole for opd, whole in applicable.items() if whole}


def _kinds(side: Side) -> Counter[tuple[str, Severity, Category, bool]]:
    """Count what applies, by OPD, severity, category, and whether it passes."""
    counted: Counter[tuple[str, Severity, Category, bool]] = Counter()
    for cell, verdicts in cells_of(side).items():
        status = side.unwaived(verdicts)
        if status is None or status is Status.NOT_APPLICABLE:
            continue
        opd, check, server = cell
        kind = side.rules[check].severity, side.servers[server].category, status is Status.PASS
        counted[ORGANIZATION, *kind] += 1
        if side.answers_for(opd, cell):
            counted[opd, *kind] += 1
    return counted
