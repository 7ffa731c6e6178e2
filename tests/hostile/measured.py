"""A fork server with the real scanners, each of which also tells how much memory its task took at most.

Run as `python -P -m tests.hostile.measured` in the place of `scanners.forkserver`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from auditor.model.evidence import Observation
from auditor.model.plan import Task
from scanners import registry
from scanners.base import Limits, Pace, Scanner
from scanners.forkserver import main
from scanners.udp.questions import questions
from scanners.udp.scanner import UdpScanner

PEAK = "peak_kilobytes"
"""The setting in which the memory is told."""


class Measured:
    """A scanner that tells how much memory it took."""

    def __init__(self, name: str, make: Callable[[Task], Scanner]) -> None:
        self.name = name
        self.facts = make(Task(name, "", "", "127.0.0.1")).facts
        self._make = make

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one task."""
        # Linux: what was used at most is counted anew from here.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        observation = self._make(task).scan(task, limits, pace)
        return replace(observation, settings={**observation.settings, PEAK: _peak_kilobytes()})


def _peak_kilobytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def _udp(task: Task) -> Scanner:
    """Return the UDP scanner with every question at the port of the task."""
    asked = questions(task.address, frozenset(), {})
    return UdpScanner({question.name: task.port for question in asked})


def load(name: str) -> Scanner:
    """Return the scanner of this name."""
    return Measured(name, _udp if name == "udp" else lambda _task: registry.load(name))


if __name__ == "__main__":
    main(registry.NAMES, load)
