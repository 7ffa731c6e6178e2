"""Compare two judged runs: why each score moved, and which findings came and went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from auditor.model.assessment import Footing
from auditor.model.movement import Comparison
from auditor.model.plan import Place
from auditor.model.run import AuditRun
from auditor.model.verdict import Status, Verdict
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import known_facts
from auditor.usecases.errors import UsageProblem
from auditor.usecases.findings_of_run import ids_of_run
from controls.attestations import ORGANIZATION
from controls.movement import movements
from controls.rollup import Waived
from controls.sides import Side, by_opd, declared_alike

_SETTLED = (Status.PASS, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """How many findings of an OPD are new, are fixed, or could not be looked at again.

    Not looked at again are those, too, whose server or check is not part of the later run, whose server was
    taken out of service, or whose check asks for what was declared differently.
    """

    new: int = 0
    fixed: int = 0
    not_judged: int = 0


def side_of(workspace: Workspace, run: AuditRun) -> Side:
    """Return a judged run with all that weighs its verdicts.

    Raises UsageProblem for a run of which it was not recorded yet what it was judged by.
    """
    footing = workspace.results.footing(run.id)
    if footing is None:
        raise UsageProblem(
            f"the audit {run.id} was judged by an older version, which did not record the rules it judged by",
            f"judge it again with: auditor assess {run.id}",
        )
    verdicts = workspace.results.verdicts(run.id)
    return as_side(run, workspace.runs.inputs(run.id), verdicts, footing, ids_of_run(workspace, run))


def as_side(
    run: AuditRun,
    inputs: RunInputs,
    verdicts: tuple[Verdict, ...],
    footing: Footing,
    ids: Mapping[Place, str] = MappingProxyType({}),
) -> Side:
    """Return a judged run whose parts are at hand with all that weighs its verdicts.

    `ids` are those of the findings at places in this run.
    """
    servers = {server.id: server for server in inputs.inventory.servers()}
    return Side(
        run=run.id,
        verdicts=verdicts,
        rules=footing.rules,
        servers={server: servers[server] for server in run.scope},
        policy=inputs.policy,
        waived=waived_of(footing),
        centre=inputs.inventory.organization.centre,
        known={server: known_facts(inputs.inventory, inputs.policy, server) for server in run.scope},
        ids=ids,
    )


def waived_of(footing: Footing) -> Waived:
    """Return the failures that a run was judged to have accepted."""
    pairs = ((place.partition(" "), waiver) for place, waiver in footing.waived.items())
    return Waived({(check, subject): waiver for (check, _, subject), waiver in pairs})


def chosen_opds(known: Iterable[str], asked: Collection[str]) -> tuple[str, ...]:
    """Return those of the known OPDs that were asked for, or all; raise UsageProblem for another."""
    listed = tuple(known)
    unknown = sorted(set(asked) - set(listed))
    if unknown:
        named = sorted(opd for opd in listed if opd)
        near = get_close_matches(unknown[0], named, n=5, cutoff=0.4) or named[:5]
        raise UsageProblem(
            f"there is no opd {', '.join(unknown)}", f"choose, for example, of: {', '.join(near)}"
        )
    return tuple(opd for opd in listed if opd in (asked or listed))


def comparisons(workspace: Workspace, before: AuditRun, after: AuditRun) -> dict[str, Comparison]:
    """Return OPD id → why its score moved from one run to another; "" is the organisation.

    Raises UsageProblem for a run of which it was not recorded yet what it was judged by.
    """
    return movements(side_of(workspace, before), side_of(workspace, after))


def comparisons_with_previous(workspace: Workspace, run: AuditRun, side: Side) -> dict[str, Comparison]:
    """Return why scores moved since the last complete run over the same servers; empty without one.

    `side` is the run itself. Empty also when the run before was judged by an older version: a report is made
    all the same.
    """
    earlier = {score.run for score in workspace.results.previous(run.id, run.started_at).values()}
    before = workspace.runs.get(min(earlier)) if earlier else None
    if before is None or workspace.results.footing(before.id) is None:
        return {}
    return movements(side_of(workspace, before), side)


def finding_changes(before: Side, after: Side) -> dict[str, FindingChanges]:
    """Return OPD id → its new and its fixed findings between two runs; "" is the organisation.

    A finding is fixed when its subject was judged again and does not fail, or is gone from an address where
    the same check was judged on all that is left. What only a declaration changed is not fixed.
    """
    failing, later = _failing(before), _failing(after)
    seen = _at_addresses(after.verdicts)
    new, fixed, not_judged = (defaultdict[str, int](int) for _ in range(3))
    for (check, subject), (opd, _) in later.items():
        if (check, subject) not in failing:
            new[opd] += 1
    for place, (opd, verdict) in failing.items():
        if place not in later:
            alike = declared_alike(before, after, verdict.check, verdict.subject.server)
            (fixed if alike and _settled(verdict, seen) else not_judged)[opd] += 1
    opds = sorted(new.keys() | fixed.keys() | not_judged.keys())
    by_id = {opd: FindingChanges(new[opd], fixed[opd], not_judged[opd]) for opd in opds}
    counts = (new, fixed, not_judged)
    return {ORGANIZATION: FindingChanges(*(sum(count.values()) for count in counts)), **by_id}


_Place = tuple[str, str]
"""Check, subject key."""
_Address = tuple[str, str, str]
"""Check, server, address."""


def _failing(side: Side) -> dict[_Place, tuple[str, Verdict]]:
    """Return the failing verdicts with the OPD each belongs to."""
    return {
        (verdict.check, verdict.subject.key): (opd, verdict)
        for opd, part in by_opd(side).items()
        for verdict in part.verdicts
        if verdict.status is Status.FAIL
    }


def _at_addresses(verdicts: Iterable[Verdict]) -> dict[_Address, dict[str, Status]]:
    """Return what was judged by check and address: subject key → status."""
    found: dict[_Address, dict[str, Status]] = defaultdict(dict)
    for one in verdicts:
        found[one.check, one.subject.server, one.subject.address][one.subject.key] = one.status
    return found


def _settled(verdict: Verdict, seen: Mapping[_Address, Mapping[str, Status]]) -> bool:
    """Return whether a failure of before is gone, and not merely out of sight."""
    there = seen.get((verdict.check, verdict.subject.server, verdict.subject.address), {})
    status = there.get(verdict.subject.key)
    if status is not None:
        return status in _SETTLED
    return bool(there) and all(one in (*_SETTLED, Status.FAIL) for one in there.values())
