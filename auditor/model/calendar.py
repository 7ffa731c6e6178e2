"""Which days count, and where they begin: calendars of agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from auditor.model.check import Severity


class Counting(StrEnum):
    """How the days of a deadline are counted."""

    EVERY_DAY = "every_day"
    """Every day counts, and the last one may be a day off."""
    UNTIL_WORKDAY = "until_workday"
    """Every day counts; where the last one is a day off, the next working day is the last."""
    WORKDAYS = "workdays"
    """Only working days count."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the policy says of days off. `weekend` holds numbers as date.weekday() gives them, Monday 0."""

    country: str = ""
    """ISO 3166 code of the country whose public holidays are days off; empty: none."""
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Days off beside those of the country, with their names."""
    workdays: tuple[date, ...] = ()
    """Days that are worked although the country's list calls them holidays."""
    counting: Mapping[Severity, Counting] = field(
        default_factory=lambda: dict.fromkeys(Severity, Counting.EVERY_DAY)
    )
