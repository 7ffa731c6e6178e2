"""Where each server stands now: its newest judged audit, with what was measured again since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from auditor.model.finding import finding_id
from auditor.model.run import AuditRun, RunKind
from auditor.model.verdict import Verdict
from auditor.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """One server's verdicts: those of `run`, with those of `retests` (ids, oldest first) in their place."""

    server: str
    run: AuditRun
    verdicts: tuple[Verdict, ...]
    retests: tuple[str, ...] = ()


def standings(
    workspace: Workspace, known: Mapping[str, tuple[Verdict, ...]] = MappingProxyType({})
) -> dict[str, Standing]:
    """Return server id → where it stands, for every server that an audit ever judged.

    `known` is run id → verdicts, for those who have read them already.
    """
    judged = [run for run in workspace.runs.all() if workspace.results.footing(run.id) is not None]
    found: dict[str, Standing] = {}
    for run in judged:
        verdicts = known.get(run.id) or workspace.results.verdicts(run.id)
        if run.kind is RunKind.RETEST:
            for server in run.scope:
                if server in found:
                    found[server] = _measured_again(found[server], run, verdicts)
            continue
        by_server: dict[str, list[Verdict]] = {server: [] for server in run.scope}
        for verdict in verdicts:
            by_server.setdefault(verdict.subject.server, []).append(verdict)
        found |= {server: Standing(server, run, tuple(listed)) for server, listed in by_server.items()}
    return found


def _measured_again(standing: Standing, run: AuditRun, verdicts: tuple[Verdict, ...]) -> Standing:
    newer = {
        finding_id(one.check, one.subject): one for one in verdicts if one.subject.server == standing.server
    }
    kept = [one for one in standing.verdicts if finding_id(one.check, one.subject) not in newer]
    return replace(standing, verdicts=(*kept, *newer.values()), retests=(*standing.retests, run.id))
