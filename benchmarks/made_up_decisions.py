"""Decisions of people made up over a stored run: answers, controls left out, failures accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from auditor.model.attestation import (
    Answer,
    Applicability,
    Aspect,
    Attestation,
    applicability_slot,
    attestation_slot,
)
from auditor.model.decision import Decisions
from auditor.model.run import AuditRun
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.store.runs import RunInputs
from auditor.usecases.calendar import local_day
from controls.loading import Catalogue

_ANSWERED, _LEFT_OUT, _ACCEPTED = 0.4, 0.1, 0.2
"""Shares of the controls that are answered or left out, and of the failures that are accepted."""
_LIFE = timedelta(days=90)


def made_up(
    run: AuditRun, inputs: RunInputs, catalogue: Catalogue, verdicts: Iterable[Verdict], seed: int
) -> Decisions:
    """Return decisions in force on the day of a run, over every OPD and for the organisation as a whole."""
    random = Random(seed)
    day = local_day(run.started_at, inputs.inventory.organization)
    places = [
        (edition, control.id, opd)
        for edition, framework in catalogue.frameworks.items()
        for control in framework.controls
        for opd in ("", *(one.id for one in inputs.inventory.opds))
    ]
    failing = [one for one in verdicts if one.status is Status.FAIL]
    return Decisions(
        tuple(_answer(*place, random, day) for place in places if random.random() < _ANSWERED),
        tuple(_left_out(*place, day) for place in places if random.random() < _LEFT_OUT),
        tuple(_accepted(one, random, day) for one in failing if random.random() < _ACCEPTED),
    )


def _answer(edition: str, control: str, opd: str, random: Random, day: date) -> Attestation:
    aspect = random.choice((Aspect.WHOLE, Aspect.WHOLE, *Aspect))
    return Attestation(
        id=attestation_slot(edition, control, opd, aspect),
        edition=edition,
        control=control,
        opd=opd,
        aspect=aspect,
        answer=random.choice((Answer.CONFORMS, *Answer)),
        justification="made up",
        references=(),
        evidence=(),
        attested_by="Kepala Bidang",
        attested_on=day,
        valid_until=day + _LIFE,
    )


def _left_out(edition: str, control: str, opd: str, day: date) -> Applicability:
    return Applicability(
        id=applicability_slot(edition, control, opd),
        edition=edition,
        control=control,
        opd=opd,
        applicable=False,
        bases=(),
        justification="made up",
        decided_by="Kepala Bidang",
        approved_by="Kepala Dinas",
        decided_on=day,
        valid_until=day + _LIFE,
    )


def _accepted(verdict: Verdict, random: Random, day: date) -> Waiver:
    subject = verdict.subject
    one_endpoint = random.random() < 0.5
    return Waiver(
        id=f"W-{random.getrandbits(32):08x}",
        check=verdict.check,
        opd="",
        server=subject.server,
        address=subject.address if one_endpoint else "",
        port=subject.port if one_endpoint else 0,
        server_name="",
        reason="made up",
        compensating_control="made up",
        requested_by="Kepala Bidang",
        requested_on=day,
        valid_from=day,
        valid_until=day + _LIFE,
        status=WaiverStatus.APPROVED,
        approved_by="Kepala Dinas",
        approved_on=day,
    )
