"""When agencies must not be measured. Pure; every instant is wall-clock time in the agency's own zone.

A blackout begins on each of its days at `begins` and lasts until `ends`, on the day after where that is not
later in the day. Times may carry a zone or none; they are compared as the clock on the wall shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from auditor.model.schedule import Blackout

_DAY = timedelta(days=1)
FOR_EVER = 366
"""Blackouts that follow each other without a break are followed for so many steps."""


def concerns(blackout: Blackout, opd: str, server: str) -> bool:
    """Return whether a blackout holds for a server of an agency."""
    return (not blackout.opds or opd in blackout.opds) and (
        not blackout.servers or server in blackout.servers
    )


def blackout_at(blackouts: Iterable[Blackout], opd: str, server: str, local: datetime) -> Blackout | None:
    """Return the blackout that forbids measuring a server at a local time: of several, the last to end."""
    wall = local.replace(tzinfo=None)
    holding = [
        (ends, blackout)
        for blackout in blackouts
        if concerns(blackout, opd, server) and (ends := _held_until(blackout, wall)) is not None
    ]
    return max(holding, key=lambda one: one[0])[1] if holding else None


def free_again(blackouts: Iterable[Blackout], opd: str, server: str, local: datetime) -> datetime:
    """Return the first local time from `local` on at which a server may be measured; datetime.max: never.

    The zone is that of `local`, if it has one.
    """
    mine = [one for one in blackouts if concerns(one, opd, server)]
    wall = local.replace(tzinfo=None)
    for _ in range(FOR_EVER):
        held = [ends for one in mine if (ends := _held_until(one, wall)) is not None]
        if not held:
            return wall.replace(tzinfo=local.tzinfo)
        wall = max(held)
    return datetime.max.replace(tzinfo=local.tzinfo)


def next_beginning(
    blackouts: Iterable[Blackout], opd: str, server: str, local: datetime, until: datetime
) -> datetime | None:
    """Return the first local time after `local` and not after `until` at which a blackout of it begins."""
    wall, last = local.replace(tzinfo=None), until.replace(tzinfo=None)
    begins = [
        begin
        for blackout in blackouts
        if concerns(blackout, opd, server)
        for begin, _ in occurrences(blackout, wall.date(), last.date())
        if wall < begin <= last
    ]
    return min(begins).replace(tzinfo=local.tzinfo) if begins else None


def occurrences(blackout: Blackout, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield begin and end of every time a blackout holds that begins on one of these days, first to last."""
    day = max(first, blackout.first or first)
    while day <= min(last, blackout.last or last):
        if not blackout.weekdays or day.weekday() in blackout.weekdays:
            begins = datetime.combine(day, blackout.begins)
            ends = datetime.combine(day, blackout.ends)
            yield begins, ends if ends > begins else ends + _DAY
        day += _DAY


def _held_until(blackout: Blackout, wall: datetime) -> datetime | None:
    """Return until when a blackout holds that holds now, else None."""
    today = wall.date()
    held = [ends for begins, ends in occurrences(blackout, today - _DAY, today) if begins <= wall < ends]
    return max(held, default=None)
