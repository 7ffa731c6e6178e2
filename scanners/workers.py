"""Start worker processes by way of one warm process, and end them with everything they started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from scanners.process import WorkerProcess

_KEPT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "TZ", "TMPDIR", "COVERAGE_PROCESS_START")
_END_SECONDS = 10.0
_MESSAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class _Server:
    """A running fork server, the socket to it, and the scanners that can measure groups."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    grouped: frozenset[str]

    def ask(self, message: bytes, descriptors: Iterable[int] = ()) -> bytes:
        """Return the answer to a message; raise OSError when there is none."""
        socket.send_fds(self.control, [message], list(descriptors))
        answer = self.control.recv(_MESSAGE_BYTES)
        if not answer:
            raise BrokenPipeError("the process that starts workers has ended")
        return answer

    def end(self) -> None:
        """End the server; before it ends it kills every worker that it still has."""
        self.control.close()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class WorkersUnavailable(OSError):
    """No worker process can be had on this machine."""


class Workers:
    """Starts workers as children of one server (`scanners.forkserver`), which is started when first needed.

    Nothing of it outlives the parent: server and workers end themselves when their pipes are closed.
    """

    patience_seconds = 60.0
    """How long the server may take to import every scanner, and then for each answer."""

    def __init__(self, grace_seconds: float = 15.0, module: str = "scanners.forkserver") -> None:
        self._grace_seconds = grace_seconds
        self._module = module
        self._running: _Server | None = None

    @property
    def grouped(self) -> frozenset[str]:
        """Return the names of the scanners that have `scan_group`."""
        return self._server().grouped

    def start(self) -> WorkerProcess:
        """Start a worker; raise OSError when the system allows no more processes."""
        ours, theirs = _pipes()
        try:
            answer = self._ask(b"start", theirs)
            if not answer.isdigit():
                raise WorkersUnavailable(
                    f"no worker process can be started: {answer.decode(errors='replace')}"
                )
        except OSError:
            _close(ours)
            raise
        finally:
            _close(theirs)
        return WorkerProcess(int(answer), *ours, self._grace_seconds)

    def end(self, worker: WorkerProcess) -> None:
        """Kill a worker and everything it started, and wait until it is gone."""
        worker.kill()
        worker.close()
        # Its process id stays taken until now, so that no signal can reach a stranger.
        self._ask(b"end %d" % worker.pid)

    def end_all(self, workers: Iterable[WorkerProcess]) -> None:
        """Kill these workers and the server, first of all everything that may send a packet."""
        listed = tuple(workers)
        for worker in listed:
            worker.kill()
        for worker in listed:
            worker.close()
        if self._running:
            self._running.end()
            self._running = None

    def _server(self) -> _Server:
        if self._running is None:
            self._running = _start_server(self._module, self.patience_seconds)
        return self._running

    def _ask(self, message: bytes, descriptors: Iterable[int] = ()) -> bytes:
        try:
            return self._server().ask(message, descriptors)
        except OSError:
            # Killed or stopped from outside: its workers go on, and a new server takes over.
            self._drop()
            return self._server().ask(message, descriptors)

    def _drop(self) -> None:
        if self._running:
            self._running.process.kill()
            self._running.end()
            self._running = None


def _start_server(module: str, patience_seconds: float) -> _Server:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(patience_seconds)
    with theirs:
        process = subprocess.Popen(
            # -P: the folder an audit is started from may hold anything, also a json.py.
            [sys.executable, "-P", "-m", module],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
    try:
        ready, *grouped = ours.recv(_MESSAGE_BYTES).decode().split() or [""]
        if ready != "ready":
            raise WorkersUnavailable("the process that starts workers does not start")
    except OSError:
        ours.close()
        process.kill()
        process.wait()
        raise
    return _Server(process, ours, frozenset(grouped))


def _pipes() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the parent's ends (write jobs, read results) and the worker's (read jobs, write results)."""
    read_jobs, write_jobs = os.pipe()
    try:
        read_results, write_results = os.pipe()
    except OSError:
        _close((read_jobs, write_jobs))
        raise
    return (write_jobs, read_results), (read_jobs, write_results)


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
