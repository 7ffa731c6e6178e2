"""The statement as JSON, in the shape of the published contract."""

from __future__ import annotations

import json

from auditor.model.attestation import Attestation
from auditor.model.scorecard import ControlResult
from reports.formats.base import RenderedFile
from reports.statement.lines import Excepted, Line, Statement
from reports.statement.matrix import matrix_opds, statuses_of
from reports.statement.names import statement_name
from reports.statement.record import (
    VERSION,
    AttestedRecord,
    ControlRecord,
    DecisionRecord,
    EvidenceRecord,
    GivenRecord,
    MeasuredRecord,
    OpdRecord,
    StatementRecord,
    TotalsRecord,
    WaiverRecord,
)
from reports.statement.schema import CONTRACT
from reports.statement.view import PREFIX
from reports.view.context import Context
from reports.view.identity import document_rows

MEDIA_TYPE = "application/json"


def render(context: Context, statement: Statement) -> RenderedFile:
    """Return the JSON file of a statement."""
    plain = CONTRACT.dump_python(make_record(context, statement), mode="json")
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    text = json.dumps(plain, ensure_ascii=True, indent=1, allow_nan=False) + "\n"
    return RenderedFile(statement_name(context, "json", statement.opd), MEDIA_TYPE, text.encode("ascii"))


def make_record(context: Context, statement: Statement) -> StatementRecord:
    """Return a statement in the shape of the contract."""
    data, run, opd = context.data, context.data.run, statement.opd
    organization = data.inventory.organization.name
    return StatementRecord(
        version=VERSION,
        number=document_rows(context, PREFIX, opd)[0].values[0],
        date=context.today,
        organization=organization,
        classification=data.policy.classification,
        opd=opd,
        name=organization if opd is None else context.opd(opd).name,
        edition=context.edition,
        language=context.words.language,
        run=run.id,
        run_status=run.status,
        started_at=run.started_at,
        finished_at=run.finished_at,
        digest=data.digest,
        chain_head=data.chain_head,
        policy=run.provenance.policy,
        catalogue=run.provenance.catalogue,
        inventory=run.provenance.inventory,
        decisions=data.decisions.sequence,
        decisions_head=data.decisions.head,
        totals=_totals(statement),
        controls=tuple(_control(context, line) for line in statement.lines),
        opds=_opds(context) if opd is None else None,
    )


def _totals(statement: Statement) -> TotalsRecord:
    totals = statement.totals
    return TotalsRecord(
        controls=totals.controls,
        applicable=totals.applicable,
        included=totals.included,
        undecided=totals.undecided,
        excluded=totals.excluded,
        contradictions=totals.contradictions,
        statuses=totals.statuses,
    )


def _opds(context: Context) -> tuple[OpdRecord, ...]:
    return tuple(OpdRecord(opd.id, opd.name, statuses_of(context, opd.id)) for opd in matrix_opds(context))


def _control(context: Context, line: Line) -> ControlRecord:
    control, result = line.control, line.result
    return ControlRecord(
        control=control.id,
        title=context.words.of(control.title),
        group=control.group,
        applies=line.applies,
        decision=_decision(line),
        status=result.status,
        measured=_measured(line, result),
        attested=_attested(line),
        waivers=tuple(_waiver(one) for one in line.excepted),
        contradiction=result.contradiction,
        responsible=control.responsible,
        counterparts=line.counterparts,
    )


def _decision(line: Line) -> DecisionRecord | None:
    applied, one = line.result.applied, line.decision
    if applied is None or one is None:
        return None
    return DecisionRecord(
        id=one.id,
        edition=one.edition,
        control=one.control,
        opd=one.opd or None,
        applicable=one.applicable,
        bases=one.bases,
        justification=one.justification,
        decided_by=one.decided_by,
        approved_by=one.approved_by or None,
        decided_on=one.decided_on,
        valid_until=one.valid_until,
        inherited=applied.inherited,
        taken_from=applied.taken_from,
    )


def _measured(line: Line, result: ControlResult) -> MeasuredRecord:
    return MeasuredRecord(
        status=result.measured,
        coverage=line.control.coverage,
        checks=dict(sorted(result.checks.items())),
        related=dict(sorted(result.related.items())),
        loosened=tuple(sorted(result.loosened)),
    )


def _attested(line: Line) -> AttestedRecord | None:
    attested = line.result.attested
    if attested is None:
        return None
    return AttestedRecord(
        answer=attested.answer,
        aspects=attested.aspects,
        valid_until=attested.valid_until,
        inherited=attested.inherited,
        taken_from=attested.taken_from,
        given=tuple(_given(one) for one in line.given),
    )


def _given(one: Attestation) -> GivenRecord:
    return GivenRecord(
        id=one.id,
        edition=one.edition,
        control=one.control,
        opd=one.opd or None,
        aspect=one.aspect,
        answer=one.answer,
        justification=one.justification,
        references=one.references,
        evidence=tuple(EvidenceRecord(f.name, f.digest, f.size_bytes) for f in one.evidence),
        attested_by=one.attested_by,
        attested_on=one.attested_on,
        valid_until=one.valid_until,
    )


def _waiver(one: Excepted) -> WaiverRecord:
    waiver = one.waiver
    return WaiverRecord(
        id=waiver.id,
        check=waiver.check,
        reason=waiver.reason,
        compensating_control=waiver.compensating_control,
        requested_by=waiver.requested_by,
        approved_by=waiver.approved_by,
        valid_from=waiver.valid_from,
        valid_until=waiver.valid_until,
        findings=one.failures,
    )
