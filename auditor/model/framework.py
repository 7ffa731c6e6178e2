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


class ControlSide(StrEnum):
    """Who answers for a control as a whole; `shared` when the centre and the OPD each hold a part."""

    CENTRE = "centre"
    OPD = "opd"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of Annex A: number and short title, how far a machine judges it, what people are asked."""

    id: str
    title: Text
    group: str
    coverage: MachineCoverage
    reason: Text
    papers: str
    """Evidence usually asked for, in Indonesian."""
    question: Text
    """What people are asked, so that their answer settles the part that no machine can."""
    responsible: ControlSide
    kami: tuple[str, ...]
    """Questions of Indeks KAMI (numbering of 3.1 and 4.x) that the control speaks to."""
    no_check: Text
    """Why a technical or partial control has no implementing check; empty when it has one."""


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition with all its controls in order. `crosswalk` maps its ids to those of the other edition."""

    edition: str
    title: Text
    groups: tuple[ControlGroup, ...]
    controls: tuple[Control, ...]
    crosswalk: Mapping[str, tuple[str, ...]]
