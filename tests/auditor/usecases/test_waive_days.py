"""A waiver ends with the last second of its last local day, wherever the machine stands."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditor.model.decision import Decisions
from auditor.model.verdict import Status
from auditor.model.waiver import Waiver
from auditor.usecases.assess import judge_run
from controls.loading import Catalogue
from tests.auditor.usecases.world import INVENTORY, World, audit_run, make_world
from tests.controls.catalogue import shipped
from tests.controls.decided import approved

ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
"""WIB, WITA and WIT with their hours before UTC."""
MACHINES = ("UTC", "Asia/Jakarta", "America/New_York", "Pacific/Kiritimati")
CHECK = "http-vcs-absent"
ENDS = (date(2026, 11, 22), date(2026, 12, 31), date(2028, 2, 29), date(2027, 2, 28), date(2026, 10, 31))
"""An ordinary day, the end of a year, a leap day, a year without one, and the day before New York changes."""
SECOND = timedelta(seconds=1)
BEGINNING, END = date(2020, 1, 1), date(2040, 12, 31)


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let this process stand in another zone for the length of a test."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield str(request.param)
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@cache
def world(zone: str) -> World:
    """Return a run in which a site shows its repository, in an organisation of a zone."""
    inventory = replace(INVENTORY, organization=replace(INVENTORY.organization, timezone=zone))
    return make_world(inventory=inventory, run=audit_run(inventory=inventory))


@cache
def catalogue() -> Catalogue:
    """Return the one check that matters here, so that a run is judged quickly."""
    return replace(shipped(), checks={CHECK: shipped().checks[CHECK]}, frameworks={})


def waiver(first: date, last: date) -> Waiver:
    return approved(first, last, check=CHECK, server="bkd-web-01")


def is_covered(started_at: datetime, zone: str, accepted: Waiver) -> bool:
    """Return whether a run that starts at an instant is judged with a waiver; it must fail in any case."""
    here = world(zone)
    run = replace(here.run, started_at=started_at)
    judged = judge_run(run, here.inputs, catalogue(), here.evidence, Decisions(waivers=(accepted,)))
    assert [one.status for one in judged.verdicts].count(Status.FAIL) == 1
    return bool(judged.footing.waived)


def midnight_after(day: date, zone: str) -> datetime:
    """Return the first instant after a local day, counted by hand: no zone here has summer time."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=-ZONES[zone])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("last", ENDS, ids=str)
def test_the_last_second_is_covered_and_the_next_is_not(machine: str, zone: str, last: date) -> None:
    assert time.strftime("%z") == datetime.now(ZoneInfo(machine)).strftime("%z")
    accepted, midnight = waiver(last - timedelta(days=30), last), midnight_after(last, zone)
    for hours in (0, 7, 14, -5):
        elsewhere = (midnight - SECOND).astimezone(ZoneInfo("Etc/GMT" + f"{-hours:+d}"))
        assert is_covered(elsewhere, zone, accepted)
        assert not is_covered(elsewhere + SECOND, zone, accepted)
    assert is_covered(midnight - timedelta(microseconds=1), zone, accepted)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", ENDS, ids=str)
def test_the_first_second_is_covered_and_the_one_before_is_not(machine: str, zone: str, first: date) -> None:
    midnight = midnight_after(first - timedelta(days=1), zone)
    accepted = waiver(first, first + timedelta(days=30))
    assert is_covered(midnight, zone, accepted)
    assert not is_covered(midnight - SECOND, zone, accepted)


@pytest.mark.parametrize("zone", ZONES)
def test_one_day_is_one_local_day(machine: str, zone: str) -> None:
    day = date(2028, 2, 29)
    begins = midnight_after(day - timedelta(days=1), zone)
    hours = [is_covered(begins + timedelta(hours=hour), zone, waiver(day, day)) for hour in range(-24, 48)]
    assert hours == [False] * 24 + [True] * 24 + [False] * 24


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dates(BEGINNING, END),
    st.sampled_from(sorted(ZONES)),
    st.integers(0, 179),
    st.integers(-48 * 3600, 48 * 3600),
)
@example(date(2023, 12, 31), "Asia/Jayapura", 179, 0)
@example(date(2024, 2, 29), "Asia/Makassar", 0, -1)
def test_a_run_is_covered_just_when_its_local_day_is_one_of_the_waivers(
    machine: str, last: date, zone: str, days: int, seconds: int
) -> None:
    first = last - timedelta(days=days)
    at = midnight_after(last, zone) + timedelta(seconds=seconds)
    begins = midnight_after(first - timedelta(days=1), zone)
    assert is_covered(at, zone, waiver(first, last)) is (begins <= at and seconds < 0)
