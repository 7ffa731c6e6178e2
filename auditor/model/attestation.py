"""What people answer for: to what no machine can judge, and to what applies at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """What a person attested about a control, best first."""

    CONFORMS = "conforms"
    PARTIAL = "partial"
    DOES_NOT_CONFORM = "does_not_conform"

    @property
    def rank(self) -> int:
        """Return 0 for the best."""
        return list(Answer).index(self)


class Aspect(StrEnum):
    """Which part of a control an answer is about. `whole` answers for the other three at once."""

    WHOLE = "whole"
    DESIGN = "design"
    """Is it decided and written?"""
    IMPLEMENTATION = "implementation"
    """Is it done?"""
    EFFECTIVENESS = "effectiveness"
    """Does it work?"""


PARTS = (Aspect.DESIGN, Aspect.IMPLEMENTATION, Aspect.EFFECTIVENESS)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file handed in as evidence, kept by its SHA-256 (hex). `name` is what it was called, for people."""

    digest: str
    name: str
    size_bytes: int


def attestation_slot(edition: str, control: str, opd: str, aspect: Aspect) -> str:
    """Return the id under which answers to the same question follow each other."""
    text = f"{edition}|{control}|{opd}|{aspect.value}"
    return "A-" + hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Attestation:
    """A dated answer about a control of one edition, for one OPD ("" = the whole organisation).

    `references` name papers that are kept elsewhere, such as the number of a decree. Days are local and
    inclusive. A later answer with the same `id` takes the place of an earlier one.
    """

    id: str
    edition: str
    control: str
    opd: str
    aspect: Aspect
    answer: Answer
    justification: str
    references: tuple[str, ...]
    evidence: tuple[EvidenceFile, ...]
    attested_by: str
    attested_on: date
    valid_until: date


class Basis(StrEnum):
    """Why a control is included in the statement of applicability."""

    RISK = "risk"
    LAW = "law"
    CONTRACT = "contract"
    PRACTICE = "practice"


def applicability_slot(edition: str, control: str, opd: str) -> str:
    """Return the id under which decisions about the same control follow each other."""
    return "S-" + hashlib.sha256(f"{edition}|{control}|{opd}".encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether a control applies to an OPD ("" = the whole organisation), and why.

    Leaving a control out needs a justification and an approver who is somebody else.
    """

    id: str
    edition: str
    control: str
    opd: str
    applicable: bool
    bases: tuple[Basis, ...]
    justification: str
    decided_by: str
    approved_by: str
    decided_on: date
    valid_until: date
