"""An edition of the standard and its controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.check import Text


class MachineCoverage(StrEnum):
    """How far scans alone can judge a control."""

    TECHNICAL = "technical"
    PARTIAL = "partial"
    SUPPORTING = "supporting"
    ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """A clause (2013) or theme (2022)."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Control:
    """One control of Annex A: number and short title, how far a machine judges it, usual papers."""

    id: str
    title: Text
    group: str
    coverage: MachineCoverage
    reason: Text
    papers: str
    """Evidence usually asked for, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition with all its controls in order. `crosswalk` maps its ids to those of the other edition."""

    edition: str
    title: Text
    groups: tuple[ControlGroup, ...]
    controls: tuple[Control, ...]
    crosswalk: Mapping[str, tuple[str, ...]]
