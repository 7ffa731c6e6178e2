"""Whatever waits is handed out once, and never two at one place."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.plan import Task
from scanners.base import Limits
from scanners.waiting import MAXIMUM_GROUP, Job, Waiting, place

LIMITS = Limits(5.0, 1, 50, 30.0)


def job(address: str, scanner: str = "single", port: int = 0, server: str = "s") -> Job:
    """Return a job at an address."""
    return Job(Task(scanner, server, "o", address, port), LIMITS)


JOBS = st.lists(
    st.builds(job, st.sampled_from("abcdef"), st.sampled_from(("single", "group")), st.integers(0, 2)),
    max_size=40,
)


@given(JOBS, JOBS, st.integers(1, 20), st.randoms())
def test_every_job_is_handed_out_once_and_never_two_at_one_place(
    first: list[Job], later: list[Job], most: int, chance: st.DataObject
) -> None:
    waiting = Waiting({"group"})
    for one in first:
        waiting.add(one)
    under_way: list[Job] = []
    seen: Counter[int] = Counter()
    added = list(later)
    while waiting or under_way or added:
        if added:
            waiting.add(added.pop())
        while taken := waiting.take(most - waiting.busy):
            assert len(taken) == 1 or {one.task.scanner for one in taken} == {"group"}
            under_way.extend(taken)
            seen.update(id(one) for one in taken)
        assert len({place(one.task) for one in under_way}) == len(under_way) == waiting.busy
        assert len(under_way) <= min(most, 6)
        if under_way:
            waiting.release(under_way.pop(chance.randrange(len(under_way))).task)  # type: ignore[attr-defined]
    assert seen == Counter(id(one) for one in (*first, *later))


def test_jobs_at_one_place_keep_their_order() -> None:
    waiting = Waiting(())
    jobs = [job("a", port=port) for port in range(5)]
    for one in jobs:
        waiting.add(one)
    taken = []
    while step := waiting.take(9):
        taken.extend(step)
        waiting.release(step[0].task)
    assert taken == jobs


def test_a_place_that_was_begun_goes_before_one_that_was_not() -> None:
    waiting = Waiting(())
    first, other, next_at_first = job("a"), job("b"), job("a", port=1)
    for one in (first, other, next_at_first):
        waiting.add(one)
    assert waiting.take(1) == (first,)
    waiting.release(first.task)
    assert waiting.take(1) == (next_at_first,)
    assert waiting.take(1) == (other,)


def test_a_group_is_no_larger_than_allowed() -> None:
    waiting = Waiting({"group"})
    for number in range(MAXIMUM_GROUP + 5):
        waiting.add(job(str(number), "group"))
    assert len(waiting.take(100)) == MAXIMUM_GROUP
    assert len(waiting.take(2)) == 2
    assert waiting.take(0) == ()


def test_what_goes_alone_is_put_into_no_group() -> None:
    waiting = Waiting({"group"})
    waiting.add(job("a", "group"), alone=True)
    waiting.add(job("b", "group"))
    waiting.add(job("c", "group"))
    assert [len(waiting.take(9)), len(waiting.take(9))] == [1, 2]


def test_a_task_without_an_address_is_at_its_server_and_a_network_at_itself() -> None:
    assert place(job("", server="contoh.test").task) == "contoh.test"
    assert place(job("10.0.0.0/24", server="").task) == "10.0.0.0/24"
    waiting = Waiting(())
    domains = [job("", server="a.test"), job("", server="b.test"), job("", port=1, server="a.test")]
    for one in domains:
        waiting.add(one)
    assert [*waiting.take(9), *waiting.take(9)] == domains[:2]
    assert waiting.take(9) == ()
