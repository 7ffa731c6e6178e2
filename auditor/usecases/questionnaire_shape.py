"""The shape of a questionnaire in YAML."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from auditor.documents.shape import Shape

_ANSWERS: JsonDict = {"examples": ["sesuai", "sesuai-sebagian", "tidak-sesuai"]}
_DAY: JsonDict = {"examples": ["2026-11-30"]}


class RowShape(Shape):
    """One control. The keys from `title` to `note` are for reading only."""

    control: str = Field(json_schema_extra={"examples": ["A.5.1"]})
    title: str = ""
    coverage: str = ""
    measured: str = ""
    question: str = ""
    papers: str = ""
    responsible: str = ""
    note: str = ""
    applicable: bool | None = None
    bases: tuple[str, ...] = Field(default=(), json_schema_extra={"examples": [["risk", "law"]]})
    applicability_justification: str = ""
    decided_by: str = ""
    approved_by: str = ""
    decided_on: str = Field(default="", json_schema_extra=_DAY)
    decided_until: str = Field(default="", json_schema_extra=_DAY)
    answer: str = Field(default="", json_schema_extra=_ANSWERS)
    design: str = Field(default="", json_schema_extra=_ANSWERS)
    implementation: str = Field(default="", json_schema_extra=_ANSWERS)
    effectiveness: str = Field(default="", json_schema_extra=_ANSWERS)
    justification: str = ""
    references: tuple[str, ...] = ()
    evidence: tuple[str, ...] = Field(default=(), json_schema_extra={"examples": [["bukti/sk-tim.pdf"]]})
    attested_by: str = ""
    attested_on: str = Field(default="", json_schema_extra=_DAY)
    valid_until: str = Field(default="", json_schema_extra=_DAY)


class QuestionnaireShape(Shape):
    """Answers about the controls of one edition, for one OPD or ("*") the whole organisation."""

    version: Literal[1]
    edition: str = Field(json_schema_extra={"examples": ["2022"]})
    opd: str = Field(json_schema_extra={"examples": ["dinkes"]})
    log_entry: str = ""
    """What the log held when the file was written; leave it as it is."""
    controls: tuple[RowShape, ...]
