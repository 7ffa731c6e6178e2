"""What a run costs, and tables of it."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.5
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took, its child processes included."""

    wall_seconds: float
    cpu_seconds: float

    def scaled(self, factor: float) -> Cost:
        """Return what so many times as much would have taken."""
        return Cost(self.wall_seconds * factor, self.cpu_seconds * factor)


@dataclass(frozen=True, slots=True)
class Memory:
    """Highest memory in MB, each by itself: of the first process, and summed over all that it started.

    What forked processes share counts for each of them in `resident`, and once in `proportional`.
    """

    parent: float
    workers_resident: float
    workers_proportional: float


def cost_of(work: Callable[[], object]) -> Cost:
    """Run it and return its cost, by what its children used."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - started, cpu)


def run_watched(command: Sequence[str]) -> tuple[int, Cost, Memory]:
    """Run a command and return its exit code, its cost and the highest memory, sampled twice a second."""
    highest = [0.0, 0.0, 0.0]
    ended = threading.Event()
    codes = []

    def run() -> None:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            watcher = threading.Thread(target=_watch, args=(process.pid, highest, ended))
            watcher.start()
            codes.append(process.wait())
            ended.set()
            watcher.join()

    cost = cost_of(run)
    return codes[0], cost, Memory(*highest)


def print_ratios(peers: Cost, ours: Cost) -> None:
    """Print both costs and ours over theirs."""
    print(f"{'':34}{'wall s':>9}{'CPU s':>9}")
    for label, cost in (("nmap -sV, sslyze, ssh-audit, curl", peers), ("auditor audit (whole)", ours)):
        print(f"{label:34}{cost.wall_seconds:9.1f}{cost.cpu_seconds:9.1f}")
    wall, cpu = ours.wall_seconds / peers.wall_seconds, ours.cpu_seconds / peers.cpu_seconds
    print(f"{'ratio ours / peers':34}{wall:9.3f}{cpu:9.3f}")


def _watch(pid: int, highest: list[float], ended: threading.Event) -> None:
    while not ended.wait(_SAMPLE_SECONDS):
        parents = _parents()
        below = _below(pid, parents)
        highest[0] = max(highest[0], _resident(pid))
        highest[1] = max(highest[1], sum(_resident(one) for one in below))
        highest[2] = max(highest[2], sum(_proportional(one) for one in below))


def _parents() -> dict[int, int]:
    """Return every process with its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    return found


def _below(pid: int, parents: dict[int, int]) -> set[int]:
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found - {pid}


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES / _MEGABYTE
    except OSError:
        return 0.0


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
