"""Watch processes by id, with an end to every wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_WAIT_SECONDS = 30.0
_POLL_SECONDS = 0.02


def eventually(condition: Callable[[], bool]) -> bool:
    """Return whether a condition comes true before patience ends."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits for its parent does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def children(pid: int) -> set[int]:
    """Return every process below this one."""
    below: set[int] = set()
    for listing in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            direct = {int(child) for child in listing.read_text(encoding="ascii").split()}
        except OSError:
            continue
        below |= direct.union(*(children(child) for child in direct))
    return below


def named(pids: set[int], program: str) -> set[int]:
    """Return those of these processes that run a program of this name."""
    found = set()
    for pid in pids:
        try:
            if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip() == program:
                found.add(pid)
        except OSError:
            continue
    return found


def parent_of(pid: int) -> int:
    """Return the parent of a process that runs."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    parent = int(stat.rpartition(")")[2].split()[1])
    assert parent > 1, "its parent is gone"
    return parent
