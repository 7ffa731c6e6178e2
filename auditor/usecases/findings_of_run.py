"""The findings that a run touched, as its report tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model.check import Check
from auditor.model.finding import CLOSED, Finding, FindingStatus
from auditor.model.finding_record import FindingRecord
from auditor.model.inventory import Layer, Responsible
from auditor.model.plan import Place
from auditor.model.run import AuditRun
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import opd_day
from controls.responsibility import owning_opd, responsible_side
from controls.rollup import Waived


def ids_of_run(workspace: Workspace, run: AuditRun) -> dict[Place, str]:
    """Return place → id of the finding there, of all that a judged run saw fail."""
    records, events = workspace.results.findings(), workspace.results.events(run.id)
    return {records[key].place_at(run.started_at): key for key in events}


def current_findings(
    records: Mapping[str, FindingRecord],
    events: Mapping[str, FindingStatus],
    verdicts: Iterable[Verdict],
    run: AuditRun,
    inputs: RunInputs,
    checks: Mapping[str, Check],
    waived: Waived,
) -> tuple[Finding, ...]:
    """Return the findings that a run touched, worst first: failing, closed by it, or not measured again.

    `records` are the findings as the run left them, `events` is finding id → status that it gave them. Those
    of checks that have left the catalogue are left out.
    """
    by_place = {Place(one.check, one.subject.key): one for one in verdicts}
    found = []
    for key, status in events.items():
        record = records.get(key)
        if record is not None and record.check in checks:
            verdict = by_place.get(record.place_at(run.started_at))
            found.append(_finding(record, status, verdict, run, inputs, checks[record.check], waived))
    return tuple(sorted(found, key=lambda f: (f.severity.rank, f.opd, f.subject, f.check)))


def _finding(
    record: FindingRecord,
    status: FindingStatus,
    verdict: Verdict | None,
    run: AuditRun,
    inputs: RunInputs,
    check: Check,
    waived: Waived,
) -> Finding:
    place = record.place_at(run.started_at)
    subject = Subject.from_key(place.subject)
    opd, responsible = _owner(check.layer, subject, inputs, record.opd)
    closed = status in CLOSED
    until = run.started_at if not closed or record.fixed_at is None else record.fixed_at
    opened, ended = (opd_day(at, inputs.inventory, opd) for at in (record.opened_at, until))
    return Finding(
        id=record.id,
        check=check.id,
        severity=check.severity,
        confidence=check.confidence,
        status=status,
        verdict=verdict.status if verdict else Status.NOT_APPLICABLE if closed else Status.UNKNOWN,
        opd=opd,
        responsible=responsible,
        subject=subject,
        title=check.title,
        observed=(verdict.observed or verdict.reason) if verdict else {},
        expected=verdict.expected if verdict else {},
        controls={edition: links.implements for edition, links in sorted(check.controls.items())},
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        due=record.due,
        evidence=verdict.evidence if verdict else (),
        opened_at=record.opened_at,
        days_open=(ended - opened).days,
        fixed_at=record.fixed_at if closed else None,
        waiver=waived.by_verdict.get((record.check, place.subject), ""),
    )


def _owner(layer: Layer, subject: Subject, inputs: RunInputs, opd: str) -> tuple[str, Responsible]:
    """Return the OPD and the side that answer; `opd` for a server that has left the inventory."""
    try:
        server = inputs.inventory.server(subject.server)
    except KeyError:
        return opd, inputs.policy.responsible[layer]
    return owning_opd(layer, subject, server), responsible_side(layer, server, inputs.policy)
