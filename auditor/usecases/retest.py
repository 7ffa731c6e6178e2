"""Measure findings again on demand: exactly what they need, within limits, and recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from auditor.model.check import Text
from auditor.model.finding import FindingStatus
from auditor.model.plan import Place, ScanPlan
from auditor.model.retest import Asked, RetestItem, RetestRecord, RetestResult, Row, Seen
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.store.results import FindingRecord
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases import retest_reasons as why
from auditor.usecases.assess import Assessment, assess
from auditor.usecases.audit import alone, plan_audit, refuse_when_stopped, start_run, with_reports
from auditor.usecases.calendar import opd_day
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.credentials import Ask, nobody
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.inputs import Inputs, compiled_checks
from auditor.usecases.planning import Selection
from auditor.usecases.retest_limits import refused_today
from auditor.usecases.retest_plan import RetestPlan, asks_reports, plan_retest
from auditor.usecases.retest_verdicts import beside
from auditor.usecases.scan import OnProgress, scan
from auditor.usecases.waive import own_account
from auditor.usecases.waive_rules import person, written
from controls.other_tools import REPORTS

_NOTHING = ScanPlan((), ())
_RESULTS: Mapping[Status, RetestResult] = {
    Status.PASS: RetestResult.FIXED,
    Status.NOT_APPLICABLE: RetestResult.FIXED,
    Status.FAIL: RetestResult.FAILING,
    Status.UNKNOWN: RetestResult.NOT_MEASURABLE,
    Status.ERROR: RetestResult.NOT_MEASURABLE,
}

OPEN = (
    FindingStatus.NEW,
    FindingStatus.OPEN,
    FindingStatus.REOPENED,
    FindingStatus.FLAPPING,
    FindingStatus.NOT_MEASURED,
)
"""What is measured again when a whole agency or server is named."""


class Measure(Protocol):
    """Measures what a run has planned, as `auditor.usecases.scan.scan` does."""

    def __call__(
        self,
        workspace: Workspace,
        run: AuditRun,
        inputs: RunInputs,
        should_stop: Callable[[], bool],
        on_progress: OnProgress,
        *,
        ask: Ask,
        clock: Clock,
    ) -> RunStatus:
        """Store evidence; return COLLECTED, or STOPPED when asked to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure again: findings by id, or all that are open of agencies or servers."""

    findings: Collection[str] = ()
    opds: Collection[str] = ()
    servers: Collection[str] = ()


def retest(
    workspace: Workspace,
    inputs: Inputs,
    wanted: Wanted | Collection[str],
    by: str = "",
    reason: str = "",
    *,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: OnProgress = lambda _progress: None,
    ask: Ask = nobody,
    clock: Clock = SYSTEM_CLOCK,
    measure: Measure = scan,
) -> RetestRecord:
    """Measure findings again, judge them, and return the signed record of it.

    `wanted` may be finding ids alone. Raise UsageProblem when the kill switch is set, another audit is being
    measured, a name is unknown, or none of the findings may or can be measured now.
    """
    asked = Asked(
        person(by, "by") if by else "",
        written(reason, "reason") if reason else "",
        own_account(),
        clock.now(),
    )
    records = chosen(workspace, inputs, wanted if isinstance(wanted, Wanted) else Wanted(findings=wanted))
    refuse_when_stopped(workspace)
    with alone(workspace):
        retesting = _Retesting(workspace, inputs, clock, asked)
        run, planned, begun = retesting.begin(records)
        before = {one.id: retesting.before(one) for one in records}
        status = measure(
            workspace,
            run,
            planned,
            lambda: should_stop() or workspace.kill_switch.exists(),
            on_progress,
            ask=ask,
            clock=clock,
        )
        assessment = assess(workspace, run, planned, inputs.catalogue, clock)
        return retesting.complete(run, planned, begun, records, before, assessment, status)


def chosen(workspace: Workspace, inputs: Inputs, wanted: Wanted) -> tuple[FindingRecord, ...]:
    """Return the findings that are asked for, in a stable order; raise UsageProblem for an unknown name."""
    known = workspace.results.findings()
    unknown = sorted(set(wanted.findings) - set(known))
    if unknown:
        raise UsageProblem(
            f"there is no finding {', '.join(unknown)}", "see them with: auditor findings list"
        )
    strangers = Selection(frozenset(wanted.opds), frozenset(wanted.servers)).unknown(inputs.inventory)
    if strangers:
        ids = [server.id for server in inputs.inventory.servers()]
        listed = [*(opd.id for opd in inputs.inventory.opds), *ids]
        raise UsageProblem(
            f"the inventory knows no OPD or server named {', '.join(strangers)}",
            choices_near(strangers[0], listed),
        )
    found = [record for record in known.values() if _is_chosen(record, wanted)]
    if not found:
        raise UsageProblem(
            "there is no open finding to measure again", "see them with: auditor findings list"
        )
    return tuple(sorted(found, key=lambda record: (record.opd, record.subject, record.check)))


def _is_chosen(record: FindingRecord, wanted: Wanted) -> bool:
    if record.id in wanted.findings:
        return True
    if not (wanted.opds or wanted.servers) or record.status not in OPEN:
        return False
    server = Subject.from_key(record.subject).server
    return (not wanted.opds or record.opd in wanted.opds) and (not wanted.servers or server in wanted.servers)


def _servers(records: Iterable[FindingRecord]) -> frozenset[str]:
    return frozenset(Subject.from_key(one.subject).server for one in records)


class _Retesting:
    """One re-test with what it works on."""

    def __init__(self, workspace: Workspace, inputs: Inputs, clock: Clock, asked: Asked):
        self._workspace, self._inputs, self._clock, self._asked = workspace, inputs, clock, asked
        compiled = compiled_checks(inputs.catalogue.checks, inputs.policy)
        self._checks = {one.check.id: one for one in compiled}
        self._refused: dict[str, Text] = {}

    def begin(self, records: Iterable[FindingRecord]) -> tuple[AuditRun, RunInputs, RetestRecord]:
        """Store the run and that it was asked for. Raise UsageProblem when nothing is left to measure."""
        now = self._clock.now()
        listed = tuple(records)
        self._refused = refused_today(self._workspace, self._inputs, listed, now)
        allowed = [one for one in listed if one.id not in self._refused]
        cut, planned = self._planned(allowed, now)
        self._refused |= cut.refused
        if not cut.taken:
            reasons = sorted({text["en"] for text in self._refused.values()})
            raise UsageProblem(
                f"nothing can be measured again now: {'; '.join(reasons)}",
                "see the findings with: auditor findings list",
            )
        selection = Selection(servers=_servers(cut.taken))
        run = start_run(self._workspace, self._inputs, planned, selection, self._clock, kind=RunKind.RETEST)
        opds = {one.opd for one in cut.taken}
        begun = RetestRecord(
            run=run.id,
            asked=self._asked,
            wanted=tuple(one.id for one in cut.taken),
            counts={opd: opd_day(now, self._inputs.inventory, opd) for opd in sorted(opds)},
            provenance=run.provenance,
            started_at=run.started_at,
        )
        return run, planned, self._workspace.retests.begin(begun)

    def _planned(self, records: list[FindingRecord], now: datetime) -> tuple[RetestPlan, RunInputs]:
        """Return what an audit of the findings' servers would measure, cut down to what they need."""
        inventory = self._inputs.inventory
        known = {server.id for server in inventory.servers()}
        servers = _servers(records) & known
        if not servers:
            refused = {one.id: why.SERVER_GONE for one in records}
            empty = RetestPlan(_NOTHING, (), refused)
            return empty, RunInputs(inventory, self._inputs.policy, _NOTHING)
        whole = plan_audit(self._inputs, Selection(servers=servers), now)
        whole = self._with_newer_reports(whole, records, now)
        cut = plan_retest(records, whole, self._checks)
        return cut, replace(whole, plan=cut.plan)

    def _with_newer_reports(self, whole: RunInputs, records: list[FindingRecord], now: datetime) -> RunInputs:
        """Add reports about the inside of servers that were made after what a finding rests on was seen."""
        seen: dict[str, datetime] = {}
        for one in records:
            check = self._checks.get(one.check)
            if check is not None and asks_reports(check):
                server = Subject.from_key(one.subject).server
                seen[server] = max(seen.get(server, one.last_seen), one.last_seen)
        if not seen:
            return whole
        at = {(one.file, one.task.id): one.finished_at for one in self._workspace.imports.all()}
        fitting = with_reports(self._workspace, whole, now).plan.imported
        newer = tuple(
            task
            for task in fitting
            if task.scanner in REPORTS
            and task.server in seen
            and not task.options.get("stale")
            and at[str(task.options["file"]), task.id] > seen[task.server]
        )
        return replace(whole, plan=replace(whole.plan, imported=newer))

    def before(self, record: FindingRecord) -> Seen | None:
        """Return what was last decided at the place of a finding."""
        found = self._workspace.retests.last_verdict(record.check, record.subject)
        if found is None:
            return None
        run = self._workspace.runs.get(found[0])
        return self._seen(run, found[1]) if run is not None else None

    def _seen(self, run: AuditRun, verdict: Verdict) -> Seen:
        rows = (self._workspace.evidence.get(number) for number in verdict.evidence)
        return Seen(
            run=run.id,
            at=run.started_at,
            status=verdict.status,
            observed=verdict.observed,
            expected=verdict.expected,
            reason=verdict.reason,
            rows=tuple(Row(row.sequence, row.hash) for row in rows if row is not None),
        )

    def complete(
        self,
        run: AuditRun,
        planned: RunInputs,
        begun: RetestRecord,
        records: Iterable[FindingRecord],
        before: Mapping[str, Seen | None],
        assessment: Assessment,
        status: RunStatus,
    ) -> RetestRecord:
        """Store what came of it."""
        by_place = {Place(one.check, one.subject.key): one for one in assessment.verdicts}
        waived = assessment.footing.waived
        items = tuple(self._item(run, record, before[record.id], by_place, waived) for record in records)
        other = beside(self._workspace, run, planned, self._inputs.catalogue.checks)
        return self._workspace.retests.complete(
            replace(
                begun,
                finished_at=self._clock.now(),
                stopped=status is not RunStatus.COLLECTED,
                items=items,
                beside=other.runs,
                head=Row(*self._workspace.evidence.head()),
            )
        )

    def _item(
        self,
        run: AuditRun,
        record: FindingRecord,
        before: Seen | None,
        by_place: Mapping[Place, Verdict],
        waived: Mapping[str, str],
    ) -> RetestItem:
        verdict = by_place.get(Place(record.check, record.subject))
        check = self._inputs.catalogue.checks.get(record.check)
        after = self._seen(run, verdict) if verdict is not None else None
        result = _RESULTS[verdict.status] if verdict is not None else RetestResult.NOT_MEASURABLE
        return RetestItem(
            finding=record.id,
            check=record.check,
            title=check.title if check else {"en": record.check, "id": record.check},
            severity=check.severity if check else None,
            opd=record.opd,
            server=Subject.from_key(record.subject).server,
            subject=record.subject,
            first_seen=record.first_seen,
            due=record.due,
            before=before,
            after=after,
            result=result,
            reason=verdict.reason if verdict is not None else self._refused.get(record.id, {}),
            waiver=waived.get(f"{record.check} {record.subject}", ""),
        )
