"""The comparison notices what is wrong, and a few real faults leave nothing wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from auditor.model.schedule import Slot, SlotStatus, Work
from auditor.policy.loading import load_policy
from auditor.store.database import open_engine, sqlite_url
from auditor.store.slots import SlotStore
from benchmarks.scheduler_faults import (
    DAY,
    FIRST,
    HOUR,
    NIGHTLY,
    OFTEN,
    START,
    World,
    compare,
    expected_nights,
    note,
    overlaps,
    random_kills,
    started_together,
    world,
)
from controls.loading import load_catalogue


@pytest.fixture
def made() -> Iterator[World]:
    """Return a world in which one process lived for five hours, and nothing was done yet."""
    with world(load_policy(), load_catalogue(), NIGHTLY, OFTEN) as found:
        found.lives.append((START, START + 9 * HOUR))
        yield found


def claim(made: World, number: int, status: SlotStatus) -> None:
    engine = open_engine(sqlite_url(made.folder / "audit.db"))
    at = FIRST["sering"] + number * 3 * HOUR
    SlotStore(engine).claim([Slot("sering", at, Work.BACKUP, status)])
    engine.dispose()
    if status is SlotStatus.DONE:
        note(made.notes, "begin", "x", "sering", at.isoformat())
        note(made.notes, "end", "x", "sering", at.isoformat())


def test_what_was_done_once_is_right(made: World) -> None:
    claim(made, 0, SlotStatus.DONE)
    claim(made, 1, SlotStatus.DONE)
    found = compare("", made)
    assert (found.asked, found.done, found.missed, found.doubled) == (2, 2, 0, 0)


def test_what_nobody_knows_of_is_missed(made: World) -> None:
    claim(made, 0, SlotStatus.DONE)
    assert compare("", made).missed == 2


def test_what_was_missed_while_somebody_lived_is_missed(made: World) -> None:
    claim(made, 0, SlotStatus.DONE)
    claim(made, 1, SlotStatus.MISSED)
    assert compare("", made).missed == 1
    made.lives[:] = [(START, START + 4 * HOUR), (START + 30 * HOUR, START + 9 * HOUR)]
    found = compare("", made)
    assert (found.missed, found.excused) == (0, 1)


def test_what_was_done_twice_is_doubled(made: World) -> None:
    claim(made, 0, SlotStatus.DONE)
    claim(made, 1, SlotStatus.DONE)
    note(made.notes, "end", "y", "sering", FIRST["sering"].isoformat())
    assert compare("", made).doubled == 1


def test_two_at_work_are_noticed() -> None:
    assert overlaps([["1", "begin"], ["2", "begin"], ["1", "end"]]) == 1
    assert overlaps([["1", "begin"], ["1", "killed"], ["2", "begin"], ["2", "end"]]) == 0


def test_what_a_moved_clock_asks_for() -> None:
    nights = expected_nights([(START, START + 30 * HOUR), (START - 2 * DAY, START + DAY)])
    first = FIRST["malam"]
    assert nights == {first: 2, first - 2 * DAY: 1, first - DAY: 1}
    ahead = expected_nights(
        [(START, START + HOUR), (START + 5 * DAY, START + 5 * DAY + timedelta(minutes=1))]
    )
    assert ahead == {first + 4 * DAY: 1}


def test_kills_and_rivals_neither_lose_nor_double_anything(made: World) -> None:
    made.lives.clear()
    random_kills(made, 3, random.Random(1))
    found = started_together(made, 1, random.Random(2))
    assert (found.missed, found.doubled) == (0, 0)
    assert found.done > 0
