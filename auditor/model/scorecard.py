"""The numbers of a scorecard. Percentages are exact floats; they are truncated only when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.check import Severity
from auditor.model.verdict import Status


class ControlStatus(StrEnum):
    """Result of one control; a scan is evidence for or against it, never a certificate."""

    CONFORMS = "conforms"  # Sesuai
    PARTIAL = "partial"  # Sesuai Sebagian
    DOES_NOT_CONFORM = "does_not_conform"  # Tidak Sesuai
    NOT_APPLICABLE = "not_applicable"  # Tidak Berlaku
    NOT_ASSESSED = "not_assessed"  # Belum Dinilai
    NOT_EXAMINED = "not_examined"  # Gagal Diperiksa
    WAIVED = "waived"  # Dikecualikan


@dataclass(frozen=True, slots=True)
class Score:
    """Weights behind a score, and the percentages made from them (0 to 100).

    floor = passed / applicable, ceiling = (passed + unjudged) / applicable,
    coverage = (passed + failed) / applicable; all 0 when nothing is applicable.
    """

    passed: float
    failed: float
    unjudged: float
    floor: float
    ceiling: float
    coverage: float

    @property
    def applicable(self) -> float:
        """Return the weight of everything that applies."""
        return self.passed + self.failed + self.unjudged


@dataclass(frozen=True, slots=True)
class Grade:
    """A letter, or withheld (`letter` is empty); `reason` names the rule that decided."""

    letter: str
    reason: str
    capped_by: Severity | None = None


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control of one edition for one OPD: the status and the checks it rests on."""

    control: str
    status: ControlStatus
    checks: Mapping[str, Status]
    """Implementing check → worst status over the OPD's servers."""
    related: Mapping[str, Status]
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerScore:
    """One server: its score, its criticality as multiplier, and whether anything was measured."""

    server: str
    score: Score
    multiplier: float
    measured: bool
    statuses: Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One OPD in one run."""

    opd: str
    score: Score
    """What the OPD answers for, without exceptions applied."""
    score_with_waivers: Score
    score_centre: Score
    """What the centre answers for on this OPD's servers."""
    grade: Grade
    servers: tuple[ServerScore, ...]
    controls: Mapping[str, tuple[ControlResult, ...]]
    """Edition → one result per control, in the order of the edition."""
    findings: Mapping[Severity, int]
    """Open findings by severity."""
