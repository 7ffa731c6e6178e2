"""Which times of a schedule are due, which were missed, when its window closes. Pure; instants are UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim

from auditor.model.schedule import Schedule

MOST_MISSED = 400
"""So many missed times are told one by one."""
MOST_COUNTED = 10_000
"""So many more are counted."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done about a schedule now."""

    run: datetime | None = None
    """The one time that shall run now."""
    missed: tuple[datetime, ...] = ()
    """Times that will never run, oldest first."""
    missed_before: int = 0
    """How many more were missed before those; MOST_COUNTED means at least so many."""


def times_of(schedule: Schedule, zone: str) -> str:
    """Return the text that changes whenever the times of a schedule do."""
    return f"{schedule.cron} {zone}"


def due(schedule: Schedule, zone: str, since: datetime, handled: datetime | None, now: datetime) -> Due:
    """Return what is due of the times after `since` and after the newest that was handled.

    Of all that passed, only the newest can still run: while its window is open, or as late as may be.
    """
    start = max(since, handled) if handled else since
    passed = _passed(schedule, zone, start, now)
    newest_first = list(islice(passed, MOST_MISSED + 1))
    more = sum(1 for _ in islice(passed, MOST_COUNTED))
    runs = bool(newest_first) and now < latest_start(schedule, newest_first[0])
    missed = newest_first[1:] if runs else newest_first[:MOST_MISSED]
    left = len(newest_first) - len(missed) - runs
    return Due(newest_first[0] if runs else None, tuple(reversed(missed)), more + left)


def latest_start(schedule: Schedule, at: datetime) -> datetime:
    """Return the instant from which on a time may not begin any more."""
    return at + timedelta(minutes=max(schedule.window_minutes, schedule.catch_up_minutes))


def window_closes(schedule: Schedule, zone: str, at: datetime, started: datetime) -> datetime:
    """Return when what began for a time has to end: with its window, and never after the next time.

    What began after its window had closed has as long as a window is.
    """
    length = timedelta(minutes=schedule.window_minutes)
    closes = at + length if started < at + length else started + length
    following = next_time(schedule, zone, at)
    return min(closes, following) if following else closes


def next_time(schedule: Schedule, zone: str, after: datetime) -> datetime | None:
    """Return the first time of a schedule after an instant; None when there is none in fifty years."""
    found = next(CronSim(schedule.cron, after.astimezone(ZoneInfo(zone))), None)
    return found.astimezone(UTC) if found else None


def clock_was_set_back(schedule: Schedule, zone: str, handled: datetime, now: datetime) -> bool:
    """Return whether a handled time lies more than one period ahead, so that another clock handled it."""
    if handled <= now:
        return False
    before = next(_backwards(schedule, zone, handled), None)
    return before is None or before > now


def _passed(schedule: Schedule, zone: str, start: datetime, now: datetime) -> Iterator[datetime]:
    """Yield the times after `start` until now, newest first."""
    for at in _backwards(schedule, zone, now.replace(microsecond=0) + timedelta(seconds=1)):
        if at <= start:
            return
        yield at


def _backwards(schedule: Schedule, zone: str, before: datetime) -> Iterator[datetime]:
    """Yield the times before a whole second, newest first."""
    for at in CronSim(schedule.cron, before.astimezone(ZoneInfo(zone)), reverse=True):
        yield at.astimezone(UTC)
