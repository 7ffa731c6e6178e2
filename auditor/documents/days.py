"""How a file names days off, days of the week and times of the day."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from auditor.documents.shape import Shape
from auditor.documents.words import Day, Line
from auditor.model.plain_text import show

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_IN_INDONESIAN = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


def check_weekday(written: object) -> object:
    """Return what was written, or raise ValueError where it is a day's name in Indonesian."""
    if isinstance(written, str) and written.lower() in _IN_INDONESIAN:
        raise ValueError(f"{show(written)} is written {WEEKDAYS[_IN_INDONESIAN.index(written.lower())]} here")
    return written


Weekday = Annotated[
    Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    BeforeValidator(check_weekday),
]


class HolidayShape(Shape):
    """One day off, and what it is called."""

    date: Day = Field(description="The day.", examples=["2026-12-24"])
    name: Line = Field(description="What it is called.", examples=["Cuti bersama"])


def parse_hours(written: object) -> tuple[time, time]:
    """Return begin and end of "07:30-10:00", or raise ValueError saying what to write; 24:00 is midnight."""
    if not isinstance(written, str):
        raise ValueError('hours are a text in quotes; write such as "07:30-10:00"')
    found = re.fullmatch(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})", written)
    if not found:
        raise ValueError(f'{show(written)} are no hours; write such as "07:30-10:00"')
    first, second = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    begins, ends = (_time(*one) for one in (first, (0, 0) if second == (24, 0) else second))
    if begins is None or ends is None:
        raise ValueError(f'{show(written)} holds no time of the day; write such as "07:30-10:00"')
    if first == second:
        raise ValueError(f'{show(written)} has no length; for the whole day write "00:00-24:00"')
    return begins, ends


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None


Hours = Annotated[
    tuple[time, time],
    PlainValidator(parse_hours),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"}),
]
