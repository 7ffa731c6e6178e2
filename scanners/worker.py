"""A worker process: measures one job at a time, and dies with its parent.

A process of its own bounds what a hostile server can do: a crash, an endless loop or a memory bomb costs one
task, and killing its process group ends every packet at once.
"""

from __future__ import annotations

import os
import queue
import resource
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import BinaryIO

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import AuthenticatedScanner, GroupScanner, Limits, Pace, Scanner
from scanners.conformance import nonconforming
from scanners.registry import VOCABULARY, load
from scanners.wire import decode_job, encode_observations

_MEMORY_BYTES = 2_000_000_000
_PACE_MARGIN_SECONDS = 0.1
"""How long after its turn a connection may leave, on a busy machine, without two seconds' budgets meeting."""
_VOCABULARY = {spec.name: spec for spec in VOCABULARY}

Load = Callable[[str], Scanner]


def bound_memory() -> None:
    """Bound what this process may take, and let it leave no core file, which could hold evidence."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(jobs: int, results: int, load: Load = load) -> None:
    """Serve jobs from one descriptor until it is closed; write the answers to the other."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(os.fdopen(jobs, "rb"), lines), daemon=True).start()
    scanners: dict[str, Scanner] = {}
    with os.fdopen(results, "wb") as answers:
        while True:
            tasks, limits, secret = decode_job(lines.get())
            answers.write(encode_observations(measure_all(tasks, limits, scanners, load, secret)))
            answers.flush()


def _read_jobs(source: BinaryIO, lines: queue.SimpleQueue[bytes]) -> None:
    for line in source:
        lines.put(line)
    # The parent is gone: nothing of ours, nmap included, may send another packet.
    os.killpg(os.getpgrp(), signal.SIGKILL)


def measure(task: Task, limits: Limits, scanners: dict[str, Scanner], load: Load = load) -> Observation:
    """Run the task's scanner; a fault of ours becomes a named failure, never a missing observation."""
    return measure_all((task,), limits, scanners, load)[0]


def measure_all(
    tasks: Sequence[Task],
    limits: Limits,
    scanners: dict[str, Scanner],
    load: Load = load,
    secret: bytes = b"",
) -> tuple[Observation, ...]:
    """Run the scanner of tasks that are measured together; return an observation for each, in their order."""
    name = tasks[0].scanner
    try:
        if name not in scanners:
            scanners[name] = load(name)
        observations = _scan(scanners[name], tasks, limits, secret)
    except Exception as error:
        traceback.print_exc()
        if len(tasks) > 1:
            # This ends the process, and the runner measures each of them alone.
            raise
        detail = f"{type(error).__name__}: {error}"[:300]
        return tuple(Observation(name, "", {}, {}, Failure(FailureKind.INTERNAL, detail)) for _ in tasks)
    return tuple(_conforming(observation) for observation in observations)


def _scan(scanner: Scanner, tasks: Sequence[Task], limits: Limits, secret: bytes) -> tuple[Observation, ...]:
    pace = make_pace(limits.connections_per_second)
    if secret and isinstance(scanner, AuthenticatedScanner):
        return tuple(scanner.scan_as(task, limits, pace, secret) for task in tasks)
    if len(tasks) > 1 and isinstance(scanner, GroupScanner):
        observations = scanner.scan_group(tasks, limits, pace)
    else:
        observations = tuple(scanner.scan(task, limits, pace) for task in tasks)
    if len(observations) != len(tasks):
        raise ValueError(f"{len(observations)} observations of {len(tasks)} tasks")
    return observations


def _conforming(observation: Observation) -> Observation:
    problems = nonconforming(observation.facts, _VOCABULARY)
    if not problems:
        return observation
    failure = Failure(FailureKind.INTERNAL, "; ".join(problems)[:300])
    return Observation(
        observation.tool, observation.tool_version, observation.settings, {}, failure, observation.raw
    )


def make_pace(
    connections_per_second: float,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Pace:
    """Return a function that lets callers through so that no second holds more than the rate.

    Below one connection per second, no span of 1/rate seconds holds more than one. It is safe between
    threads. The first call waits too, because the task before this one may have connected a moment ago.
    `clock` and `wait` count seconds.
    """
    in_a_span = max(1, int(connections_per_second))
    interval = (max(1.0, 1.0 / connections_per_second) + _PACE_MARGIN_SECONDS) / in_a_span
    lock = threading.Lock()
    turn = clock() + interval

    def pace() -> None:
        nonlocal turn
        with lock:
            while (left := turn - clock()) > 0:
                wait(left)
            # Counted from now and not from its turn: who woke late must not be followed early.
            turn = clock() + interval

    return pace
