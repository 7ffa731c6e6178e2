"""On which day something is due, by the policy's days off and the days of the agency that owns it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from auditor.model.calendar import Calendar, Counting
from auditor.model.check import Severity
from auditor.model.inventory import Inventory
from auditor.model.policy import Policy

_DAY = timedelta(days=1)
_NONE: Mapping[date, str] = MappingProxyType({})


def opd_day(instant: datetime, inventory: Inventory, opd: str) -> date:
    """Return the calendar day of an instant where an OPD is; "" or an unknown id is the organisation."""
    return instant.astimezone(ZoneInfo(inventory.timezone_of(opd))).date()


def deadline(
    first_seen: datetime, severity: Severity, policy: Policy, inventory: Inventory, opd: str
) -> date:
    """Return the last day, as the OPD counts days, on which a finding first seen at an instant is in time."""
    first = opd_day(first_seen, inventory, opd)
    off = partial(is_day_off, calendar=policy.calendar, own=own_days_off(inventory, opd))
    return due_day(first, policy.deadline_days[severity], policy.calendar.counting[severity], off)


def due_day(first: date, days: int, counting: Counting, is_off: Callable[[date], bool]) -> date:
    """Return the day that lies so many days after the first; a day off is the last one only under EVERY_DAY.

    No days means the first day itself, or the next working day.
    """
    if counting is Counting.EVERY_DAY:
        return first + timedelta(days=days)
    if counting is Counting.UNTIL_WORKDAY:
        return _working(first + timedelta(days=days), is_off)
    day = first if days else _working(first, is_off)
    for _ in range(days):
        day = _working(day + _DAY, is_off)
    return day


def _working(day: date, is_off: Callable[[date], bool]) -> date:
    """Return the day itself or the next one that is worked."""
    while is_off(day):
        day += _DAY
    return day


def is_day_off(day: date, calendar: Calendar, own: Mapping[date, str] = _NONE) -> bool:
    """Return whether nobody works on a day. `own` are an agency's days off, which nothing overrides.

    A day that the policy says is worked is worked, on a weekend too.
    """
    if day in own:
        return True
    if day in calendar.workdays:
        return False
    return (
        day.weekday() in calendar.weekend
        or day in calendar.holidays
        or day in _public_holidays(calendar.country, day.year)
    )


def own_days_off(inventory: Inventory, opd: str) -> Mapping[date, str]:
    """Return the days off of one OPD alone, with their names."""
    return next((one.holidays for one in inventory.opds if one.id == opd), _NONE)


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()


def ends_at(due: date, inventory: Inventory, opd: str) -> datetime:
    """Return the first instant (UTC) at which a day has passed where an OPD is."""
    zone = ZoneInfo(inventory.timezone_of(opd))
    after = due + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)


def is_overdue(due: date, now: datetime, inventory: Inventory, opd: str) -> bool:
    """Return whether a due day has passed where an OPD is; it lasts until that day's midnight."""
    return opd_day(now, inventory, opd) > due


def days_left(due: date, now: datetime, inventory: Inventory, opd: str) -> int:
    """Return the days until a due day where an OPD is: 0 on that day, negative once it has passed."""
    return (due - opd_day(now, inventory, opd)).days
