"""Choose what is measured a second time: whatever fails now and did not in the audit before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.plan import Task
from auditor.model.run import AuditRun, RunKind
from auditor.model.verdict import Status, Verdict
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import judge_run
from auditor.usecases.earlier import runs_before
from controls.confirm import WORSE, question, rests_on
from controls.loading import Catalogue

_WAS_WELL = (Status.PASS, Status.NOT_APPLICABLE)
_RUNS_LOOKED_BACK = 5
_FRESH: Mapping[str, JSON] = {"previous": None, "reference": False}
"""A second look takes nothing over from before, and is no occasion for the reference scan."""


def second_looks(
    workspace: Workspace,
    run: AuditRun,
    inputs: RunInputs,
    catalogue: Catalogue,
    evidence: Mapping[str, Evidence],
) -> tuple[Task, ...]:
    """Return the tasks whose new failures need a second look, each once, in a stable order.

    A server that was never audited before has no second looks: everything about it is new.
    """
    before = _statuses_before(workspace, run)
    if not before:
        return ()
    rows = {one.sequence: one for one in evidence.values()}
    worse = (one for one in judge_run(run, inputs, catalogue, evidence).verdicts if _got_worse(one, before))
    tasks: dict[str, Task] = {}
    questions: dict[str, list[JSON]] = defaultdict(list)
    for verdict in worse:
        for row in rests_on(verdict, rows):
            tasks[row.task.id] = row.task
            questions[row.task.id].append(question(verdict))
    return tuple(
        replace(task, look=2, options={**task.options, **_FRESH, WORSE: questions[key]})
        for key, task in sorted(tasks.items())
        if task.look == 1
    )


def _got_worse(verdict: Verdict, before: Mapping[tuple[str, str], Status]) -> bool:
    return verdict.status is Status.FAIL and before.get((verdict.check, verdict.subject.key)) in _WAS_WELL


def _statuses_before(workspace: Workspace, run: AuditRun) -> dict[tuple[str, str], Status]:
    """Return (check, subject) → status in the newest complete run before this one that covers it."""
    found: dict[tuple[str, str], Status] = {}
    for one in runs_before(workspace, run, _RUNS_LOOKED_BACK):
        retest = one.kind is RunKind.RETEST
        for verdict in workspace.results.verdicts(one.id):
            # What a re-test could not measure stays what it was.
            if not retest or verdict.status in (*_WAS_WELL, Status.FAIL):
                found[verdict.check, verdict.subject.key] = verdict.status
    return found
