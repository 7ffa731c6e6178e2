"""The seam between the runner and every scanner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from auditor.model.evidence import Observation
from auditor.model.facts import FactSpec
from auditor.model.plan import Task

Pace = Callable[[], None]
"""Called before every new connection; returns when the budget allows it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take. Rates are already this task's share of the host's budget."""

    connections_per_second: float
    parallel_connections: int
    packets_per_second: int
    timeout_seconds: float
    """Wall clock for the whole task."""
    connect_timeout_seconds: float = 5.0
    response_bytes: int = 1_000_000


class Scanner(Protocol):
    """One folder under `scanners/`, one line in `registry.py`."""

    name: str
    facts: tuple[FactSpec, ...]

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one task. Return facts or a named failure; raise only on our own bugs."""
        ...


@runtime_checkable
class GroupScanner(Scanner, Protocol):
    """A scanner that can also measure several addresses in one go."""

    def scan_group(self, tasks: Sequence[Task], limits: Limits, pace: Pace) -> tuple[Observation, ...]:
        """Measure tasks that differ in server, OPD, authorization and address alone; answer in their order.

        The limits are those of each address, except that the wall clock is that of the whole group. `pace`
        is the budget of one address.
        """
        ...


@runtime_checkable
class AuthenticatedScanner(Scanner, Protocol):
    """A scanner that can log in."""

    def scan_as(self, task: Task, limits: Limits, pace: Pace, secret: bytes) -> Observation:
        """Measure one task with a secret, which stands in no task, no observation and no message."""
        ...
