"""The written form of check and framework files, and their way to the shared nouns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from auditor.documents.shape import Shape
from auditor.documents.words import Id
from auditor.model.check import (
    Check,
    Confidence,
    ControlLinks,
    Direction,
    Example,
    Parameter,
    Reference,
    Remedy,
    Severity,
)
from auditor.model.facts import JSON
from auditor.model.framework import Control, ControlGroup, ControlSide, Framework, MachineCoverage
from auditor.model.inventory import Layer
from auditor.model.subject import SubjectKind

KamiQuestion = Annotated[str, Field(pattern=r"^(I|II|III|IV|V|VI|VII)\.[0-9]{1,2}$")]
ControlId = Annotated[str, Field(pattern=r"^A\.[0-9]{1,2}(\.[0-9]{1,2}){1,2}$")]


class TextShape(Shape):
    """A text in both languages."""

    en: Annotated[str, Field(min_length=1)]
    id: Annotated[str, Field(min_length=1)]


class ParameterShape(Shape):
    """A value that a policy may change."""

    default: JSON
    loosest: JSON
    direction: Direction
    unit: str


class LinksShape(Shape):
    """Controls of one edition."""

    implements: Annotated[tuple[ControlId, ...], Field(max_length=3)]
    related: tuple[ControlId, ...]


class EditionsShape(Shape):
    """Controls of both editions."""

    e2013: LinksShape = Field(alias="2013")
    e2022: LinksShape = Field(alias="2022")


class ReferenceShape(Shape):
    """Where a threshold comes from."""

    source: str
    section: str = ""


class RemedyShape(Shape):
    """The change for one software."""

    software: Id
    steps: TextShape
    config: str = ""
    verify: str


class ExampleShape(Shape):
    """Facts that must give the verdict they stand under."""

    note: str
    facts: dict[str, JSON]


class ExamplesShape(Shape):
    """Examples by verdict."""

    pass_: tuple[ExampleShape, ...] = Field((), alias="pass")
    fail: tuple[ExampleShape, ...] = ()
    not_applicable: tuple[ExampleShape, ...] = ()
    unknown: tuple[ExampleShape, ...] = ()


class NoExampleShape(Shape):
    """Why there is no example of a verdict."""

    pass_: str = Field("", alias="pass")
    fail: str = ""


class CheckShape(Shape):
    """One check file; the keys stand in this order."""

    id: Id
    title: TextShape
    severity: Severity
    confidence: Confidence
    subject: SubjectKind
    layer: Layer
    consent: bool
    applies: str
    pass_: str = Field(alias="pass")
    parameters: dict[str, ParameterShape]
    observed: TextShape
    expected: TextShape
    controls: EditionsShape
    references: Annotated[tuple[ReferenceShape, ...], Field(min_length=1)]
    why: TextShape
    remediation: Annotated[tuple[RemedyShape, ...], Field(min_length=1)]
    effort_hours: Annotated[float, Field(gt=0)]
    examples: ExamplesShape
    no_example: NoExampleShape


class GroupShape(Shape):
    """A clause or theme."""

    id: str
    title: TextShape


class ControlShape(Shape):
    """One control."""

    id: ControlId
    title: TextShape
    group: str
    coverage: MachineCoverage
    reason: TextShape
    papers: str
    question: TextShape
    responsible: ControlSide
    kami: tuple[KamiQuestion, ...]
    no_check: TextShape | None = None


class FrameworkShape(Shape):
    """One edition."""

    edition: Literal["2013", "2022"]
    title: TextShape
    groups: Annotated[tuple[GroupShape, ...], Field(min_length=1)]
    controls: Annotated[tuple[ControlShape, ...], Field(min_length=1)]


class CrosswalkShape(Shape):
    """Which control of 2022 carries on which of 2013, and which are new."""

    map: dict[ControlId, tuple[ControlId, ...]]
    new_in_2022: tuple[ControlId, ...]


def to_check(shape: CheckShape) -> Check:
    """Return the Check in a file's shape."""
    reasons = {"pass": shape.no_example.pass_, "fail": shape.no_example.fail}
    return Check(
        id=shape.id,
        title=shape.title.model_dump(),
        severity=shape.severity,
        confidence=shape.confidence,
        subject=shape.subject,
        layer=shape.layer,
        consent=shape.consent,
        applies=shape.applies,
        passes=shape.pass_,
        parameters=tuple(
            Parameter(name, one.default, one.loosest, one.direction, one.unit)
            for name, one in shape.parameters.items()
        ),
        observed=shape.observed.model_dump(),
        expected=shape.expected.model_dump(),
        controls={"2013": _links(shape.controls.e2013), "2022": _links(shape.controls.e2022)},
        references=tuple(Reference(one.source, one.section) for one in shape.references),
        why=shape.why.model_dump(),
        remediation=tuple(
            Remedy(one.software, one.steps.model_dump(), one.config, one.verify) for one in shape.remediation
        ),
        effort_hours=shape.effort_hours,
        examples=_examples(shape.examples),
        no_example={verdict: reason for verdict, reason in reasons.items() if reason},
    )


def _links(shape: LinksShape) -> ControlLinks:
    return ControlLinks(shape.implements, shape.related)


def _examples(shape: ExamplesShape) -> dict[str, tuple[Example, ...]]:
    return {
        verdict: tuple(Example(one.note, one.facts) for one in examples)
        for verdict, examples in (
            ("PASS", shape.pass_),
            ("FAIL", shape.fail),
            ("NOT_APPLICABLE", shape.not_applicable),
            ("UNKNOWN", shape.unknown),
        )
    }


def to_framework(shape: FrameworkShape, crosswalk: dict[str, tuple[str, ...]]) -> Framework:
    """Return the Framework in a file's shape."""
    return Framework(
        edition=shape.edition,
        title=shape.title.model_dump(),
        groups=tuple(ControlGroup(one.id, one.title.model_dump()) for one in shape.groups),
        controls=tuple(
            Control(
                one.id,
                one.title.model_dump(),
                one.group,
                one.coverage,
                one.reason.model_dump(),
                one.papers,
                one.question.model_dump(),
                one.responsible,
                one.kami,
                one.no_check.model_dump() if one.no_check else {},
            )
            for one in shape.controls
        ),
        crosswalk=crosswalk,
    )
