"""What an assessment rested on beside evidence: the rules as they were, and the decisions of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.inventory import Layer


@dataclass(frozen=True, slots=True)
class Rule:
    """A check as it was: SHA-256 over its meaning and its parameters, its severity and its layer."""

    digest: str
    severity: Severity
    layer: Layer
    asks: tuple[str, ...] = ()
    """The facts it asks for that are declared and not measured: `server.*` and `vantage.*`."""


@dataclass(frozen=True, slots=True)
class Footing:
    """What a run was judged with, so that two runs can be compared honestly."""

    catalogue: str
    """Digest of the catalogue, local checks included."""
    rules: Mapping[str, Rule]
    """Check id → the check as it was; switched-off checks are absent."""
    waived: Mapping[str, str]
    """`check subject-key` → id of the waiver that covered the failure."""
    decisions: int
    """Number of the last decision taken into account; 0 when there was none."""
    decisions_head: str
