"""Remove raw outputs that the policy keeps no longer: row first, file after, never what is still needed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from auditor.model.finding import CLOSED
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.model.trial import Trial
from auditor.model.verdict import Status
from auditor.store.decisions import files_of
from auditor.store.evidence import RawUse
from auditor.store.prunings import Pruning
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.inputs import Inputs
from auditor.usecases.keeping import keeping
from controls.trials import trials_of

_AT_ONCE = 200
_ON_ITS_WAY_SECONDS = 3600.0
"""So long after a raw output was stored, the row that names it may still be missing."""


class Need(StrEnum):
    """Why a raw output is kept although it is old enough."""

    FINDING = "an open finding"
    TRIAL = "the open trial"
    NEWEST = "the newest audit of a server"
    DECISION = "a decision"
    REPORT = "a report that was handed in"
    STORED_AGAIN = "stored again a moment ago"


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, or would be: raw outputs, their bytes, and what was kept although it is old."""

    before: datetime
    """Raw outputs measured earlier than this are old enough."""
    outputs: int
    size_bytes: int
    kept: Mapping[Need, int] = field(default_factory=dict)


def prune(workspace: Workspace, inputs: Inputs, now: datetime, *, dry_run: bool = False) -> Pruned:
    """Remove the raw outputs that are older than the policy keeps them and that nothing rests on.

    Each gets a signed row before its file goes, so that whatever ends this leaves what verifies. Ages count
    from the newest measurement if that is before `now`: neither a clock that went wrong nor a pause of the
    audits removes what was measured last. Raise UsageProblem while another process prunes or copies.
    """
    with keeping(workspace):
        workspace.artefacts.give_back_all()
        started = time.time() - _ON_ITS_WAY_SECONDS
        before = _newest(workspace, now) - timedelta(days=inputs.policy.raw_days)
        old = _old_outputs(workspace, before)
        kept = _needed(workspace, inputs, old)
        sizes = {name: size for name in old if name not in kept and (size := _size(workspace, name))}
        removed = sizes if dry_run else _remove(workspace, sizes, now, inputs.policy.raw_days, started)
        counted = Counter(need for name, need in kept.items() if _size(workspace, name))
        if again := len(sizes) - len(removed):
            counted[Need.STORED_AGAIN] = again
        return Pruned(before, len(removed), sum(sizes[name] for name in removed), dict(counted))


def _newest(workspace: Workspace, now: datetime) -> datetime:
    last = workspace.evidence.get(workspace.evidence.head()[0])
    return min(now, last.finished_at) if last is not None else now


def _size(workspace: Workspace, name: str) -> int:
    # An empty output takes no room, and is not worth a row.
    return workspace.artefacts.size(name) or 0


def _old_outputs(workspace: Workspace, before: datetime) -> dict[str, tuple[RawUse, ...]]:
    """Return SHA-256 → the rows that name it, for what only rows name that are old enough."""
    found: dict[str, tuple[RawUse, ...]] = {}
    newer: set[str] = set()
    for use in workspace.evidence.raw_uses():
        for name in use.names:
            if use.finished_at >= before:
                newer.add(name)
            elif name in found or workspace.artefacts.size(name) is not None:
                found[name] = (*found.get(name, ()), use)
    return {name: uses for name, uses in found.items() if name not in newer}


def _needed(workspace: Workspace, inputs: Inputs, old: Mapping[str, tuple[RawUse, ...]]) -> dict[str, Need]:
    """Return SHA-256 → why it is kept, of those old ones that something rests on."""
    named = dict.fromkeys(_handed_in(workspace), Need.REPORT) | dict.fromkeys(
        _decided_on(workspace), Need.DECISION
    )
    rows = _rows_of_findings(workspace, {use.run for uses in old.values() for use in uses})
    runs = _runs_needed(workspace, inputs)
    found: dict[str, Need] = {}
    for name, uses in old.items():
        needs = [Need.FINDING for use in uses if use.sequence in rows]
        needs += [runs[use.run] for use in uses if use.run in runs]
        needs += [named[name]] if name in named else []
        if needs:
            found[name] = needs[0]
    return found


def _handed_in(workspace: Workspace) -> Iterator[str]:
    for one in workspace.imports.all():
        yield from (one.file, one.raw)


def _decided_on(workspace: Workspace) -> Iterator[str]:
    for entry in workspace.decisions.all():
        yield from files_of(entry)


def _rows_of_findings(workspace: Workspace, runs: Iterable[str]) -> set[int]:
    """Return the rows of some runs that an open finding rests on: where it began, and where it failed last.

    A finding is looked up by check and server, which stay when a server moves to another address.
    """
    wanted: dict[str, set[tuple[str, str]]] = {run: set() for run in runs}
    for record in workspace.results.findings().values():
        if record.status not in CLOSED:
            place = (record.check, record.subject.split("|")[1])
            for run in {record.first_run, record.last_run} & wanted.keys():
                wanted[run].add(place)
    return {
        row
        for run, places in wanted.items()
        if places
        for verdict in workspace.results.verdicts(run)
        if verdict.status is Status.FAIL and (verdict.check, verdict.subject.server) in places
        for row in verdict.evidence
    }


def _runs_needed(workspace: Workspace, inputs: Inputs) -> dict[str, Need]:
    """Return run → why all its raw outputs are kept."""
    runs = workspace.runs.all()
    trials = _open_trials(workspace)
    organization = inputs.inventory.organization
    first_days = [trial.starts for trial in trials]
    found = dict.fromkeys(_newest_of_servers(runs), Need.NEWEST)
    for run in runs:
        in_trial = bool(first_days) and local_day(run.started_at, organization) >= min(first_days)
        if in_trial or run.id in {trial.baseline for trial in trials}:
            found[run.id] = Need.TRIAL
    return found


def _open_trials(workspace: Workspace) -> list[Trial]:
    return [one.trial for one in trials_of(workspace.decisions.all()) if one.closed_on is None]


def _newest_of_servers(runs: Iterable[AuditRun]) -> set[str]:
    newest: dict[str, str] = {}
    for run in runs:
        if run.kind is not RunKind.RETEST and run.status is RunStatus.COMPLETE:
            newest |= dict.fromkeys(run.scope, run.id)
    return set(newest.values())


def _remove(
    workspace: Workspace, names: Iterable[str], now: datetime, raw_days: int, started: float
) -> list[str]:
    """Remove files, each after a signed row says so, and return those removed."""
    removed: list[str] = []
    waiting = iter(names)
    while some := list(islice(waiting, _AT_ONCE)):
        aside = [name for name in some if workspace.artefacts.set_aside(name, started)]
        reason = f"retention.raw_days {raw_days}"
        workspace.prunings.add(Pruning(name, now, reason) for name in aside)
        for name in aside:
            workspace.artefacts.remove_aside(name)
        removed.extend(aside)
    return removed
