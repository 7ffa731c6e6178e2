"""Decisions of people: accepted risks, and answers to what no machine can judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted risk. Empty scope fields match everything; the requester never approves."""

    id: str
    check: str
    opd: str
    server: str
    address: str
    port: int
    reason: str
    compensating_control: str
    requested_by: str
    approved_by: str
    valid_from: date
    valid_until: date


class Answer(StrEnum):
    """What a person attested about a control."""

    CONFORMS = "conforms"
    PARTIAL = "partial"
    DOES_NOT_CONFORM = "does_not_conform"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A dated answer about a control of one edition, for one OPD ("" = the whole organisation)."""

    id: str
    edition: str
    control: str
    opd: str
    answer: Answer
    justification: str
    evidence: tuple[str, ...]
    attested_by: str
    attested_on: date
    valid_until: date
