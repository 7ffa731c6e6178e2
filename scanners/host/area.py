"""What one area of the inside of a server is made of: facts, how each is read, and what needs root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditor.model.facts import JSON, FactSpec
from scanners.host.report import Report

Reader = Callable[[Report], JSON]
"""Read one fact from what the host printed; raise Unread where it does not tell, ValueError for nonsense."""


@dataclass(frozen=True, slots=True)
class Area:
    """One folder below `scanners/host/`: its `collect.sh` prints sections, readers make facts of them."""

    name: str
    facts: tuple[FactSpec, ...]
    readers: Mapping[str, Reader]
    """Name of each fact → its reader. Every fact has one."""
    privileged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key → program and arguments that are run as root; the whole of what sudo is asked for."""

    def __post_init__(self) -> None:
        """Raise ValueError for a fact without reader, or a reader without fact."""
        named = {spec.name for spec in self.facts}
        if named != set(self.readers):
            wrong = ", ".join(sorted(named ^ set(self.readers)))
            raise ValueError(f"{self.name}: facts and readers differ: {wrong}")
