"""When agencies must not be measured: compared, minute by minute, with what the words say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.schedule import Blackout
from controls.blackouts import blackout_at, free_again, next_beginning

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MONDAY = datetime(2026, 12, 28, tzinfo=UTC)
PAYDAY = Blackout(
    "Gaji", ("bkad",), (), date(2026, 12, 28), date(2026, 12, 30), begins=time(7, 30), ends=time(16)
)
NIGHTS = Blackout("Cadangan", weekdays=frozenset({4}), begins=time(22), ends=time(5))


def held(local: datetime, *blackouts: Blackout, opd: str = "bkad", server: str = "bkad-01") -> str:
    found = blackout_at(blackouts, opd, server, local)
    return found.reason if found else ""


def test_it_holds_on_its_days_and_between_its_hours() -> None:
    assert held(MONDAY.replace(hour=7, minute=29), PAYDAY) == ""
    assert held(MONDAY.replace(hour=7, minute=30), PAYDAY) == "Gaji"
    assert held(MONDAY.replace(hour=15, minute=59, second=59), PAYDAY) == "Gaji"
    assert held(MONDAY.replace(hour=16), PAYDAY) == ""
    assert held(MONDAY.replace(day=30, hour=12), PAYDAY) == "Gaji"
    assert held(MONDAY.replace(day=31, hour=12), PAYDAY) == ""


def test_it_holds_for_its_agencies_and_servers_alone() -> None:
    noon = MONDAY.replace(hour=12)
    assert held(noon, PAYDAY, opd="dinkes") == ""
    one = Blackout("Uji", ("bkad",), ("bkad-01",), date(2026, 12, 28), date(2026, 12, 28))
    assert held(noon, one) == "Uji"
    assert held(noon, one, server="bkad-02") == ""


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday = datetime(2026, 12, 25, tzinfo=UTC)
    assert held(friday.replace(hour=23), NIGHTS) == "Cadangan"
    assert held(friday.replace(day=26, hour=4, minute=59), NIGHTS) == "Cadangan"
    assert held(friday.replace(day=26, hour=23), NIGHTS) == ""
    assert held(friday.replace(hour=4), NIGHTS) == ""


def test_without_hours_it_holds_the_whole_day() -> None:
    day = Blackout("Libur", first=date(2026, 12, 28), last=date(2026, 12, 28))
    assert held(MONDAY, day) == "Libur"
    assert held(MONDAY + 24 * HOUR - MINUTE, day) == "Libur"
    assert held(MONDAY + 24 * HOUR, day) == ""


def test_the_wall_of_the_agency_counts() -> None:
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        local = datetime(2026, 12, 28, 7, 30, tzinfo=ZoneInfo(zone))
        assert held(local, PAYDAY) == "Gaji"
        free = free_again((PAYDAY,), "bkad", "bkad-01", local)
        assert (free.hour, free.tzinfo) == (16, ZoneInfo(zone))


def test_what_follows_without_a_break_is_one_pause() -> None:
    late = Blackout(
        "Malam", ("bkad",), first=date(2026, 12, 28), last=date(2026, 12, 28), begins=time(15), ends=time(3)
    )
    noon = MONDAY.replace(hour=12)
    assert free_again((PAYDAY, late), "bkad", "bkad-01", noon) == MONDAY + 27 * HOUR


def test_what_never_ends_is_never_free() -> None:
    always = Blackout("Selamanya", first=date(2020, 1, 1))
    assert free_again((always,), "bkad", "bkad-01", MONDAY) == datetime.max.replace(tzinfo=UTC)


def test_of_two_the_one_that_lasts_longer_is_told() -> None:
    day = Blackout("Sehari", first=date(2026, 12, 28), last=date(2026, 12, 28))
    assert held(MONDAY.replace(hour=12), PAYDAY, day) == "Sehari"


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
days = st.integers(0, 9).map(lambda number: date(2026, 12, 24) + timedelta(days=number))
blackouts = st.builds(
    Blackout,
    reason=st.just("x"),
    first=st.none() | days,
    last=st.none() | days,
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
    begins=times,
    ends=times,
)


def slowly(blackout: Blackout, local: datetime) -> bool:
    """Say whether a blackout holds, by walking from every begin of every day to its end."""
    for number in range(-2, 16):
        day = date(2026, 12, 24) + timedelta(days=number)
        if day < (blackout.first or day) or day > (blackout.last or day):
            continue
        if blackout.weekdays and day.weekday() not in blackout.weekdays:
            continue
        at = datetime.combine(day, blackout.begins, UTC)
        while True:
            if at <= local < at + 30 * MINUTE:
                return True
            at += 30 * MINUTE
            if at.time() == blackout.ends:
                break
    return False


@given(st.lists(blackouts, max_size=3), st.integers(0, 10 * 48))
def test_it_is_what_a_slow_walk_says(listed: list[Blackout], halves: int) -> None:
    local = datetime(2026, 12, 24, tzinfo=UTC) + halves * 30 * MINUTE
    assert bool(held(local, *listed)) == any(slowly(one, local) for one in listed)


@given(st.lists(blackouts, max_size=3), st.integers(0, 10 * 48))
def test_the_next_beginning_is_the_first_step_into_one(listed: list[Blackout], halves: int) -> None:
    local = datetime(2026, 12, 24, tzinfo=UTC) + halves * 30 * MINUTE
    begin = next_beginning(listed, "bkad", "bkad-01", local, local + 48 * HOUR)
    starts = [
        at
        for number in range(1, 97)
        for at in [local + number * 30 * MINUTE]
        if any(at.time() == one.begins and slowly(one, at) and _begins_on(one, at.date()) for one in listed)
    ]
    assert begin == (starts[0] if starts else None)


def _begins_on(blackout: Blackout, day: date) -> bool:
    inside = (blackout.first or day) <= day <= (blackout.last or day)
    return inside and (not blackout.weekdays or day.weekday() in blackout.weekdays)
