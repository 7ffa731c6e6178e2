"""When a trial will be done at the pace of its last days: two numbers that anybody can check."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.trial_status import ForecastKind
from controls.forecast import forecast

FIRST = date(2026, 12, 28)


def days(*left: int | None) -> list[tuple[date, int]]:
    """Return what was left day after day; None is a day without an audit."""
    return [(FIRST + timedelta(days=n), count) for n, count in enumerate(left) if count is not None]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.mark.parametrize(
    ("left", "kind", "done"),
    [
        ((), ForecastKind.TOO_LITTLE_DATA, None),
        ((20,), ForecastKind.TOO_LITTLE_DATA, None),
        ((20, 10), ForecastKind.TOO_LITTLE_DATA, None),
        ((20, 18, 16), ForecastKind.BY_DAY, 10),
        ((20, 20, 16), ForecastKind.BY_DAY, 10),
        ((20, None, None, 18, 17), ForecastKind.BY_DAY, 27),
        ((10, 10, 9), ForecastKind.BY_DAY, 20),
        ((20, 20, 20), ForecastKind.NOT_AT_THIS_PACE, None),
        ((20, 10, 21), ForecastKind.NOT_AT_THIS_PACE, None),
        ((20, 10, 0), ForecastKind.DONE, None),
        ((0,), ForecastKind.DONE, None),
        ((5000, 5000, 4999), ForecastKind.NOT_AT_THIS_PACE, None),
    ],
)
def test_the_forecast(left: tuple[int | None, ...], kind: ForecastKind, done: int | None) -> None:
    listed = days(*left)
    today = listed[-1][0] if listed else FIRST
    found = forecast(listed, today, 7)
    assert (found.kind, found.day) == (kind, None if done is None else day(done))


def test_only_the_last_days_count() -> None:
    listed = days(100, 50, 20, 20, 20, 18, 16)
    found = forecast(listed, day(6), 3)
    assert (found.since, found.before, found.until, found.left) == (day(3), 20, day(6), 16)
    assert found.day == day(6 + 12)


def test_of_a_day_with_two_audits_the_later_one_counts() -> None:
    assert forecast([*days(9, 8, 7), (day(2), 1)], day(2), 7).left == 1


def test_without_an_audit_lately_nothing_is_promised_nor_called_done() -> None:
    found = forecast(days(20, 10, 0), day(20), 7)
    assert (found.kind, found.left) == (ForecastKind.TOO_LITTLE_DATA, 0)


def test_what_lies_ahead_of_today_is_not_looked_at() -> None:
    assert forecast(days(20, 18, 16, 0), day(2), 7).left == 16


@given(st.lists(st.integers(0, 2000), min_size=3, max_size=40), st.integers(1, 30))
def test_the_day_is_the_first_on_which_the_pace_leaves_nothing(left: list[int], pace_days: int) -> None:
    listed = days(*left)
    today = listed[-1][0]
    found = forecast(listed, today, pace_days)
    if found.kind is ForecastKind.BY_DAY:
        assert found.day is not None
        assert found.since is not None
        assert found.until == today
        span, fewer = (today - found.since).days, found.before - found.left
        needed = (found.day - today).days
        # What the pace takes away in so many days, without dividing.
        assert fewer * needed >= found.left * span
        assert fewer * (needed - 1) < found.left * span
    elif found.kind is ForecastKind.DONE:
        assert left[-1] == 0
