"""One automated question, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.facts import JSON, Facts
from auditor.model.inventory import Layer
from auditor.model.subject import SubjectKind

Text = Mapping[str, str]
"""Language (`en`, `id`) → text."""


class Severity(StrEnum):
    """How bad a failing check is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the worst."""
        return list(Severity).index(self)


class Confidence(StrEnum):
    """Whether the facts prove the verdict or only suggest it."""

    MEASURED = "measured"
    INFERRED = "inferred"


class Direction(StrEnum):
    """Which side of `loosest` is tighter."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or list that a policy may tighten or loosen.

    `loosest` is the loosest value the control tolerates; `direction` says on which side of it lies the
    tolerated range (minimum: values ≥ loosest). Lists have no direction: every default entry must stay.
    """

    name: str
    default: JSON
    loosest: JSON
    direction: Direction
    unit: str


@dataclass(frozen=True, slots=True)
class ControlLinks:
    """Controls of one edition that a check implements (at most three) or only relates to."""

    implements: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a threshold comes from."""

    source: str
    section: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """The exact change for one software, and the command to verify it by hand."""

    software: str
    steps: Text
    config: str
    verify: str


@dataclass(frozen=True, slots=True)
class Example:
    """Facts (and parameters) with the verdict that they must give."""

    note: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Check:
    """One check file."""

    id: str
    title: Text
    severity: Severity
    confidence: Confidence
    subject: SubjectKind
    layer: Layer
    consent: bool
    applies: str
    passes: str
    parameters: tuple[Parameter, ...]
    observed: Text
    expected: Text
    controls: Mapping[str, ControlLinks]
    references: tuple[Reference, ...]
    why: Text
    remediation: tuple[Remedy, ...]
    effort_hours: float
    examples: Mapping[str, tuple[Example, ...]]
    no_example: Mapping[str, str]
    """Verdict (`pass` or `fail`) → written reason why there is no example of it."""
