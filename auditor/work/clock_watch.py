"""Notice when the clock on the wall was moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

_TOLERATED = timedelta(seconds=60)


def seconds_since_boot() -> float:
    """Return how long the machine has been up, sleep included; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ClockWatch:
    """Compares a clock that can be set with one that cannot."""

    def __init__(self, steady: Callable[[], float] = seconds_since_boot):
        self._steady = steady
        self._last: tuple[datetime, float] | None = None

    def jump(self, now: datetime) -> timedelta:
        """Return by how much the clock was moved since this was last asked; nothing for what is little."""
        steady = self._steady()
        last, self._last = self._last, (now, steady)
        if last is None:
            return timedelta(0)
        moved = now - last[0] - timedelta(seconds=steady - last[1])
        return moved if abs(moved) > _TOLERATED else timedelta(0)
