"""Talk to one worker process: order tasks from it, wait for its answer, kill it with what it started."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.wire import WireError, decode_observations, encode_job

_MAXIMUM_LINE_BYTES = 64_000_000


class WorkerProcess:
    """One worker; it serves one job at a time, of one task or of several that are measured together.

    A job may overrun its time by `grace_seconds`, in which its scanner ends by itself, before it is lost.
    `jobs` and `results` are the parent's ends of two pipes, and are closed with the worker.
    """

    def __init__(self, pid: int, jobs: int, results: int, grace_seconds: float = 15.0) -> None:
        self.pid = pid
        """The worker's process id, which is that of its process group too."""
        self._jobs, self._results = jobs, results
        os.set_blocking(jobs, False)
        os.set_blocking(results, False)
        self._grace_seconds = grace_seconds
        self._unsent = b""
        self._received = bytearray()
        self.tasks: tuple[Task, ...] = ()
        self.lost = False
        """Whether the last answer is not the worker's own, because there was none to be had from it."""
        self.started_at = datetime.now(UTC)
        self._started = self._deadline = 0.0

    def fileno(self) -> int:
        """Return the descriptor to wait on for this worker's answer."""
        return self._results

    def order(self, tasks: Sequence[Task], limits: Limits, secret: bytes = b"") -> None:
        """Give the worker tasks to measure together, and what to log in with; its answer comes later."""
        self.tasks, self.lost = tuple(tasks), False
        self.started_at, self._started = datetime.now(UTC), monotonic()
        self._deadline = self._started + limits.timeout_seconds + self._grace_seconds
        self._received.clear()
        self._unsent = encode_job(tasks, limits, secret)
        self._send()

    @property
    def seconds(self) -> float:
        """Return how long the present job has been running."""
        return monotonic() - self._started

    def receive(self) -> tuple[Observation, ...] | None:
        """Return the answers in the order of the tasks when there are any to come, else None.

        A worker that gives none is lost, and its answer a named failure for every task.
        """
        self._send()
        try:
            chunk = os.read(self._results, 1 << 20)
        except BlockingIOError:
            overdue = monotonic() >= self._deadline
            return self._lose(FailureKind.TIMEOUT, "the time for this task ran out") if overdue else None
        if not chunk:
            return self._lose(FailureKind.INTERNAL, "the measuring process ended without an answer")
        self._received += chunk
        if chunk.endswith(b"\n"):
            return self._answer()
        if len(self._received) > _MAXIMUM_LINE_BYTES:
            return self._lose(FailureKind.INTERNAL, "the answer of the measuring process is too large")
        return None

    @property
    def usable(self) -> bool:
        """Return whether another job can be ordered: the last was answered, and nothing came after."""
        if self.lost:
            return False
        try:
            os.read(self._results, 1)
        except BlockingIOError:
            return not self._unsent and self._received.endswith(b"\n")
        self.lost = True
        return False

    def kill(self) -> None:
        """Kill the worker and everything it started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close the pipes; a worker that still runs then ends itself and everything it started."""
        os.close(self._jobs)
        os.close(self._results)

    def _send(self) -> None:
        """Write what the pipe takes of the order: a worker that does not read must not stop the parent."""
        if not self._unsent:
            return
        try:
            self._unsent = self._unsent[os.write(self._jobs, self._unsent) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._unsent, self._deadline = b"", 0.0

    def _answer(self) -> tuple[Observation, ...]:
        try:
            return decode_observations(bytes(self._received), len(self.tasks))
        except WireError as error:
            return self._lose(FailureKind.INTERNAL, str(error)[:300])

    def _lose(self, kind: FailureKind, detail: str) -> tuple[Observation, ...]:
        self.lost = True
        return tuple(Observation("auditor", "", {}, {}, Failure(kind, detail)) for _ in self.tasks)
