"""The script of the simulated month is whole, and what differs from it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from auditor.policy.loading import load_policy
from benchmarks.month_expected import History, Key, differences, expected, spelled
from benchmarks.month_script import MONTH, SHORT, SITE, STORE, Script
from benchmarks.month_trial import expected_acknowledged, expected_days
from benchmarks.month_world import World
from tests.controls.catalogue import shipped

FIRST = date(2026, 11, 23)
EXPIRES = datetime(2026, 12, 12, 14, tzinfo=UTC)


def world(script: Script) -> World:
    return World(Path(), script, FIRST)


def told(script: Script, expires: datetime = EXPIRES) -> dict[Key, History]:
    return expected(world(script), shipped().checks, load_policy(), expires)


@pytest.mark.parametrize("script", [MONTH, SHORT])
def test_every_life_lasts_as_long_as_the_script(script: Script) -> None:
    lives = {key: one.life for key, one in told(script).items()}
    assert {len(life) for life in lives.values()} == {script.nights}
    assert len(lives) == sum(len(group.truths) for group in script.groups)


def test_a_month_tells_every_turn_that_a_life_can_take() -> None:
    letters = {
        letter for one in told(MONTH, datetime(2026, 12, 12, 14, tzinfo=UTC)).values() for letter in one.life
    }
    assert letters == set("NORLWFMX.")


def test_a_life_is_spelled_night_by_night() -> None:
    assert spelled(".2 N1 O3 F1 .1") == "..NOOOF."


@pytest.mark.parametrize(("hour", "first"), [(14, 20), (16, 21)])
def test_a_certificate_expires_between_two_nights(hour: int, first: int) -> None:
    expires = datetime.combine(FIRST + timedelta(days=19), datetime.min.time(), UTC) + timedelta(hours=hour)
    life = next(one.life for key, one in told(MONTH, expires).items() if key[0] == "certificate-valid-now")
    assert life.index("N") + 1 == first
    assert life.index("F") + 1 == 26


def test_a_deadline_starts_anew_only_after_as_many_days_as_it_has() -> None:
    month = told(MONTH)
    days = load_policy().deadline_days
    for (check, server, _, _), history in month.items():
        severity = shipped().checks[check].severity
        if server == SITE and "L" in history.life:
            rested = days[severity] <= 7
            assert history.due == FIRST + timedelta(days=(14 if rested else 0) + days[severity])
            assert (history.opened, history.times_fixed) == (FIRST + timedelta(days=21), 2)


def test_a_server_that_moved_is_expected_at_both_addresses() -> None:
    moved = [one for (_, server, _, _), one in told(MONTH).items() if server == STORE and one.life[0] == "N"]
    assert {one.addresses for one in moved} == {("127.20.3.20", "127.20.3.21")}


def test_a_trial_is_expected_to_count_what_stands() -> None:
    wanted = told(SHORT)
    days = expected_days(world(SHORT), wanted, shipped().checks)
    counted = {day: (sum(one.open.values()), one.accepted, one.fixed) for day, one in days.items()}
    first = len([one for one in wanted.values() if one.life[0] == "N"])
    assert counted[FIRST] == (first, 0, 0)
    assert counted[FIRST + timedelta(days=1)][1:] == (1, 1)
    assert counted[FIRST + timedelta(days=4)][1] == 0


def test_what_was_taken_on_counts_until_it_is_closed() -> None:
    wanted = told(MONTH)
    counted = [expected_acknowledged(world(MONTH), wanted, night) for night in range(1, 31)]
    site = len([key for key, one in wanted.items() if key[1] == SITE and "L" in one.life])
    # The remark stays as it is, until its check is switched off.
    assert counted == [0, 0, *[site + 1] * 5, *[1] * 17, *[0] * 6]


def test_what_differs_is_told() -> None:
    wanted = told(SHORT)
    (key, history), (other, _), *_ = wanted.items()
    assert differences(wanted, list(wanted.items())) == []
    without = [pair for pair in wanted.items() if pair[0] != key]
    assert differences(wanted, without) == [f"missing: {key}: {history.life}"]
    assert differences(wanted, [*wanted.items(), (other, wanted[other])]) == [f"twice: {other}"]
    stranger = ("x", "y", 1, "")
    with_stranger = [*wanted.items(), (stranger, history)]
    assert differences(wanted, with_stranger) == [f"invented: {stranger}: {history.life}"]
    later = replace(history, due=history.due + timedelta(days=1))
    assert [line[:9] for line in differences(wanted, [(key, later), *without])] == ["different"]
