"""Choose two runs to compare, by id or as the latest and the one before."""

from __future__ import annotations

from difflib import get_close_matches

from auditor.model.run import AuditRun
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.reporting import judged_run

LATEST, PREVIOUS = "latest", "previous"


def chosen_runs(workspace: Workspace, before: str, after: str) -> tuple[AuditRun, AuditRun]:
    """Return two judged runs: ids, `latest` (the newest judged), or `previous` (the one before the other).

    Raises UsageProblem for what is not there or was not judged.
    """
    if before == after == PREVIOUS:
        raise UsageProblem("both runs are to be the previous one", "compare with: auditor compare")
    if before == PREVIOUS:
        later = _chosen(workspace, after)
        return _judged_before(workspace, later), later
    earlier = _chosen(workspace, before)
    return earlier, _judged_before(workspace, earlier) if after == PREVIOUS else _chosen(workspace, after)


def _chosen(workspace: Workspace, name: str) -> AuditRun:
    if name != LATEST and workspace.runs.get(name) is None:
        known = [run.id for run in workspace.runs.all()]
        near = get_close_matches(name, [*known, LATEST, PREVIOUS], n=3, cutoff=0.4) or known[-3:]
        next_step = f"choose, for example, of: {', '.join(near)}" if near else "make one with: auditor audit"
        raise UsageProblem(f"there is no audit {name} in {workspace.folder}", next_step)
    return judged_run(workspace, "" if name == LATEST else name)


def _judged_before(workspace: Workspace, run: AuditRun) -> AuditRun:
    ids = [one.id for one in workspace.runs.all()]
    for one in reversed(ids[: ids.index(run.id)]):
        if workspace.results.scorecards(one):
            return judged_run(workspace, one)
    raise UsageProblem(
        f"no audit before {run.id} was judged", "compare once there are two; list them with: auditor runs"
    )
