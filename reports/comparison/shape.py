"""The JSON contract of a comparison: what every object holds, and its published schema.

A removed or renamed key, or another meaning, raises `VERSION`; a new key does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from auditor.documents.schema import DIALECT
from auditor.model.check import Severity
from auditor.model.finding import FindingStatus
from auditor.model.run import RunStatus
from auditor.model.scorecard import ControlStatus
from reports.finding_shape import Day, Moment
from reports.shapes import ChangeShape, GradeShape, ScoreShape

VERSION: Literal[1] = 1


class AuditShape(TypedDict):
    """One of the two audits, with the digests behind its numbers."""

    run: str
    status: RunStatus
    started_at: Moment
    finished_at: Moment | None
    digest: str
    chain_head: str
    policy: str
    catalogue: str
    inventory: str


class LevelShape(TypedDict):
    """What an OPD itself answered for in one audit."""

    score: ScoreShape
    score_with_waivers: ScoreShape
    grade: GradeShape
    grade_with_waivers: GradeShape


class ChangedFindingShape(TypedDict):
    """One finding in a list; `days` until it was fixed, since it was seen last, or since it opened."""

    id: str
    check: str
    severity: Severity
    status: FindingStatus
    opd: str
    server: str
    address: str
    port: int
    server_name: str
    due: Day
    days: int
    run: str
    reason: str


class FindingsShape(TypedDict):
    """What became of findings between the two audits; a finding is in one list at most."""

    fixed: Sequence[ChangedFindingShape]
    new: Sequence[ChangedFindingShape]
    redetected: Sequence[ChangedFindingShape]
    not_measured: Sequence[ChangedFindingShape]
    out_of_scope: Sequence[ChangedFindingShape]


class ControlShape(TypedDict):
    """A control whose status is another one; `why` in words of the language."""

    control: str
    title: str
    before: ControlStatus
    after: ControlStatus
    why: Sequence[str]


class OpdShape(TypedDict):
    """One OPD; `before` or `after` is null where the audit has no card of it."""

    opd: str
    name: str
    before: LevelShape | None
    after: LevelShape | None
    change: ChangeShape | None
    findings: FindingsShape
    controls: Sequence[ControlShape]


class OrganizationShape(TypedDict):
    """All OPD together."""

    before: LevelShape
    after: LevelShape
    change: ChangeShape | None


class ComparisonShape(TypedDict):
    """The whole file; `organization` is null where single OPD were chosen."""

    version: Literal[1]
    name: str
    classification: str
    edition: str
    language: str
    same_rules: bool
    controls_compared: bool
    not_comparable: Sequence[str]
    before: AuditShape
    after: AuditShape
    organization: OrganizationShape | None
    opds: Sequence[OpdShape]


CONTRACT: TypeAdapter[ComparisonShape] = TypeAdapter(ComparisonShape)


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of a comparison."""
    return {"$schema": DIALECT, **CONTRACT.json_schema(), "title": "Comparison of two audits"}
