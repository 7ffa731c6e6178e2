"""Days as the organisation counts them: a finding made at midnight belongs to the local day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.inventory import Organization
from auditor.usecases.calendar import deadline, local_day

WIB = Organization("Kabupaten Contoh", "Asia/Jakarta")
WITA = Organization("Kabupaten Contoh", "Asia/Makassar")
WIT = Organization("Kabupaten Contoh", "Asia/Jayapura")
HOURS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
ORGANIZATIONS = st.sampled_from((WIB, WITA, WIT))
START = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 21 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
"""From 2020 into 2040, to the second."""


@pytest.mark.parametrize(
    ("organization", "last_second_utc"),
    [(WIB, "2026-12-31T16:59:59"), (WITA, "2026-12-31T15:59:59"), (WIT, "2026-12-31T14:59:59")],
)
def test_the_day_changes_at_local_midnight(organization: Organization, last_second_utc: str) -> None:
    last_second = datetime.fromisoformat(last_second_utc).replace(tzinfo=UTC)
    assert local_day(last_second, organization) == date(2026, 12, 31)
    assert local_day(last_second + timedelta(seconds=1), organization) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("seen_utc", "days", "due"),
    [
        ("2026-12-30T16:59:59", 3, date(2027, 1, 2)),
        ("2026-12-30T17:00:00", 3, date(2027, 1, 3)),
        ("2028-02-14T16:59:59", 14, date(2028, 2, 28)),
        ("2028-02-14T17:00:00", 14, date(2028, 2, 29)),
        ("2028-02-29T02:00:00", 365, date(2029, 2, 28)),
        ("2027-02-14T17:00:00", 14, date(2027, 3, 1)),
        ("2026-11-22T01:00:00", 0, date(2026, 11, 22)),
    ],
)
def test_deadlines_over_year_end_and_leap_day(seen_utc: str, days: int, due: date) -> None:
    assert deadline(datetime.fromisoformat(seen_utc).replace(tzinfo=UTC), days, WIB) == due


@given(INSTANTS, st.integers(0, 365), ORGANIZATIONS)
def test_a_deadline_is_its_number_of_local_days_away(
    seen: datetime, days: int, organization: Organization
) -> None:
    zone = timezone(timedelta(hours=HOURS[organization.timezone]))
    due = deadline(seen, days, organization)
    assert (due - seen.astimezone(zone).date()).days == days
    end = datetime(due.year, due.month, due.day, tzinfo=zone) + timedelta(days=1)
    assert timedelta(days=days) < end - seen <= timedelta(days=days + 1)


@given(INSTANTS, ORGANIZATIONS, st.integers(-12, 14))
def test_the_zone_in_which_an_instant_is_written_is_irrelevant(
    seen: datetime, organization: Organization, hours: int
) -> None:
    elsewhere = seen.astimezone(timezone(timedelta(hours=hours)))
    assert local_day(elsewhere, organization) == local_day(seen, organization)


@given(INSTANTS, st.integers(0, 400))
def test_what_is_seen_later_is_never_due_earlier(seen: datetime, minutes: int) -> None:
    for organization in (WIB, WITA, WIT):
        later = seen + timedelta(minutes=minutes)
        assert deadline(seen, 14, organization) <= deadline(later, 14, organization)
