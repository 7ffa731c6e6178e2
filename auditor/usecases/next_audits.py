"""When a schedule measures each agency again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from auditor.model.inventory import Inventory
from auditor.model.policy import Policy
from auditor.model.schedule import Schedule, Work
from controls.blackouts import free_again
from controls.slots import next_time, window_closes

_MOST_TRIED = 400
"""Times of one schedule that may fall into blackouts one after the other."""


def next_audits(policy: Policy, inventory: Inventory, after: datetime) -> Mapping[str, datetime]:
    """Return OPD id → the first instant after another at which a schedule begins to measure it, UTC.

    An OPD that no schedule measures, or only while it must not be measured, is absent.
    """
    audits = [one for one in policy.schedules if one.work is Work.AUDIT]
    found = {
        opd.id: [
            at
            for schedule in audits
            if not schedule.opds or opd.id in schedule.opds
            if (at := _first(schedule, policy, inventory, opd.id, after)) is not None
        ]
        for opd in inventory.opds
    }
    return {opd: min(times) for opd, times in found.items() if times}


def _first(
    schedule: Schedule, policy: Policy, inventory: Inventory, opd: str, after: datetime
) -> datetime | None:
    """Return the beginning of the first window in which the agency may be measured, once it may."""
    zone = schedule.timezone or inventory.organization.timezone
    here = ZoneInfo(inventory.timezone_of(opd))
    for at in islice(_times(schedule, zone, after), _MOST_TRIED):
        free = free_again(policy.blackouts, opd, "", at.astimezone(here))
        if free < window_closes(schedule, zone, at, at).astimezone(here):
            return free.astimezone(UTC)
    return None


def _times(schedule: Schedule, zone: str, after: datetime) -> Iterator[datetime]:
    at = next_time(schedule, zone, after)
    while at is not None:
        yield at
        at = next_time(schedule, zone, at)
