"""What the audits before this one found of the same task, so that an unchanged server is spared a part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from auditor.model.check import Check
from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from auditor.model.policy import Reuse
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.model.subject import Subject
from auditor.store.results import FindingRecord
from auditor.store.workspace import Workspace
from controls.expression import referenced_names
from scanners.registry import REUSABLE, Reusable

_RUNS_LOOKED_BACK = 3
_DERIVED = ("ssh.host_key_shared_with",)
"""Facts that are derived from reusable ones."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Evidence of the newest complete audits, by task id, and how long it may be used."""

    evidence: Mapping[str, Evidence]
    reuse: Reuse
    now: datetime

    def options(self, task: Task) -> dict[str, JSON]:
        """Return what a task is told of the audit before: `previous`, and for TLS whether to ask sslyze too.

        The scanner compares and decides; it takes nothing over from a server that shows any change.
        """
        reusable = REUSABLE.get(task.scanner)
        if reusable is None:
            return {}
        row = self.evidence.get(task.id)
        told: dict[str, JSON] = {"previous": self._previous(row, reusable)}
        if task.scanner == "tls":
            told["reference"] = self._reference_is_due(task, row)
        return told

    def _previous(self, row: Evidence | None, reusable: Reusable) -> JSON:
        if row is None or row.failure is not None:
            return None
        measured_at = _measured_at(row)
        # Of a clock that was set back, no time at all seems to have passed.
        if not self.reuse.days or self.now - measured_at >= timedelta(days=self.reuse.days):
            return None
        return {
            "measured_at": measured_at.isoformat(),
            "reference_at": _reference_at(row),
            "compared": {name: row.facts[name] for name in reusable.compared if name in row.facts},
            "facts": {name: row.facts[name] for name in reusable.kept if name in row.facts},
        }

    def _reference_is_due(self, task: Task, row: Evidence | None) -> bool:
        """Return whether the whole reference scan is due; it is too much for a delicate server."""
        if task.fragility is not Fragility.NORMAL or not self.reuse.reference_days:
            return False
        at = _reference_at(row) if row is not None else None
        if not isinstance(at, str):
            return True
        return self.now - datetime.fromisoformat(at) >= timedelta(days=self.reuse.reference_days)


def earlier(
    workspace: Workspace, run: AuditRun, reuse: Reuse, checks: Mapping[str, Check], now: datetime
) -> Earlier:
    """Return what complete audits before a run left behind; the newest evidence of each task counts.

    Nothing is left of what two looks saw differently or what an open finding rests on: a correction has to
    show in the next audit. A re-test takes nothing over at all. `now` is when the run is measured, which may
    be long after it was started.
    """
    if run.kind is RunKind.RETEST:
        return Earlier({}, Reuse(days=0, reference_days=0), now)
    found: dict[str, Evidence] = {}
    for one in runs_before(workspace, run, _RUNS_LOOKED_BACK):
        rows = workspace.evidence.of_run(one.id)
        doubtful = {replace(row.task, look=1).id for row in rows.values() if row.task.look == 2}
        found = {key: row for key, row in {**found, **rows}.items() if key not in doubtful}
    failing = _failing(workspace.results.findings().values(), checks)
    kept = {
        key: row
        for key, row in found.items()
        if row.task.scanner in REUSABLE and row.task.look == 1 and _place(row.task) not in failing
    }
    return Earlier(kept, reuse, now)


def runs_before(workspace: Workspace, run: AuditRun, audits: int) -> tuple[AuditRun, ...]:
    """Return so many of the newest complete audits before a run, oldest first, with the re-tests since.

    Re-tests do not count: many of single findings must not hide the audits. What they measured is newer.
    """
    complete = [
        one
        for one in workspace.runs.all()
        if one.status is RunStatus.COMPLETE and one.started_at < run.started_at
    ]
    counted = [one for one in complete if one.kind is not RunKind.RETEST][-audits:]
    return tuple(one for one in complete if counted and one.started_at >= counted[0].started_at)


_Place = tuple[str, str, str, int]


def _place(task: Task) -> _Place:
    return task.scanner, task.server, task.address, task.port


def _failing(findings: Iterable[FindingRecord], checks: Mapping[str, Check]) -> set[_Place]:
    """Return scanner, server, address and port of what fails by facts that could be taken over."""
    reusable = {name for one in REUSABLE.values() for name in one.kept} | {*_DERIVED}
    asking = {
        check.id
        for check in checks.values()
        if reusable.intersection(referenced_names(f"{check.applies} {check.passes}"))
    }
    subjects = (
        Subject.from_key(record.subject)
        for record in findings
        if record.check in asking and not record.closed
    )
    return {(str(one.kind), one.server, one.address, one.port) for one in subjects}


def _measured_at(row: Evidence) -> datetime:
    """Return when the oldest fact of a row was measured: what was taken over keeps its date."""
    reused = row.settings.get("reused")
    if isinstance(reused, dict) and isinstance(reused.get("measured_at"), str):
        return datetime.fromisoformat(str(reused["measured_at"]))
    return row.finished_at


def _reference_at(row: Evidence) -> JSON:
    reference = row.settings.get("reference")
    return reference.get("at") if isinstance(reference, dict) else None
