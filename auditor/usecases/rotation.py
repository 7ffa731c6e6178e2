"""In which order an audit measures: what waited longest comes first, so that short windows starve nobody."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.run import RunKind
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace

_RUNS_LOOKED_BACK = 60


def longest_ago_first(workspace: Workspace, planned: RunInputs) -> RunInputs:
    """Return what is planned with its tasks in the order in which they were last begun, oldest first.

    What no audit of late measured comes before the rest, in the order of the inventory.
    """
    last = _last_rows(workspace, frozenset(task.id for task in planned.plan.tasks))
    tasks = sorted(planned.plan.tasks, key=lambda task: last.get(task.id, 0))
    return replace(planned, plan=replace(planned.plan, tasks=tuple(tasks)))


def _last_rows(workspace: Workspace, tasks: frozenset[str]) -> dict[str, int]:
    """Return task → number of its newest row of evidence."""
    found: dict[str, int] = {}
    audits = [run for run in workspace.runs.all() if run.kind is not RunKind.RETEST]
    for run in reversed(audits[-_RUNS_LOOKED_BACK:]):
        if found.keys() >= tasks:
            break
        for task, sequence in workspace.evidence.tried(run.id).items():
            if task in tasks:
                found[task] = max(sequence, found.get(task, 0))
    return found
