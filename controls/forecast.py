"""When a trial will be done, at the pace of its last days. Pure.

Only two numbers decide, so that everybody can check them: how much was left at the first audit of the last
days, and how much at the newest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from auditor.model.trial_status import Forecast, ForecastKind

_FEWEST_DAYS = 3
"""Of two days, one lucky evening would promise the end of everything."""
_LONGEST_DAYS = 366
"""What takes longer than a year at this pace will not be done at this pace."""


def forecast(left_by_day: Iterable[tuple[date, int]], today: date, pace_days: int) -> Forecast:
    """Return what the last days let expect.

    `left_by_day` is, for each local day with an audit, how much was left after it; the last entry of a day
    counts. `pace_days` is how far back the pace is taken, from the newest of these days.
    """
    by_day = {day: left for day, left in left_by_day if day <= today}
    if not by_day:
        return Forecast(ForecastKind.TOO_LITTLE_DATA, 0)
    newest = max(by_day)
    left = by_day[newest]
    recent = sorted(day for day in by_day if (newest - day).days <= pace_days)
    before, since = by_day[recent[0]], recent[0]
    if (today - newest).days > pace_days:
        return Forecast(ForecastKind.TOO_LITTLE_DATA, left, None, before, since, newest)
    if left == 0:
        return Forecast(ForecastKind.DONE, 0, None, before, since, newest)
    if len(recent) < _FEWEST_DAYS:
        return Forecast(ForecastKind.TOO_LITTLE_DATA, left, None, before, since, newest)
    fewer, span = before - left, (newest - since).days
    # Whole days, rounded up: left ÷ (fewer ÷ span).
    needed = -(-left * span // fewer) if fewer > 0 else _LONGEST_DAYS + 1
    if needed > _LONGEST_DAYS:
        return Forecast(ForecastKind.NOT_AT_THIS_PACE, left, None, before, since, newest)
    return Forecast(ForecastKind.BY_DAY, left, newest + timedelta(days=needed), before, since, newest)
