"""Follow failing checks over time: a finding closes only when the same thing is measured again and passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.model.check import Check
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.run import AuditRun
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.store.results import FindingRecord
from auditor.store.runs import RunInputs
from auditor.usecases.calendar import deadline
from controls.responsibility import owning_opd, responsible_side
from controls.rollup import Waived

_SETTLED = (Status.PASS, Status.NOT_APPLICABLE)
_WITHOUT_VERDICT = {True: Status.NOT_APPLICABLE, False: Status.UNKNOWN}
"""Whether a finding whose subject is gone was closed → the verdict to show."""


def update_findings(
    known: Mapping[str, FindingRecord],
    verdicts: Iterable[Verdict],
    run: AuditRun,
    inputs: RunInputs,
    checks: Mapping[str, Check],
    closed: Mapping[str, int] | None = None,
    waived: Mapping[str, str] | None = None,
) -> tuple[FindingRecord, ...]:
    """Return every finding that this run touches, brought up to date. The same run twice gives the same.

    `closed` is finding id → how often another run closed it; `waived` is `check subject-key` → the waiver
    that covers its failure in this run, as in Footing.
    """
    listed = list(verdicts)
    by_id = {finding_id(verdict.check, verdict.subject): verdict for verdict in listed}
    covered = waived or {}
    failing = {
        key: _seen(
            known.get(key),
            key,
            verdict,
            run,
            inputs,
            checks,
            _status_of(known.get(key), run, (closed or {}).get(key, 0), _place(verdict) in covered),
        )
        for key, verdict in by_id.items()
        if verdict.status is Status.FAIL
    }
    scope = set(run.scope)
    others = [
        _not_failing(record, by_id.get(key), listed, run)
        for key, record in known.items()
        if key not in failing and _server_of(record.subject) in scope and not _settled_before(record, run)
    ]
    return tuple(sorted((*failing.values(), *others), key=lambda record: record.id))


def _seen(
    before: FindingRecord | None,
    key: str,
    verdict: Verdict,
    run: AuditRun,
    inputs: RunInputs,
    checks: Mapping[str, Check],
    status: FindingStatus,
) -> FindingRecord:
    if before is not None:
        return replace(before, status=status, last_run=run.id, last_seen=run.started_at, fixed_run="")
    inventory, check = inputs.inventory, checks[verdict.check]
    opd = owning_opd(check.layer, verdict.subject, inventory.server(verdict.subject.server))
    return FindingRecord(
        id=key,
        check=verdict.check,
        subject=verdict.subject.key,
        opd=opd,
        status=status,
        first_run=run.id,
        last_run=run.id,
        first_seen=run.started_at,
        last_seen=run.started_at,
        due=deadline(run.started_at, check.severity, inputs.policy, inventory, opd),
    )


def _status_of(before: FindingRecord | None, run: AuditRun, closed: int, covered: bool) -> FindingStatus:
    """Return the status of what fails: when its acceptance has ended, it is open again by itself."""
    if covered:
        return FindingStatus.WAIVED
    if before is None or before.first_run == run.id:
        return FindingStatus.NEW
    if before.last_run == run.id and before.status in _FAILING_AGAIN:
        return before.status
    if before.status is FindingStatus.WAIVED:
        return FindingStatus.REOPENED
    if before.status is not FindingStatus.FIXED:
        return FindingStatus.OPEN
    return FindingStatus.FLAPPING if closed > 1 else FindingStatus.REOPENED


_FAILING_AGAIN = (FindingStatus.OPEN, FindingStatus.REOPENED, FindingStatus.FLAPPING)


def _place(verdict: Verdict) -> str:
    return f"{verdict.check} {verdict.subject.key}"


def _not_failing(
    record: FindingRecord, verdict: Verdict | None, verdicts: Iterable[Verdict], run: AuditRun
) -> FindingRecord:
    """Close a finding when its subject passed, or when its address was measured and the subject is gone."""
    settled = verdict.status in _SETTLED if verdict is not None else _address_measured(record, verdicts)
    if settled:
        return replace(record, status=FindingStatus.FIXED, fixed_run=run.id)
    return replace(record, status=FindingStatus.NOT_MEASURED, fixed_run="")


def _settled_before(record: FindingRecord, run: AuditRun) -> bool:
    """Return whether an earlier run closed this finding already, so that this one has nothing to tell."""
    return record.status is FindingStatus.FIXED and record.fixed_run not in ("", run.id)


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
    events: Mapping[str, FindingStatus],
    verdicts: Iterable[Verdict],
    inputs: RunInputs,
    checks: Mapping[str, Check],
    waived: Waived,
) -> tuple[Finding, ...]:
    """Return the findings that a run touched, worst first: failing, fixed by it, or not measured again.

    `events` is finding id → status that this run gave it, so a report of an older run stays what it was.
    """
    by_id = {finding_id(verdict.check, verdict.subject): verdict for verdict in verdicts}
    found = [
        _finding(records[key], status, by_id.get(key), inputs, checks[records[key].check], waived)
        for key, status in events.items()
        if records[key].check in checks
    ]
    return tuple(sorted(found, key=lambda f: (f.severity.rank, f.opd, f.subject, f.check)))


def _finding(
    record: FindingRecord,
    status: FindingStatus,
    verdict: Verdict | None,
    inputs: RunInputs,
    check: Check,
    waived: Waived,
) -> Finding:
    subject = Subject.from_key(record.subject)
    server = inputs.inventory.server(subject.server)
    return Finding(
        id=record.id,
        check=check.id,
        severity=check.severity,
        confidence=check.confidence,
        status=status,
        verdict=verdict.status if verdict else _WITHOUT_VERDICT[status is FindingStatus.FIXED],
        opd=owning_opd(check.layer, subject, server),
        responsible=responsible_side(check.layer, server, inputs.policy),
        subject=subject,
        title=check.title,
        observed=(verdict.observed or verdict.reason) if verdict else {},
        expected=verdict.expected if verdict else {},
        controls={edition: links.implements for edition, links in sorted(check.controls.items())},
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        due=record.due,
        evidence=verdict.evidence if verdict else (),
        opened_at=record.first_seen,
        waiver=waived.by_verdict.get((record.check, record.subject), ""),
    )
