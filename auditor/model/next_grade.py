"""What it takes to reach a better grade, or why fixing alone cannot reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.check import Severity


class Obstacle(StrEnum):
    """What keeps a grade out of reach however much is fixed."""

    NOTHING_MEASURED = "nothing_measured"
    COVERAGE = "coverage"
    """Too little could be judged: below the coverage floor no grade is given."""
    UNJUDGED_CAPS = "unjudged_caps"
    """Something grave could not be judged, which caps the grade like a failure."""
    UNJUDGED_WEIGHT = "unjudged_weight"
    """What could not be judged weighs so much that the floor stays too low."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One obstacle; `unjudged` is what would have to be measured: checks on servers, by severity."""

    obstacle: Obstacle
    unjudged: Mapping[Severity, int]


@dataclass(frozen=True, slots=True)
class NextGrade:
    """The shortest way of an OPD to a better grade, without exceptions.

    `letter_from` is empty when the grade is withheld; `letter_to` is empty when there is no better one.
    `findings` are ids in the order of work, empty when `blocked_by` is not. `letter_reached` is the grade
    after them, which may be better than the one asked for, and `floor_from` and `floor_to` are percent.
    """

    letter_from: str
    letter_to: str
    letter_reached: str
    floor_from: float
    floor_to: float
    findings: tuple[str, ...]
    hours: float
    blocked_by: tuple[Blocker, ...] = ()
