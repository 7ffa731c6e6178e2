"""Where each server stands now: its newest judged audit, with what was measured again since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from auditor.model.run import AuditRun, RunKind
from auditor.model.verdict import Status, Verdict
from auditor.store.results import ORGANIZATION
from auditor.store.workspace import Workspace

_Judged = Mapping[str, tuple[Verdict, ...]]
_OPEN = frozenset((Status.UNKNOWN, Status.ERROR))


@dataclass(frozen=True, slots=True)
class Standing:
    """One server's verdicts: those of `run`, with those of `retests` (ids, oldest first) in their place."""

    server: str
    run: AuditRun
    verdicts: tuple[Verdict, ...]
    retests: tuple[str, ...] = ()
    measured: bool = True
    """Whether anything of it was measured in that run."""


def standings(
    workspace: Workspace, known: _Judged = MappingProxyType({}), servers: Collection[str] = ()
) -> dict[str, Standing]:
    """Return server id → where it stands, for every server that an audit ever judged, or for those named.

    An audit that was stopped, or kept away by a blackout, before it looked at a server leaves it where it
    stood. `known` is run id → verdicts, for those who have read them already.
    """
    runs = workspace.runs.all()
    waiting = {server for run in runs if run.kind is not RunKind.RETEST for server in run.scope}
    waiting &= set(servers) or waiting
    found: dict[str, Standing] = {}
    passed_over: dict[str, Standing] = {}
    retests: dict[str, list[tuple[AuditRun, tuple[Verdict, ...]]]] = defaultdict(list)
    # Newest first: most servers are found in the newest audit, and those before it need not be read.
    for run in reversed(runs):
        mine = waiting.intersection(run.scope)
        if not mine or workspace.results.footing(run.id) is None:
            continue
        few = mine if len(mine) < len(run.scope) else ()
        verdicts = known.get(run.id) or workspace.results.verdicts(run.id, few)
        if run.kind is RunKind.RETEST:
            for server in mine:
                retests[server].append((run, verdicts))
            continue
        here = _by_server(workspace, run, verdicts, mine)
        skipped = _not_tried(workspace, run, here.values())
        passed_over = {**{name: here[name] for name in skipped}, **passed_over}
        found |= {name: one for name, one in here.items() if name not in skipped}
        waiting -= found.keys()
    found = {**passed_over, **found}
    return {name: _measured_again(one, retests[name]) for name, one in sorted(found.items())}


def _by_server(
    workspace: Workspace, run: AuditRun, verdicts: Iterable[Verdict], servers: Iterable[str]
) -> dict[str, Standing]:
    whole = workspace.results.scorecards(run.id).get(ORGANIZATION)
    measured = {one.server for one in whole.servers if one.measured} if whole else set()
    by_server: dict[str, list[Verdict]] = {server: [] for server in servers}
    for verdict in verdicts:
        if verdict.subject.server in by_server:
            by_server[verdict.subject.server].append(verdict)
    return {
        server: Standing(server, run, tuple(listed), measured=server in measured)
        for server, listed in by_server.items()
    }


def _not_tried(workspace: Workspace, run: AuditRun, standing: Iterable[Standing]) -> frozenset[str]:
    """Return the servers of which nothing was measured because the audit never turned to them."""
    silent = frozenset(one.server for one in standing if not one.measured)
    if not silent:
        return silent
    return silent - {task.split("|")[1] for task in workspace.evidence.tried(run.id)}


def _measured_again(standing: Standing, retests: list[tuple[AuditRun, tuple[Verdict, ...]]]) -> Standing:
    """Return a standing with what was measured again since its run, the newest counting."""
    verdicts = {(one.check, one.subject): one for one in standing.verdicts}
    applied = []
    for run, judged in reversed(retests):
        if (run.started_at, run.id) > (standing.run.started_at, standing.run.id):
            applied.append(run.id)
            # What could not be measured again stays what it was.
            mine = [one for one in judged if one.subject.server == standing.server]
            verdicts |= {(one.check, one.subject): one for one in mine if one.status not in _OPEN}
    return replace(standing, verdicts=tuple(verdicts.values()), retests=tuple(applied))
