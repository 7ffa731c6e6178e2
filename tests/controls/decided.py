"""Answers and decisions for tests: whole nouns with what does not matter filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from auditor.model.attestation import (
    Answer,
    Applicability,
    Aspect,
    Attestation,
    applicability_slot,
    attestation_slot,
)
from auditor.model.decision import Decision, DecisionKind
from auditor.model.waiver import Waiver, WaiverStatus

DAY = date(2026, 11, 22)
LATER = date(2027, 11, 22)
AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def attestation(
    control: str = "A.5.1",
    answer: Answer = Answer.CONFORMS,
    *,
    opd: str = "bkd",
    edition: str = "2022",
    aspect: Aspect = Aspect.WHOLE,
    on: date = DAY,
    until: date = LATER,
) -> Attestation:
    """Return an answer with a paper behind it."""
    return Attestation(
        id=attestation_slot(edition, control, opd, aspect),
        edition=edition,
        control=control,
        opd=opd,
        aspect=aspect,
        answer=answer,
        justification="Ditetapkan dan dilaksanakan.",
        references=("SK 188/12/2026",),
        evidence=(),
        attested_by="Kepala Bidang Aptika",
        attested_on=on,
        valid_until=until,
    )


def applicability(
    control: str = "A.5.1",
    applicable: bool = False,
    *,
    opd: str = "bkd",
    edition: str = "2022",
    approved_by: str = "Sekretaris Daerah",
    on: date = DAY,
    until: date = LATER,
) -> Applicability:
    """Return a decision to leave a control out, approved by somebody else."""
    return Applicability(
        id=applicability_slot(edition, control, opd),
        edition=edition,
        control=control,
        opd=opd,
        applicable=applicable,
        bases=(),
        justification="Tidak ada pengembangan perangkat lunak.",
        decided_by="Kepala Dinas",
        approved_by=approved_by,
        decided_on=on,
        valid_until=until,
    )


def waiver(**changes: Any) -> Waiver:
    """Return a waiver that was asked for, of one check on one server."""
    whole: dict[str, Any] = {
        "id": "W-00000001",
        "check": "tls-1-0-refused",
        "opd": "bkd",
        "server": "s0",
        "address": "",
        "port": 0,
        "server_name": "",
        "reason": "Aplikasi lama sampai migrasi.",
        "compensating_control": "Akses dibatasi pada jaringan dalam.",
        "requested_by": "Kepala Bidang Aptika",
        "requested_on": DAY,
        "valid_from": DAY,
        "valid_until": date(2027, 1, 31),
    }
    return Waiver(**{**whole, **changes})


def approved(first: date, last: date, **changes: Any) -> Waiver:
    """Return a waiver of some days that somebody else approved on the first of them."""
    agreed: dict[str, Any] = {
        "requested_on": first,
        "valid_from": first,
        "valid_until": last,
        "status": WaiverStatus.APPROVED,
        "approved_by": "Kepala Dinas",
        "approved_on": first,
    }
    return waiver(**{**agreed, **changes})


def entry(
    kind: DecisionKind,
    about: str,
    content: Attestation | Applicability | Waiver | None = None,
    *,
    by: str = "Kepala Dinas",
    day: date = DAY,
    sequence: int = 0,
) -> Decision:
    """Return an entry of the log."""
    return Decision(kind, about, by, day, "", content, "tilik", AT, sequence)
