"""A worker process: measures one task at a time, and dies with its parent.

Run as `python -m scanners.worker`. A process of its own bounds what a hostile server can do: a crash, an
endless loop or a memory bomb costs one task, and killing its process group ends every packet at once.
"""

from __future__ import annotations

import os
import queue
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import BinaryIO

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits, Pace, Scanner
from scanners.conformance import nonconforming
from scanners.registry import VOCABULARY, load
from scanners.wire import decode_job, encode_observation

_MEMORY_BYTES = 2_000_000_000
_VOCABULARY = {spec.name: spec for spec in VOCABULARY}


def main() -> None:
    """Serve jobs from standard input until it is closed."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Results go to the real standard output; whatever a library prints goes to standard error.
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(sys.stdin.buffer, jobs), daemon=True).start()
    scanners: dict[str, Scanner] = {}
    while True:
        task, limits = decode_job(jobs.get())
        results.write(encode_observation(measure(task, limits, scanners)))
        results.flush()


def _read_jobs(source: BinaryIO, jobs: queue.SimpleQueue[bytes]) -> None:
    for line in source:
        jobs.put(line)
    # The parent is gone: nothing of ours, nmap included, may send another packet.
    os.killpg(os.getpgrp(), signal.SIGKILL)


def measure(task: Task, limits: Limits, scanners: dict[str, Scanner]) -> Observation:
    """Run the task's scanner; a fault of ours becomes a named failure, never a missing observation."""
    try:
        if task.scanner not in scanners:
            scanners[task.scanner] = load(task.scanner)
        observation = scanners[task.scanner].scan(task, limits, make_pace(limits.connections_per_second))
    except Exception as error:  # noqa: BLE001 - the outermost frame of a task
        traceback.print_exc()
        detail = f"{type(error).__name__}: {error}"[:300]
        return Observation(task.scanner, "", {}, {}, Failure(FailureKind.INTERNAL, detail))
    problems = nonconforming(observation.facts, _VOCABULARY)
    if problems:
        failure = Failure(FailureKind.INTERNAL, "; ".join(problems)[:300])
        return Observation(
            observation.tool, observation.tool_version, observation.settings, {}, failure, observation.raw
        )
    return observation


def make_pace(
    connections_per_second: float,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Pace:
    """Return a function that lets callers through no faster than the rate; it is safe between threads.

    The first call waits too, because the task before this one may have connected a moment ago. `clock` and
    `wait` count seconds.
    """
    interval = 1.0 / connections_per_second
    lock = threading.Lock()
    turn = [clock() + interval]

    def pace() -> None:
        with lock:
            now = clock()
            mine = max(now, turn[0])
            turn[0] = mine + interval
        wait(max(0.0, mine - now))

    return pace


if __name__ == "__main__":
    main()
