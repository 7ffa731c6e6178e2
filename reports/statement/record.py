"""The JSON contract of a statement. A removed or renamed key, or another meaning, raises `VERSION`.

Days are local, moments are UTC. Texts are exactly as stored: escape them for the medium.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model.attestation import Answer, Aspect, Basis
from auditor.model.framework import ControlSide, MachineCoverage
from auditor.model.run import RunStatus
from auditor.model.scorecard import Contradiction, ControlStatus
from auditor.model.verdict import Status
from reports.statement.lines import Applies

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision about whether a control applies.

    `edition`, `control` and `opd` say about what it was made: another control when it was taken over, null
    for the whole organisation. `approved_by` is null where nobody had to approve.
    """

    id: str
    edition: str
    control: str
    opd: str | None
    applicable: bool
    bases: tuple[Basis, ...]
    justification: str
    decided_by: str
    approved_by: str | None
    decided_on: datetime.date
    valid_until: datetime.date
    inherited: bool
    taken_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A file handed in as evidence, by its SHA-256."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """One answer as it was given; `edition`, `control` and `opd` as of a decision."""

    id: str
    edition: str
    control: str
    opd: str | None
    aspect: Aspect
    answer: Answer
    justification: str
    references: tuple[str, ...]
    evidence: tuple[EvidenceRecord, ...]
    attested_by: str
    attested_on: datetime.date
    valid_until: datetime.date


@dataclass(frozen=True, slots=True)
class AttestedRecord:
    """What people answered together. `answer` is null when every answer has ended.

    `taken_from` names the controls of the other edition whose answers were taken over.
    """

    answer: Answer | None
    aspects: Mapping[Aspect, Answer]
    valid_until: datetime.date
    inherited: bool
    taken_from: tuple[str, ...]
    given: tuple[GivenRecord, ...]


@dataclass(frozen=True, slots=True)
class MeasuredRecord:
    """What scans alone say: the status they support, and the worst verdict of every check."""

    status: ControlStatus
    coverage: MachineCoverage
    checks: Mapping[str, Status]
    related: Mapping[str, Status]
    loosened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaiverRecord:
    """An exception in force on an implementing check, and how many open findings it covers."""

    id: str
    check: str
    reason: str
    compensating_control: str
    requested_by: str
    approved_by: str
    valid_from: datetime.date
    valid_until: datetime.date
    findings: int


@dataclass(frozen=True, slots=True)
class ControlRecord:
    """One control. `applies` is undecided when nobody decided: it then counts as applicable."""

    control: str
    title: str
    group: str
    applies: Applies
    decision: DecisionRecord | None
    status: ControlStatus
    measured: MeasuredRecord
    attested: AttestedRecord | None
    waivers: tuple[WaiverRecord, ...]
    contradiction: Contradiction | None
    responsible: ControlSide
    counterparts: tuple[str, ...]
    """Ids in the other edition."""


@dataclass(frozen=True, slots=True)
class TotalsRecord:
    """Counts of controls; `applicable` is `included` and `undecided` together."""

    controls: int
    applicable: int
    included: int
    undecided: int
    excluded: int
    contradictions: int
    statuses: Mapping[ControlStatus, int]


@dataclass(frozen=True, slots=True)
class OpdRecord:
    """One OPD of the matrix: control id → status."""

    opd: str
    name: str
    statuses: Mapping[str, ControlStatus]


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A statement of applicability of one OPD, or of the whole organisation when `opd` is null.

    `decisions` is the number of the last decision of people taken into account, `decisions_head` its hash.
    `opds` is the matrix of a statement of the organisation, null in one of an OPD.
    """

    version: Literal[1]
    number: str
    date: datetime.date
    organization: str
    classification: str
    opd: str | None
    name: str
    edition: str
    language: str
    run: str
    run_status: RunStatus
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    digest: str
    chain_head: str
    policy: str
    catalogue: str
    inventory: str
    decisions: int
    decisions_head: str
    totals: TotalsRecord
    controls: tuple[ControlRecord, ...]
    opds: tuple[OpdRecord, ...] | None
