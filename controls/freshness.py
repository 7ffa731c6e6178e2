"""How fresh the measurements of an agency are, and who is shown first for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from auditor.model.wall import Freshness, WallOpd, WallServer

_WORST_FIRST = tuple(Freshness)


def is_recent(measured_at: datetime | None, now: datetime, stale_hours: int) -> bool:
    """Return whether a measurement is recent; one of a clock that stood ahead is."""
    return measured_at is not None and now - measured_at <= timedelta(hours=stale_hours)


def freshness(measured: Iterable[datetime | None], now: datetime, stale_hours: int) -> Freshness:
    """Return how fresh measurements are, one per server; None: that server never was measured.

    An agency without servers has nothing that was measured.
    """
    times = tuple(measured)
    recent = sum(is_recent(one, now, stale_hours) for one in times)
    if times and recent == len(times):
        return Freshness.FRESH
    if recent:
        return Freshness.PARTLY
    return Freshness.STALE if any(one is not None for one in times) else Freshness.NEVER


def behind(servers: Iterable[WallServer], now: datetime, stale_hours: int) -> tuple[WallServer, ...]:
    """Return the servers without a recent measurement: those never measured first, then the oldest."""
    old = [one for one in servers if not is_recent(one.measured_at, now, stale_hours)]
    return tuple(sorted(old, key=lambda one: (one.measured_at is not None, one.measured_at or now, one.id)))


def stale_first(opds: Iterable[WallOpd]) -> tuple[WallOpd, ...]:
    """Order agencies by how stale they are, and by name: never by what was found at them."""
    return tuple(
        sorted(opds, key=lambda one: (_WORST_FIRST.index(one.freshness), one.name.casefold(), one.id))
    )
