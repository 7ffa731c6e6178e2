"""A fork server whose one scanner does what its tasks say, alone or in groups: for tests of the runner alone.

Run as `python -P -m tests.scanners.scripted` in the place of `scanners.forkserver`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from auditor.model.evidence import Observation
from auditor.model.facts import FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace, Scanner
from scanners.forkserver import main
from scanners.process import WorkerProcess
from scanners.workers import Workers
from tests.scanners.processes import parent_of

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = ("together", "less")
"""Names of scripted scanners that measure groups; the others, `single`, do not."""


class Single:
    """Answers with the process it ran in, or does what the name of its server says."""

    facts: tuple[FactSpec, ...] = ()

    def __init__(self, name: str) -> None:
        self.name = name

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one task."""
        return self._answers((task,))[0]

    def _answers(self, tasks: Sequence[Task]) -> tuple[Observation, ...]:
        for task in tasks:
            if task.server == "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            if task.server == "hangs":
                signal.pause()
            if task.server == "raises":
                raise ValueError("no such thing")
        together: list[str] = [task.address for task in tasks]
        return tuple(
            Observation(task.address, "", {"together": together, "pid": os.getpid()}) for task in tasks
        )


class Together(Single):
    """Measures groups too; `less` forgets one of them."""

    def scan_group(self, tasks: Sequence[Task], limits: Limits, pace: Pace) -> tuple[Observation, ...]:
        """Measure tasks together."""
        return self._answers(tasks[1:] if self.name == "less" else tasks)


def load(name: str) -> Scanner:
    """Return a scripted scanner."""
    return Together(name) if name in TOGETHER else Single(name)


class ScriptedWorkers(Workers):
    """Workers with scripted scanners; it remembers what it started."""

    def __init__(self, grace_seconds: float = 15.0) -> None:
        super().__init__(grace_seconds, "tests.scanners.scripted")
        self.started: list[WorkerProcess] = []
        self.servers: list[int] = []
        """For each worker the process that started it."""

    def start(self) -> WorkerProcess:
        """Start a worker and keep it in mind."""
        worker = super().start()
        self.started.append(worker)
        self.servers.append(parent_of(worker.pid))
        return worker


if __name__ == "__main__":
    main(("single", *TOGETHER), load)
