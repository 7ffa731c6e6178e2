"""What is due: compared with a walk over every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.schedule import Schedule, Work
from controls.slots import (
    MOST_MISSED,
    Due,
    clock_was_set_back,
    due,
    next_time,
    times_of,
    window_closes,
)

WIB = "Asia/Jakarta"
NIGHTLY = Schedule("malam", Work.AUDIT, "0 22 * * *", WIB, 360, 0)
START = datetime(2026, 11, 20, 3, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def night(day: int) -> datetime:
    return datetime(2026, 11, day, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (night(20) - timedelta(seconds=1), Due()),
        (night(20), Due(run=night(20))),
        (night(20) + 6 * HOUR - timedelta(seconds=1), Due(run=night(20))),
        (night(20) + 6 * HOUR, Due(missed=(night(20),))),
        (night(22) + HOUR, Due(run=night(22), missed=(night(20), night(21)))),
    ],
)
def test_the_newest_runs_while_its_window_is_open(now: datetime, expected: Due) -> None:
    assert due(NIGHTLY, WIB, START, None, now) == expected


def test_what_was_handled_is_not_due_again() -> None:
    assert due(NIGHTLY, WIB, START, night(20), night(20) + HOUR) == Due()
    assert due(NIGHTLY, WIB, START, night(20), night(21)) == Due(run=night(21))


def test_a_zone_moves_the_times() -> None:
    assert next_time(NIGHTLY, "Asia/Makassar", START) == night(20) - HOUR
    assert next_time(NIGHTLY, "Asia/Jayapura", START) == night(20) - 2 * HOUR
    assert times_of(NIGHTLY, WIB) != times_of(NIGHTLY, "Asia/Makassar")


def test_summer_time_neither_doubles_nor_loses_a_night() -> None:
    zone = "America/New_York"
    early = Schedule("x", Work.AUDIT, "30 1 * * *", zone, 60, 0)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    found = due(early, zone, begin, None, begin + 365 * DAY)
    local = [at.astimezone(ZoneInfo(zone)).date() for at in found.missed]
    assert len(set(local)) == len(local) == 365


@pytest.mark.parametrize(
    ("started", "closes"),
    [
        (night(20), night(20) + 6 * HOUR),
        (night(20) + 5 * HOUR, night(20) + 6 * HOUR),
        (night(20) + 7 * HOUR, night(20) + 13 * HOUR),
        (night(20) + 20 * HOUR, night(21)),
    ],
)
def test_a_window_closes_when_it_said_and_a_late_start_has_as_long(
    started: datetime, closes: datetime
) -> None:
    assert window_closes(NIGHTLY, WIB, night(20), started) == closes


def test_of_very_many_missed_only_so_many_are_listed() -> None:
    often = Schedule("x", Work.DIGEST, "*/5 * * * *", WIB, 5, 0)
    found = due(often, WIB, START, None, START + 5 * DAY + timedelta(minutes=2))
    assert (found.run is not None, len(found.missed), found.missed_before) == (
        True,
        MOST_MISSED,
        1439 - MOST_MISSED,
    )


def test_a_time_ahead_by_more_than_a_period_was_another_clocks() -> None:
    assert not clock_was_set_back(NIGHTLY, WIB, night(20), night(20))
    assert not clock_was_set_back(NIGHTLY, WIB, night(20), night(20) - HOUR)
    assert not clock_was_set_back(NIGHTLY, WIB, night(20), night(19))
    assert clock_was_set_back(NIGHTLY, WIB, night(20), night(19) - timedelta(seconds=1))


crons = st.sampled_from(["0 22 * * *", "*/15 * * * *", "30 6 * * mon", "0 5,17 * * *", "10 3 1 * *"])


@given(crons, st.integers(0, 3000), st.integers(0, 60 * 24 * 4), st.integers(1, 400), st.integers(0, 3000))
def test_it_is_what_a_walk_over_every_minute_says(
    cron: str, offset: int, length: int, window: int, catch_up: int
) -> None:
    minute = timedelta(minutes=1)
    schedule = Schedule("x", Work.AUDIT, cron, WIB, window, catch_up)
    since = START + offset * minute
    now = since + length * minute
    passed = [
        since + number * minute for number in range(1, length + 1) if matches(cron, since + number * minute)
    ]
    found = due(schedule, WIB, since, None, now)
    runs = bool(passed) and now < passed[-1] + max(window, catch_up) * minute
    expected = passed[:-1] if runs else passed
    assert found.run == (passed[-1] if runs else None)
    assert list(found.missed) == expected[-MOST_MISSED:]
    assert found.missed_before == max(0, len(expected) - MOST_MISSED)


def matches(cron: str, at: datetime) -> bool:
    """Say whether a minute is one of a cron expression, for the few that are tried here."""
    local = at + 7 * HOUR
    clock = (local.hour, local.minute)
    return {
        "0 22 * * *": clock == (22, 0),
        "*/15 * * * *": local.minute % 15 == 0,
        "30 6 * * mon": clock == (6, 30) and local.weekday() == 0,
        "0 5,17 * * *": clock in ((5, 0), (17, 0)),
        "10 3 1 * *": clock == (3, 10) and local.day == 1,
    }[cron]
