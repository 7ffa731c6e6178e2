"""Decide what an earlier audit spares an unchanged server. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.model.facts import JSON, Facts
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from scanners.tls.facts import HANDSHAKE_FACTS, SESSION_FACTS


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier audit of the same port found: `compared` facts, and `facts` that may be kept."""

    measured_at: str
    reference_at: str | None
    compared: Facts = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)

    @classmethod
    def of(cls, task: Task) -> Earlier | None:
        """Return what the task's option `previous` tells, or None where it tells nothing."""
        previous: Any = task.options.get("previous")
        if not isinstance(previous, Mapping):
            return None
        at = previous.get("reference_at")
        return cls(
            str(previous["measured_at"]),
            None if at is None else str(at),
            previous["compared"],
            previous["facts"],
        )

    def unchanged(self, facts: Facts) -> bool:
        """Say whether ClientHellos find the server as it was, and found all there is to find."""
        now = {name: facts[name] for name in HANDSHAKE_FACTS if name in facts}
        return len(now) == len(HANDSHAKE_FACTS) and now == dict(self.compared)

    def kept(self, facts: Facts) -> dict[str, JSON]:
        """Return the session facts to take over: those not known by themselves, if nothing has changed."""
        if not self.unchanged(facts):
            return {}
        return {name: self.facts[name] for name in SESSION_FACTS if name in self.facts and name not in facts}


def reference_wanted(task: Task, earlier: Earlier | None, facts: Facts) -> bool:
    """Say whether sslyze is to ask everything too: when ordered, or on a change since it last did."""
    if task.options.get("reference"):
        return True
    referred = earlier is not None and earlier.reference_at is not None
    return referred and task.fragility is Fragility.NORMAL and not (earlier and earlier.unchanged(facts))
