"""Start a worker process, order tasks from it, and end it with everything it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from time import monotonic

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.wire import WireError, decode_observation, encode_job

_KEPT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "TZ", "TMPDIR", "COVERAGE_PROCESS_START")
_MAXIMUM_LINE_BYTES = 64_000_000


class WorkerProcess:
    """One worker; it serves one task at a time.

    A task may overrun its time by `grace_seconds`, in which its scanner ends by itself, before it is killed.
    """

    def __init__(self, grace_seconds: float = 15.0) -> None:
        self._grace_seconds = grace_seconds
        self._process = subprocess.Popen(
            # -P: the folder an audit is started from may hold anything, also a json.py.
            [sys.executable, "-P", "-m", "scanners.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        os.set_blocking(self._stdout.fileno(), False)
        self._received = bytearray()
        self.task: Task | None = None
        self.started_at = datetime.now(UTC)
        self._started = 0.0
        self._deadline = 0.0

    @property
    def pid(self) -> int:
        """Return the worker's process id, which is that of its process group too."""
        return self._process.pid

    def fileno(self) -> int:
        """Return the descriptor to wait on for this worker's answer."""
        return self._stdout.fileno()

    def order(self, task: Task, limits: Limits) -> None:
        """Give the worker a task; its answer comes later."""
        self.task = task
        self.started_at, self._started = datetime.now(UTC), monotonic()
        self._deadline = self._started + limits.timeout_seconds + self._grace_seconds
        self._received.clear()
        try:
            self._stdin.write(encode_job(task, limits))
            self._stdin.flush()
        except BrokenPipeError:
            self._deadline = 0.0

    @property
    def seconds(self) -> float:
        """Return how long the present task has been running."""
        return monotonic() - self._started

    def receive(self) -> Observation | None:
        """Return the answer when it is whole, a named failure when there will be none, else None."""
        try:
            chunk = os.read(self.fileno(), 1 << 20)
        except BlockingIOError:
            return self._overdue()
        if not chunk:
            return _failure(FailureKind.INTERNAL, "the measuring process ended without an answer")
        self._received += chunk
        if self._received.endswith(b"\n"):
            return _decoded(bytes(self._received))
        if len(self._received) > _MAXIMUM_LINE_BYTES:
            return _failure(FailureKind.INTERNAL, "the answer of the measuring process is too large")
        return None

    def _overdue(self) -> Observation | None:
        if monotonic() < self._deadline:
            return None
        return _failure(FailureKind.TIMEOUT, "the time for this task ran out")

    @property
    def usable(self) -> bool:
        """Return whether another task can be ordered."""
        return self._process.poll() is None and self._received.endswith(b"\n")

    def end(self) -> None:
        """Kill the worker and everything it started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        self._stdout.close()


def _decoded(line: bytes) -> Observation:
    try:
        return decode_observation(line)
    except WireError as error:
        return _failure(FailureKind.INTERNAL, str(error)[:300])


def _failure(kind: FailureKind, detail: str) -> Observation:
    return Observation("auditor", "", {}, {}, Failure(kind, detail))
