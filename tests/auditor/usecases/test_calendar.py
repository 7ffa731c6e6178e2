"""Days as the organisation counts them: what happens at midnight belongs to the local day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.inventory import Organization
from auditor.usecases.calendar import local_day

WIB = Organization("Kabupaten Contoh", "Asia/Jakarta")
WITA = Organization("Kabupaten Contoh", "Asia/Makassar")
WIT = Organization("Kabupaten Contoh", "Asia/Jayapura")
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


@given(INSTANTS, ORGANIZATIONS, st.integers(-12, 14))
def test_the_zone_in_which_an_instant_is_written_is_irrelevant(
    seen: datetime, organization: Organization, hours: int
) -> None:
    elsewhere = seen.astimezone(timezone(timedelta(hours=hours)))
    assert local_day(elsewhere, organization) == local_day(seen, organization)
