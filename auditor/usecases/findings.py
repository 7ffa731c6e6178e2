"""Follow failing checks over time: a finding closes only when the same thing is measured again and passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.model.check import Check
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.run import AuditRun
from auditor.model.verdict import Status, Verdict
from auditor.store.results import FindingRecord
from auditor.store.runs import RunInputs
from auditor.usecases.calendar import deadline
from controls.rollup import Waived, responsible_for

_SETTLED = (Status.PASS, Status.NOT_APPLICABLE)


def update_findings(
    known: Mapping[str, FindingRecord],
    verdicts: Iterable[Verdict],
    run: AuditRun,
    inputs: RunInputs,
    checks: Mapping[str, Check],
) -> tuple[FindingRecord, ...]:
    """Return every finding that this run touches, brought up to date. The same run twice gives the same."""
    listed = list(verdicts)
    by_id = {finding_id(verdict.check, verdict.subject): verdict for verdict in listed}
    failing = {
        key: _seen(known.get(key), key, verdict, run, inputs, checks)
        for key, verdict in by_id.items()
        if verdict.status is Status.FAIL
    }
    scope = set(run.scope)
    others = [
        _not_failing(record, by_id.get(key), listed)
        for key, record in known.items()
        if key not in failing and _server_of(record.subject) in scope
    ]
    return tuple(sorted((*failing.values(), *others), key=lambda record: record.id))


def _seen(
    before: FindingRecord | None,
    key: str,
    verdict: Verdict,
    run: AuditRun,
    inputs: RunInputs,
    checks: Mapping[str, Check],
) -> FindingRecord:
    if before is not None:
        return replace(before, status=_status_again(before, run), last_run=run.id, last_seen=run.started_at)
    inventory = inputs.inventory
    days = inputs.policy.deadline_days[checks[verdict.check].severity]
    return FindingRecord(
        id=key,
        check=verdict.check,
        subject=verdict.subject.key,
        opd=inventory.server(verdict.subject.server).opd,
        status=FindingStatus.NEW,
        first_run=run.id,
        last_run=run.id,
        first_seen=run.started_at,
        last_seen=run.started_at,
        due=deadline(run.started_at, days, inventory.organization),
    )


def _status_again(before: FindingRecord, run: AuditRun) -> FindingStatus:
    if before.first_run == run.id:
        return FindingStatus.NEW
    if before.last_run == run.id and before.status in (FindingStatus.REOPENED, FindingStatus.OPEN):
        return before.status
    return FindingStatus.REOPENED if before.status is FindingStatus.FIXED else FindingStatus.OPEN


def _not_failing(
    record: FindingRecord, verdict: Verdict | None, verdicts: Iterable[Verdict]
) -> FindingRecord:
    """Close a finding when its subject passed, or when its address was measured and the subject is gone."""
    if record.status is FindingStatus.FIXED:
        return record
    settled = verdict.status in _SETTLED if verdict is not None else _address_measured(record, verdicts)
    return replace(record, status=FindingStatus.FIXED if settled else FindingStatus.NOT_MEASURED)


def _address_measured(record: FindingRecord, verdicts: Iterable[Verdict]) -> bool:
    """Return whether every verdict of the same check at the same address is settled."""
    address = record.subject.split("|")[2].split("/")[0]
    same = [
        verdict
        for verdict in verdicts
        if verdict.check == record.check
        and verdict.subject.server == _server_of(record.subject)
        and verdict.subject.address == address
    ]
    return bool(same) and all(verdict.status in (*_SETTLED, Status.FAIL) for verdict in same)


def _server_of(subject_key: str) -> str:
    return subject_key.split("|")[1]


def current_findings(
    records: Mapping[str, FindingRecord],
    verdicts: Iterable[Verdict],
    inputs: RunInputs,
    checks: Mapping[str, Check],
    waived: Waived,
) -> tuple[Finding, ...]:
    """Return the findings of a run with everything a reader asks, worst first."""
    found = [
        _finding(records[key], verdict, inputs, checks[verdict.check], waived)
        for verdict in verdicts
        if verdict.status is Status.FAIL and (key := finding_id(verdict.check, verdict.subject)) in records
    ]
    return tuple(sorted(found, key=lambda f: (f.severity.rank, f.opd, f.subject, f.check)))


def _finding(
    record: FindingRecord, verdict: Verdict, inputs: RunInputs, check: Check, waived: Waived
) -> Finding:
    server = inputs.inventory.server(verdict.subject.server)
    return Finding(
        id=record.id,
        check=check.id,
        severity=check.severity,
        confidence=check.confidence,
        status=record.status,
        verdict=verdict.status,
        opd=server.opd,
        responsible=responsible_for(check, server, inputs.policy),
        subject=verdict.subject,
        title=check.title,
        observed=verdict.observed,
        expected=verdict.expected,
        controls={edition: links.implements for edition, links in sorted(check.controls.items())},
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        due=record.due,
        evidence=verdict.evidence,
        waiver=waived.by_verdict.get((verdict.check, verdict.subject.key), ""),
    )
