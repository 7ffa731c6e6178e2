"""Deadlines by the days of the agency that owns a finding: over midnight, year end, leap day and holidays.

What they are compared with knows no time zone library and no list of holidays: fixed hours ahead of UTC, a
calendar of its own, and days off as they are announced.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from auditor.model.calendar import Calendar, Counting
from auditor.model.check import Severity
from auditor.model.inventory import Inventory, Opd, Organization
from auditor.model.policy import Policy
from controls.deadlines import days_left, deadline, due_day, ends_at, is_day_off, is_overdue, opd_day
from tests.auditor.usecases import world

HOURS = {"wib": 7, "wita": 8, "wit": 9}
ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
OWN = {date(2026, 12, 23): "Ulang tahun", date(2028, 2, 29): "Hari kabisat", date(2026, 11, 29): "Ahad"}
INVENTORY = Inventory(
    Organization("Kabupaten Contoh", "Asia/Makassar"),
    (),
    (),
    tuple(Opd(name, name, (), zone, OWN if name == "wit" else {}) for name, zone in ZONES.items()),
)
JOINT_LEAVE = {date(2026, 12, 24): "Cuti bersama", date(2028, 3, 1): "Libur"}
WORKED = (date(2026, 12, 26), date(2027, 1, 1))
COUNTING = dict(zip(Severity, (*Counting, Counting.UNTIL_WORKDAY, Counting.WORKDAYS), strict=True))
DAYS = dict(zip(Severity, (3, 14, 10, 90, 365), strict=True))


def policy(**changed: object) -> Policy:
    """Return the shipped policy with other days off, deadlines and counting."""
    calendar = Calendar("ID", frozenset({5, 6}), JOINT_LEAVE, WORKED, COUNTING)
    return replace(
        world.policy(),
        deadline_days=DAYS,
        calendar=replace(calendar, **changed),  # type: ignore[arg-type]
    )


POLICY = policy()
WITHOUT_COUNTRY = policy(country="")


def utc(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day_off(day: date, opd: str) -> bool:
    """Say the slow way whether an OPD is off."""
    if opd == "wit" and day in OWN:
        return True
    if day in WORKED:
        return False
    return day.isoweekday() >= 6 or day in JOINT_LEAVE


def slow_due(seen: datetime, severity: Severity, opd: str) -> date:
    """Walk from second zero of the local day, one day at a time, until the deadline is used up."""
    shifted = seen.replace(tzinfo=None) + timedelta(hours=HOURS[opd])
    day = date.fromisoformat(f"{shifted:%Y-%m-%d}")
    left, counting = DAYS[severity], COUNTING[severity]
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        if counting is not Counting.WORKDAYS or not day_off(day, opd):
            left -= 1
    while counting is Counting.UNTIL_WORKDAY and day_off(day, opd):
        day = date.fromordinal(day.toordinal() + 1)
    return day


def test_ten_thousand_random_findings_are_due_when_the_slow_way_says() -> None:
    drawn = random.Random(6)
    first = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(10_000):
        day = first + timedelta(days=drawn.randrange(20 * 365))
        opd = drawn.choice(list(HOURS))
        midnight = day - timedelta(hours=HOURS[opd])
        near = drawn.choice((-1, 0, 1, drawn.randrange(86_400)))
        seen, severity = midnight + timedelta(seconds=near), list(Severity)[number % len(Severity)]
        due = deadline(seen, severity, WITHOUT_COUNTRY, INVENTORY, opd)
        assert due == slow_due(seen, severity, opd), (seen, severity, opd)
        end = ends_at(due, INVENTORY, opd)
        assert end == datetime.combine(due, time(), UTC) + timedelta(days=1, hours=-HOURS[opd])
        assert not is_overdue(due, end - timedelta(microseconds=1), INVENTORY, opd)
        assert is_overdue(due, end, INVENTORY, opd)


@pytest.mark.parametrize("opd", HOURS)
@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("seen", ["2026-12-31", "2027-01-01", "2028-02-29", "2028-03-01", "2027-03-01"])
def test_the_second_before_midnight_and_midnight_itself(opd: str, severity: Severity, seen: str) -> None:
    midnight = utc(f"{seen}T00:00:00") - timedelta(hours=HOURS[opd])
    before = midnight - timedelta(seconds=1)
    assert opd_day(before, INVENTORY, opd) == date.fromisoformat(seen) - timedelta(days=1)
    assert opd_day(midnight, INVENTORY, opd) == date.fromisoformat(seen)
    for instant in (before, midnight):
        found = deadline(instant, severity, WITHOUT_COUNTRY, INVENTORY, opd)
        assert found == slow_due(instant, severity, opd), instant


def test_for_ninety_days_up_to_new_year_and_leap_day_every_midnight_is_due_as_the_slow_way_says() -> None:
    for last in (date(2027, 1, 3), date(2028, 3, 3)):
        for ago in range(90):
            for opd, hours in HOURS.items():
                midnight = datetime.combine(last - timedelta(days=ago), time(), UTC) - timedelta(hours=hours)
                for seen in (midnight - timedelta(seconds=1), midnight):
                    for severity in Severity:
                        found = deadline(seen, severity, WITHOUT_COUNTRY, INVENTORY, opd)
                        assert found == slow_due(seen, severity, opd), (seen, severity, opd)


@pytest.mark.parametrize(
    ("seen", "severity", "opd", "due"),
    [
        # every_day: three days, whatever they are
        ("2026-12-24T16:59:59", Severity.CRITICAL, "wib", date(2026, 12, 27)),
        ("2026-12-24T17:00:00", Severity.CRITICAL, "wib", date(2026, 12, 28)),
        # until_workday: Christmas is off, the Saturday after it is worked by decree
        ("2026-12-11T02:00:00", Severity.HIGH, "wib", date(2026, 12, 26)),
        # and the agency that has the day before off has it off in the same way
        ("2026-12-09T02:00:00", Severity.HIGH, "wib", date(2026, 12, 23)),
        ("2026-12-09T02:00:00", Severity.HIGH, "wit", date(2026, 12, 26)),
        # workdays: 18, 21, 22, 23, 26 and 28 to 31 December, 1 January; 26 and 1 are worked by decree
        ("2026-12-17T02:00:00", Severity.MEDIUM, "wib", date(2027, 1, 1)),
        ("2026-12-17T02:00:00", Severity.MEDIUM, "wit", date(2027, 1, 4)),
    ],
)
def test_days_off_move_a_deadline_as_the_severity_counts(
    seen: str, severity: Severity, opd: str, due: date
) -> None:
    assert deadline(utc(seen), severity, POLICY, INVENTORY, opd) == due


def test_what_is_seen_later_is_never_due_earlier() -> None:
    for severity in Severity:
        for opd in HOURS:
            hours = (utc("2026-12-10T00:00:00") + timedelta(hours=hour) for hour in range(24 * 30))
            due = [deadline(hour, severity, POLICY, INVENTORY, opd) for hour in hours]
            assert due == sorted(due)


def test_an_unknown_agency_has_the_days_of_the_organisation() -> None:
    assert opd_day(utc("2026-12-31T16:00:00"), INVENTORY, "dibubarkan") == date(2027, 1, 1)
    assert opd_day(utc("2026-12-31T15:59:59"), INVENTORY, "") == date(2026, 12, 31)


def test_a_day_off_of_the_agency_beats_a_day_that_the_policy_says_is_worked() -> None:
    calendar = POLICY.calendar
    assert not is_day_off(date(2026, 12, 26), calendar)
    assert is_day_off(date(2026, 12, 26), calendar, {date(2026, 12, 26): "Pindah kantor"})
    assert is_day_off(date(2026, 12, 24), calendar)
    assert is_day_off(date(2026, 12, 27), calendar)
    assert not is_day_off(date(2026, 12, 28), calendar)


def test_days_off_of_a_country_are_known_where_the_policy_names_one() -> None:
    independence = date(2026, 8, 17)
    assert is_day_off(independence, POLICY.calendar)
    assert not is_day_off(independence, WITHOUT_COUNTRY.calendar)


@pytest.mark.parametrize(("counting", "due"), [(Counting.EVERY_DAY, 5), (Counting.UNTIL_WORKDAY, 7)])
def test_no_days_at_all_are_the_day_itself(counting: Counting, due: int) -> None:
    saturday = date(2026, 12, 5)
    off = {saturday, date(2026, 12, 6)}
    assert due_day(saturday, 0, counting, off.__contains__) == date(2026, 12, due)
    assert due_day(saturday, 0, Counting.WORKDAYS, off.__contains__) == date(2026, 12, 7)


@pytest.mark.parametrize("opd", HOURS)
def test_days_left_are_counted_where_the_agency_is(opd: str) -> None:
    due = date(2028, 2, 29)
    last_second = ends_at(due, INVENTORY, opd) - timedelta(seconds=1)
    assert days_left(due, last_second, INVENTORY, opd) == 0
    assert days_left(due, last_second + timedelta(seconds=1), INVENTORY, opd) == -1
    assert days_left(due, last_second - timedelta(days=2), INVENTORY, opd) == 2


def test_where_midnight_is_left_out_the_day_begins_with_its_first_second() -> None:
    # Brazil put its clocks from 00:00 to 01:00 on this day.
    inventory = replace(INVENTORY, organization=Organization("Contoh", "America/Sao_Paulo"))
    due = date(2018, 11, 3)
    end = ends_at(due, inventory, "")
    assert end == utc("2018-11-04T03:00:00")
    assert opd_day(end, inventory, "") == date(2018, 11, 4)
    assert opd_day(end - timedelta(seconds=1), inventory, "") == due


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_is_irrelevant(zone: str) -> None:
    asked = (
        "from tests.controls.test_deadlines import *;"
        "seen = utc('2026-12-31T16:59:59');"
        "found = [deadline(seen, one, POLICY, INVENTORY, opd) for one in Severity for opd in HOURS];"
        "print(found, [ends_at(one, INVENTORY, 'wit').isoformat() for one in found])"
    )
    own = [
        deadline(utc("2026-12-31T16:59:59"), one, POLICY, INVENTORY, opd) for one in Severity for opd in HOURS
    ]
    ends = [ends_at(one, INVENTORY, "wit").isoformat() for one in own]
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == f"{own} {ends}"
