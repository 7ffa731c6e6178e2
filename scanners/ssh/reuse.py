"""Decide what an earlier measurement still tells, so that an unchanged server is asked less. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.model.facts import JSON, Facts
from scanners.ssh.facts import GREETING_FACTS, OFFER_FACTS, SESSION_FACTS


@dataclass(frozen=True, slots=True)
class Reused:
    """Facts that stand as they were measured at `measured_at` (RFC 3339), perhaps none."""

    measured_at: str = ""
    facts: Facts = field(default_factory=dict)


def reused(previous: JSON, observed: Facts) -> Reused:
    """Return what may be taken from `previous`, given what the first connection has shown now.

    `previous` is {"measured_at", "compared", "facts"} as the task's option says it. Nothing is taken unless
    the software, the protocol and the whole offer of algorithms are the same.
    """
    if not isinstance(previous, Mapping):
        return Reused()
    compared, facts = previous.get("compared"), previous.get("facts")
    measured_at = previous.get("measured_at")
    if not isinstance(facts, Mapping) or not isinstance(measured_at, str):
        return Reused()
    if not _same(compared, observed, (*GREETING_FACTS, *OFFER_FACTS)):
        return Reused()
    return Reused(measured_at, {name: facts[name] for name in SESSION_FACTS if name in facts})


def _same(before: JSON, observed: Facts, names: tuple[str, ...]) -> bool:
    if not isinstance(before, Mapping):
        return False
    return all(name in before and name in observed and before[name] == observed[name] for name in names)
