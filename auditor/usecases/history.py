"""How the scores of earlier audits stood, for the line that a trend is drawn as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from auditor.model.assessment import Footing
from auditor.model.inventory import Inventory
from auditor.model.report import PreviousScore
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.store.results import ORGANIZATION
from auditor.store.runs import RunInputs
from auditor.store.scores import stored_scores
from auditor.store.workspace import Workspace

MAXIMUM_AUDITS = 400
"""The newest so many are looked at: a night's audit for more than a year."""
_Servers = Mapping[str, frozenset[str]]
"""OPD id → ids of its servers; "" → of all."""


def history_of(
    workspace: Workspace, run: AuditRun, inputs: RunInputs, footing: Footing | None
) -> dict[str, tuple[PreviousScore, ...]]:
    """Return OPD id → its numbers in earlier complete audits of the same servers, oldest first; "" for all.

    Servers that came or went in between leave an audit in, for then they make a part of the trend; an audit
    that chose other servers of those registered both times is left out. `footing` is what this run was judged
    by. OPD without an earlier audit are left out.
    """
    earlier = tuple(_earlier(workspace, run))
    scores = stored_scores(workspace.engine, [one.id for one in earlier])
    past = _Past(workspace, inputs, footing)
    now = _servers(inputs.inventory)
    found: dict[str, list[PreviousScore]] = {}
    for one in earlier:
        told = scores.get(one.id)
        if not told:
            continue
        then, same_rules = past.servers(one), past.same_rules(one)
        for opd in told.keys() & now.keys() & then.keys():
            if _chose_alike(now[opd] & then[opd], run, one):
                score = told[opd]
                ended = one.finished_at or one.started_at
                numbers = (score.floor, score.ceiling, score.coverage, score.letter)
                found.setdefault(opd, []).append(PreviousScore(one.id, ended, *numbers, same_rules))
    return {opd: tuple(listed) for opd, listed in sorted(found.items())}


def _earlier(workspace: Workspace, run: AuditRun) -> Iterable[AuditRun]:
    """Return the newest complete runs of this one's kind, or audits, that began before it; oldest first."""
    kinds = {RunKind.AUDIT, run.kind} - {RunKind.RETEST}
    listed = [
        one
        for one in workspace.runs.all()
        if one.kind in kinds
        and one.status is RunStatus.COMPLETE
        and (one.started_at, one.id) < (run.started_at, run.id)
    ]
    return listed[-MAXIMUM_AUDITS:]


def _servers(inventory: Inventory) -> _Servers:
    by_opd = {opd.id: frozenset(server.id for server in opd.servers) for opd in inventory.opds}
    return {**by_opd, ORGANIZATION: frozenset(chain.from_iterable(by_opd.values()))}


def _chose_alike(both: frozenset[str], run: AuditRun, before: AuditRun) -> bool:
    """Return whether two runs chose the same of the servers that were registered both times."""
    chosen = both.intersection(run.scope)
    return bool(chosen) and chosen == both.intersection(before.scope)


class _Past:
    """What earlier runs were made from; files that stayed the same are read once."""

    def __init__(self, workspace: Workspace, inputs: RunInputs, footing: Footing | None):
        self._workspace, self._footing = workspace, footing
        self._weights = _weights(inputs)
        self._read: dict[str, tuple[_Servers, object]] = {}

    def servers(self, run: AuditRun) -> _Servers:
        """Return the servers registered when a run was made, by OPD."""
        return self._files(run)[0]

    def same_rules(self, run: AuditRun) -> bool:
        """Return whether a run was judged by the same checks, weights and bands as the one reported."""
        before = self._workspace.results.footing(run.id)
        if before is None or self._footing is None or before.rules != self._footing.rules:
            return False
        return self._files(run)[1] == self._weights

    def _files(self, run: AuditRun) -> tuple[_Servers, object]:
        key = f"{run.provenance.inventory} {run.provenance.policy}"
        if key not in self._read:
            inputs = self._workspace.runs.inputs(run.id)
            self._read[key] = _servers(inputs.inventory), _weights(inputs)
        return self._read[key]


def _weights(inputs: RunInputs) -> object:
    policy = inputs.policy
    return policy.weights, policy.criticality, policy.grading
