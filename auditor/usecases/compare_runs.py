"""Choose two runs to compare: by id, by day, or as the latest and the one before."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from auditor.documents.words import parse_day
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.reporting import judged_run

LATEST, PREVIOUS = "latest", "previous"


def chosen_runs(workspace: Workspace, before: str, after: str) -> tuple[AuditRun, AuditRun]:
    """Return two judged runs: ids, `latest` (the newest judged), or `previous` (the one before the other).

    A day (YYYY-MM-DD) names the newest complete audit that had begun on it or before, as that day was in the
    zone of its organisation. Raises UsageProblem for what is not there or was not judged.
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
        day = _day(name)
        if day is not None:
            return _newest_on(workspace, day)
        known = [run.id for run in workspace.runs.all()]
        near = get_close_matches(name, [*known, LATEST, PREVIOUS], n=3, cutoff=0.4) or known[-3:]
        next_step = f"choose, for example, of: {', '.join(near)}" if near else "make one with: auditor audit"
        raise UsageProblem(f"there is no audit {name} in {workspace.folder}", next_step)
    return judged_run(workspace, "" if name == LATEST else name)


def _day(name: str) -> date | None:
    try:
        return parse_day(name)
    except ValueError:
        return None


def _newest_on(workspace: Workspace, day: date) -> AuditRun:
    """Return the newest complete audit that had begun on a day or before."""
    judged = workspace.results.judged()
    known = [one for one in workspace.runs.all() if one.kind is RunKind.AUDIT and one.id in judged]
    for run in reversed(known):
        if run.status is RunStatus.COMPLETE and _local_day(workspace, run) <= day:
            return run
    first = f"the first is of {_local_day(workspace, known[0])}" if known else "none was judged yet"
    raise UsageProblem(
        f"there was no complete audit until {day}; {first}", "list audits and their days with: auditor runs"
    )


def _local_day(workspace: Workspace, run: AuditRun) -> date:
    zone = workspace.runs.inputs(run.id).inventory.organization.timezone
    return run.started_at.astimezone(ZoneInfo(zone)).date()


def _judged_before(workspace: Workspace, run: AuditRun) -> AuditRun:
    ids = [one.id for one in workspace.runs.all()]
    for one in reversed(ids[: ids.index(run.id)]):
        if workspace.results.scorecards(one):
            return judged_run(workspace, one)
    raise UsageProblem(
        f"no audit before {run.id} was judged", "compare once there are two; list them with: auditor runs"
    )
