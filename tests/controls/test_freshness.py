"""How fresh measurements are: nothing that was not measured counts as fresh."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.wall import Freshness, WallServer
from controls.freshness import behind, freshness, is_recent

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOURS = 36
EDGE = NOW - timedelta(hours=HOURS)
OLD = EDGE - timedelta(seconds=1)
TIMES = st.lists(st.none() | st.integers(-48, 100).map(lambda hours: NOW - timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([], Freshness.NEVER),
        ([None, None], Freshness.NEVER),
        ([OLD, None], Freshness.STALE),
        ([EDGE, None], Freshness.PARTLY),
        ([NOW, OLD], Freshness.PARTLY),
        ([EDGE, NOW], Freshness.FRESH),
    ],
)
def test_one_server_that_was_not_measured_lately_keeps_an_agency_from_being_up_to_date(
    times: list[datetime | None], expected: Freshness
) -> None:
    assert freshness(times, NOW, HOURS) is expected


@given(TIMES, st.integers(0, 20))
def test_losing_a_measurement_never_makes_an_agency_fresher(times: list[datetime | None], place: int) -> None:
    order = list(Freshness)
    lost = [None if number == place else at for number, at in enumerate(times)]
    assert order.index(freshness(lost, NOW, HOURS)) <= order.index(freshness(times, NOW, HOURS))


@given(TIMES)
def test_whoever_is_behind_is_named_and_nobody_else(times: list[datetime | None]) -> None:
    servers = [WallServer(f"s{number}", "", at) for number, at in enumerate(times)]
    named = behind(servers, NOW, HOURS)
    assert {one.id for one in named} == {
        one.id for one in servers if not is_recent(one.measured_at, NOW, HOURS)
    }
    waited = [one.measured_at or datetime.min.replace(tzinfo=UTC) for one in named]
    assert waited == sorted(waited)
