"""The JSON contract of scorecard, summary and findings: what every object holds.

A removed or renamed key, or another meaning, raises `VERSION`; a new key does not. Moments are UTC, days
local. Texts are exactly as stored: escape them for the medium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from auditor.model.attestation import Answer, Aspect, Basis
from auditor.model.check import Severity
from auditor.model.framework import ControlSide
from auditor.model.inventory import Responsible
from auditor.model.movement import Cause
from auditor.model.next_grade import Obstacle
from auditor.model.run import RunStatus
from auditor.model.scorecard import Contradiction, ControlStatus
from auditor.model.verdict import Status
from reports.finding_shape import Day, FindingShape, Moment

VERSION: Literal[1] = 1

Percent = Annotated[float, Field(ge=0)]
"""Exact as a binary number has it: what is whole may differ from 100 behind the last decimal."""


class ShownScore(TypedDict):
    """The numbers of a score as pages print them: cut off after one decimal, never rounded up."""

    floor: str
    ceiling: str
    coverage: str


class ScoreShape(TypedDict):
    """The weights of a score and its exact percentages; all 0 where nothing was applicable."""

    passed: float
    failed: float
    unjudged: float
    floor: Percent
    ceiling: Percent
    coverage: Percent
    shown: ShownScore


class GradeShape(TypedDict):
    """A grade; the letter is null while it is withheld."""

    letter: str | None
    reason: str
    capped_by: Severity | None
    shown: str


class LevelShape(TypedDict):
    """A level of compliance: score and grade, without exceptions and with them."""

    score: ScoreShape
    score_with_waivers: ScoreShape
    grade: GradeShape
    grade_with_waivers: GradeShape


class ShownMovement(TypedDict):
    """The numbers of a movement as pages print them: the parts add up to the change."""

    before: str
    after: str
    change: str
    parts: Mapping[Cause, str]


class MovementShape(TypedDict):
    """What moved a floor, in percentage points."""

    before: float
    after: float
    parts: Mapping[Cause, float]
    shown: ShownMovement


class ChangeShape(TypedDict):
    """Why the floor moved since the audit before."""

    before_run: str
    after_run: str
    same_rules: bool
    without_exceptions: MovementShape
    with_exceptions: MovementShape
    checks_added: Sequence[str]
    checks_removed: Sequence[str]
    checks_changed: Sequence[str]
    weights_changed: bool
    grading_changed: bool
    servers_added: Sequence[str]
    servers_removed: Sequence[str]


class BlockerShape(TypedDict):
    """What stands between an OPD and a better grade beside its findings."""

    obstacle: Obstacle
    unjudged: Mapping[Severity, int]


# The functional form, because `from` is a word of the language.
NextGradeShape = TypedDict(
    "NextGradeShape",
    {
        "from": str | None,
        "to": str | None,
        "reached": str | None,
        "floor_from": float,
        "floor_to": float,
        "findings": Sequence[str],
        "hours": float,
        "blocked_by": Sequence[BlockerShape],
    },
)
"""The shortest way to the next grade: the findings to close, and what else is in the way."""


class GroupShape(LevelShape):
    """A clause or theme."""

    group: str
    title: str
    statuses: Mapping[ControlStatus, int]


class FileShape(TypedDict):
    """A file handed in as evidence, by its SHA-256."""

    name: str
    sha256: str
    size_bytes: int


class GivenShape(TypedDict):
    """One answer as it was given; `opd` is null where it was given for the whole organisation."""

    id: str
    edition: str
    control: str
    opd: str | None
    aspect: Aspect
    answer: Answer
    justification: str
    references: Sequence[str]
    evidence: Sequence[FileShape]
    attested_by: str
    attested_on: Day
    valid_until: Day


class AttestedShape(TypedDict):
    """What people answered together; `answer` is null when every answer has ended."""

    answer: Answer | None
    aspects: Mapping[Aspect, Answer]
    valid_until: Day
    inherited: bool
    taken_from: Sequence[str]
    given: Sequence[GivenShape]


class DecidedShape(TypedDict, total=False):
    """Who decided whether a control applies, and why; absent where that is not at hand."""

    bases: Sequence[Basis]
    justification: str
    decided_by: str
    approved_by: str
    decided_on: Day
    valid_until: Day


class AppliedShape(DecidedShape):
    """What was decided about whether a control applies."""

    applicable: bool
    id: str
    inherited: bool
    taken_from: Sequence[str]


class ControlShape(LevelShape):
    """One control with its status and all that it rests on."""

    control: str
    title: str
    responsible: ControlSide | None
    status: ControlStatus
    measured: ControlStatus
    attested: AttestedShape | None
    applied: AppliedShape | None
    contradiction: Contradiction | None
    checks: Mapping[str, Status]
    related: Mapping[str, Status]
    waived: Sequence[str]
    loosened: Sequence[str]


class LimitsShape(TypedDict):
    """What the policy leaves out: checks switched off, by reason, and loosened parameters by check."""

    disabled_checks: Mapping[str, str]
    loosened_parameters: Mapping[str, Sequence[str]]


class HeaderShape(TypedDict):
    """Of which audit a file tells, and the digests that prove it."""

    version: Literal[1]
    organization: str
    classification: str
    run: str
    status: RunStatus
    started_at: Moment
    finished_at: Moment | None
    edition: str
    language: str
    digest: str
    chain_head: str
    policy: str
    catalogue: str
    inventory: str
    tools: Mapping[str, str]
    limits: LimitsShape


class EarlierShape(TypedDict):
    """The numbers of an earlier audit of the same servers."""

    run: str
    finished_at: Moment
    floor: Percent
    ceiling: Percent
    coverage: Percent
    letter: str | None


class NumbersShape(TypedDict):
    """The numbers of an OPD, or of the whole organisation."""

    score: ScoreShape
    score_with_waivers: ScoreShape
    score_centre: ScoreShape
    score_centre_with_waivers: ScoreShape
    grade: GradeShape
    grade_with_waivers: GradeShape
    grade_centre: GradeShape
    grade_centre_with_waivers: GradeShape
    open_findings: int
    overdue_findings: int
    accepted_findings: int
    failing: Mapping[Severity, int]
    accepted: Mapping[Severity, int]
    change: ChangeShape | None
    next_grade: NextGradeShape | None
    history: Sequence[EarlierShape]


class ServerShape(LevelShape):
    """One server; `opd` is null where it has left the inventory."""

    server: str
    opd: str | None
    name_owners: Mapping[str, str]
    measured: bool
    multiplier: float
    verdicts: Mapping[Status, int]


class LoosenedShape(TypedDict):
    """A verdict made with parameters looser than the control tolerates."""

    check: str
    server: str
    address: str
    port: int
    server_name: str
    verdict: Status
    parameters: Sequence[str]


class GapShape(TypedDict):
    """Something that was not measured: where, what, and why."""

    server: str
    address: str
    what: str
    reason: str


class FixShape(TypedDict):
    """What one change closes; accepted risks are no part of it."""

    id: str
    responsible: Responsible
    severity: Severity
    checks: Sequence[str]
    servers: Sequence[str]
    findings: Sequence[str]
    due: Day
    hours: float
    risk: float


class CardShape(HeaderShape, NumbersShape):
    """The scorecard of one OPD with everything that it rests on."""

    opd: str
    name: str
    servers: Sequence[ServerShape]
    groups: Sequence[GroupShape]
    controls: Sequence[ControlShape]
    loosened: Sequence[LoosenedShape]
    not_measured: Sequence[GapShape]
    skipped: Sequence[GapShape]
    findings: Sequence[FindingShape]
    fixes: Sequence[FixShape]


class OpdShape(NumbersShape):
    """One OPD of the summary."""

    opd: str
    name: str


class SummaryShape(HeaderShape, NumbersShape):
    """The numbers of the whole organisation, and of each OPD."""

    opds: Sequence[OpdShape]
