"""The numbers of a scorecard. Percentages are exact floats; they are truncated only when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.model.attestation import Answer, Aspect
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
class Level:
    """A level of compliance: the score and its grade, without exceptions and with them."""

    score: Score
    with_waivers: Score
    grade: Grade
    grade_with_waivers: Grade


class Contradiction(StrEnum):
    """Where what people say and what was measured do not agree. The measurement stands."""

    ATTESTED_BETTER = "attested_better"
    """Attested as conforming, or better than what was measured."""
    ATTESTED_WORSE = "attested_worse"
    """Everything measured passes, and people say that it does not conform: the worse counts."""
    EXCLUDED_BUT_MEASURED = "excluded_but_measured"
    """Left out as not applicable, though it was measured."""
    RELATED_FAILS = "related_fails"
    """Attested as conforming, while a grave check that relates to it fails."""


@dataclass(frozen=True, slots=True)
class Attested:
    """What people answered about a control for one OPD on the day of the run.

    `answer` is the whole answer: the worst of the aspects, no better than partial while one is missing, and
    None when every answer has expired. `taken_from` names the controls of the other edition that the answer
    was taken over from; `inherited` that it was given for the whole organisation.
    """

    answer: Answer | None
    aspects: Mapping[Aspect, Answer]
    ids: tuple[str, ...]
    valid_until: date
    """The first day on which one of the answers ends."""
    inherited: bool = False
    taken_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What was decided about whether a control applies; `taken_from` and `inherited` as of an answer."""

    applicable: bool
    id: str
    inherited: bool = False
    taken_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control of one edition for one OPD: the status and what it rests on."""

    control: str
    status: ControlStatus
    checks: Mapping[str, Status]
    """Implementing check → worst status over the OPD's servers."""
    related: Mapping[str, Status]
    level: Level
    """Over the implementing checks, whichever side answers for them: a control has one result."""
    waived: tuple[str, ...] = ()
    measured: ControlStatus = ControlStatus.NOT_ASSESSED
    """What the scans alone say."""
    attested: Attested | None = None
    applied: Applied | None = None
    contradiction: Contradiction | None = None
    loosened: tuple[str, ...] = ()
    """Implementing checks that were judged with a parameter looser than the control tolerates."""


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One clause or theme: its level over every check that implements one of its controls, each once."""

    group: str
    level: Level
    statuses: Mapping[ControlStatus, int]


@dataclass(frozen=True, slots=True)
class ServerScore:
    """One server: its level, its criticality as multiplier, and whether anything was measured.

    On an OPD's card the level is over what the OPD answers for on it.
    """

    server: str
    level: Level
    multiplier: float
    measured: bool
    statuses: Mapping[Status, int]

    @property
    def score(self) -> Score:
        """Return the score without exceptions."""
        return self.level.score


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One OPD in one run; of the whole organisation when `opd` is empty."""

    opd: str
    own: Level
    """What the OPD answers for. Of the organisation, and of the OPD that is the centre: all of it."""
    centre: Level
    """What the centre answers for on these servers."""
    servers: tuple[ServerScore, ...]
    controls: Mapping[str, tuple[ControlResult, ...]]
    """Edition → one result per control, in the order of the edition."""
    groups: Mapping[str, tuple[GroupResult, ...]]
    """Edition → one result per clause or theme, in the order of the edition."""
    findings: Mapping[Severity, int]
    """Failing verdicts by severity, accepted ones left out."""
    accepted: Mapping[Severity, int]
    """Failing verdicts that a waiver covers."""

    @property
    def score(self) -> Score:
        """Return the score of what the OPD answers for, without exceptions."""
        return self.own.score

    @property
    def score_with_waivers(self) -> Score:
        """Return the same with exceptions applied."""
        return self.own.with_waivers

    @property
    def score_centre(self) -> Score:
        """Return the score of what the centre answers for, without exceptions."""
        return self.centre.score

    @property
    def grade(self) -> Grade:
        """Return the grade without exceptions."""
        return self.own.grade
