"""What a re-test says of each place that it is about, and the evidence of other servers that it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.model.check import Check
from auditor.model.evidence import Evidence
from auditor.model.plan import Place, Task
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.retest_plan import SHARED
from auditor.usecases.retest_reasons import GONE
from controls.expression import referenced_names
from controls.reasons import NOT_MEASURED, failure_text

DECIDED = (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE)
_RUNS_LOOKED_BACK = 5


@dataclass(frozen=True, slots=True)
class Beside:
    """Evidence of servers that a re-test does not measure: task id → row, their first tasks, the runs."""

    evidence: Mapping[str, Evidence]
    tasks: tuple[Task, ...] = ()
    runs: tuple[str, ...] = ()


def beside(workspace: Workspace, run: AuditRun, inputs: RunInputs, checks: Mapping[str, Check]) -> Beside:
    """Return what the newest complete audits before a re-test saw of other servers.

    Empty unless a check that is judged asks for what servers share: nothing else speaks of other servers.
    """
    if not any(_asks_shared(checks[place.check]) for place in inputs.plan.wanted if place.check in checks):
        return Beside({})
    left = {server.id for server in inputs.inventory.servers()} - set(run.scope)
    rows: dict[str, Evidence] = {}
    tasks: list[Task] = []
    runs: list[str] = []
    for one in _audits_before(workspace, run):
        servers = left & set(one.scope)
        found = {
            key: row
            for key, row in workspace.evidence.of_run(one.id).items()
            if row.task.server in servers and row.task.look == 1
        }
        if not found:
            continue
        rows |= found
        tasks.extend(t for t in workspace.runs.inputs(one.id).plan.tasks if t.server in servers)
        runs.append(one.id)
        left -= servers
    return Beside(rows, tuple(tasks), tuple(runs))


def _asks_shared(check: Check) -> bool:
    return bool(SHARED.intersection(referenced_names(f"{check.applies} {check.passes}")))


def _audits_before(workspace: Workspace, run: AuditRun) -> list[AuditRun]:
    """Return complete audits before a run, newest first."""
    audits = [
        one
        for one in workspace.runs.all()
        if one.kind is not RunKind.RETEST
        and one.status is RunStatus.COMPLETE
        and one.started_at < run.started_at
    ]
    return audits[::-1][:_RUNS_LOOKED_BACK]


def with_beside(inputs: RunInputs, other: Beside) -> RunInputs:
    """Return a re-test's inputs with the tasks of the servers beside it, for judging alone."""
    return replace(inputs, plan=replace(inputs.plan, tasks=(*inputs.plan.tasks, *other.tasks)))


def settle(
    verdicts: Iterable[Verdict], wanted: Iterable[Place], evidence: Mapping[str, Evidence]
) -> tuple[Verdict, ...]:
    """Return exactly one verdict for each place that a re-test is about, in a stable order. Pure.

    A place without a verdict is NOT_APPLICABLE when its port was measured and it is not there any more, and
    UNKNOWN otherwise.
    """
    listed = tuple(verdicts)
    by_place = {(one.check, one.subject.key): one for one in listed}
    places = sorted({(place.check, place.subject) for place in wanted})
    return tuple(by_place.get(place) or _of_missing(*place, listed, evidence) for place in places)


def _of_missing(
    check: str, subject_key: str, verdicts: Iterable[Verdict], evidence: Mapping[str, Evidence]
) -> Verdict:
    subject = Subject.from_key(subject_key)
    unknown = Verdict(check, subject, Status.UNKNOWN, NOT_MEASURED)
    ports = evidence.get(Task("ports", subject.server, "", subject.address).id)
    if not subject.port or ports is None:
        return unknown
    found = ports.facts.get("ports.open")
    if ports.failure is not None or not isinstance(found, list):
        reason = failure_text(ports.failure) if ports.failure else NOT_MEASURED
        return replace(unknown, reason=reason, evidence=(ports.sequence,))
    if subject.port not in found:
        return Verdict(check, subject, Status.NOT_APPLICABLE, GONE, evidence=(ports.sequence,))
    return _beside_it(unknown, [one for one in verdicts if _is_same_port(one, check, subject)], ports)


def _beside_it(unknown: Verdict, others: list[Verdict], ports: Evidence) -> Verdict:
    """Tell of a place that is gone from an open port: known only when all else of its kind there is."""
    open_one = next((one for one in others if one.status not in DECIDED), None)
    if open_one is not None:
        return replace(unknown, reason=open_one.reason, evidence=open_one.evidence)
    rows = {ports.sequence, *(row for one in others for row in one.evidence)}
    return replace(unknown, status=Status.NOT_APPLICABLE, reason=GONE, evidence=tuple(sorted(rows)))


def _is_same_port(verdict: Verdict, check: str, subject: Subject) -> bool:
    other = verdict.subject
    return (verdict.check, other.server, other.address, other.port) == (
        check,
        subject.server,
        subject.address,
        subject.port,
    )
