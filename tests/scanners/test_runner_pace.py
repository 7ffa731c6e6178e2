"""Connections leave at the pace that the budget of a host allows, whatever the machine is busy with."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.worker import make_pace


class Clock:
    """Time that passes only while somebody waits; it may pass longer than was asked for."""

    def __init__(self, late_seconds: float = 0.0) -> None:
        self.now = 1000.0
        self.late_seconds = late_seconds

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds + self.late_seconds


RATE = st.floats(0.1, 1000)
PAUSES = st.lists(st.floats(0, 3), max_size=40)


@given(RATE, PAUSES, st.lists(st.floats(0, 0.09), min_size=41, max_size=41))
def test_no_second_holds_more_connections_than_the_rate(
    rate: float, pauses: list[float], delays: list[float]
) -> None:
    clock = Clock()
    pace = make_pace(rate, clock.read, clock.wait)
    left = []
    for pause, delay in zip([*pauses, 0.0], delays, strict=False):
        clock.now += pause
        pace()
        # Between the pace and the packet a busy machine may do something else.
        left.append(clock.now + delay)
    span, allowed = max(1.0, 1 / rate), max(1, int(rate))
    for first in left:
        assert sum(first <= moment <= first + span for moment in left) <= allowed


def test_who_wakes_late_is_not_followed_early() -> None:
    clock = Clock(late_seconds=0.15)
    pace = make_pace(5.0, clock.read, clock.wait)
    moments = []
    for late in (0.15, 0.0, 0.0, 0.0, 0.0, 0.0):
        clock.late_seconds = late
        pace()
        moments.append(clock.now)
    assert moments[5] - moments[0] > 1.0


def test_the_first_connection_waits_too() -> None:
    clock = Clock()
    make_pace(5.0, clock.read, clock.wait)()
    assert clock.now >= 1000.2


@pytest.mark.parametrize(("rate", "seconds"), [(5.0, 1.1), (2.0, 1.1), (1.0, 1.1), (0.5, 2.1), (100.0, 1.1)])
def test_the_budget_is_used_up_but_for_a_tenth_of_a_second(rate: float, seconds: float) -> None:
    clock = Clock()
    pace = make_pace(rate, clock.read, clock.wait)
    for _ in range(max(1, int(rate))):
        pace()
    assert clock.now - 1000.0 == pytest.approx(seconds)


def test_waiting_earns_no_burst() -> None:
    clock = Clock()
    pace = make_pace(2.0, clock.read, clock.wait)
    clock.now += 60
    moments = []
    for _ in range(3):
        pace()
        moments.append(clock.now - 1060)
    assert moments == pytest.approx([0.0, 0.55, 1.1])


def test_threads_share_one_rate() -> None:
    clock = Clock()
    pace = make_pace(10.0, clock.read, clock.wait)
    threads = [threading.Thread(target=lambda: [pace() for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now - 1000.0 == pytest.approx(400 * 0.11)
