"""Jobs that differ in their address alone share a worker, and none of them pays for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from auditor.model.evidence import FailureKind
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.runner import Done, Job, Runner
from tests.scanners.processes import alive, eventually
from tests.scanners.scripted import ROOT, ScriptedWorkers

LIMITS = Limits(5.0, 1, 50, 30.0)
SHORT = Limits(5.0, 1, 50, 1.0)


@pytest.fixture(autouse=True)
def scripted_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let worker processes find the tests' modules."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def job(number: int, scanner: str = "together", server: str = "s", limits: Limits = LIMITS) -> Job:
    """Return a job at an address of its own."""
    return Job(Task(scanner, server, "o", f"127.30.10.{number}"), limits)


def run(jobs: Iterable[Job], parallel_hosts: int = 60, grace_seconds: float = 15.0) -> dict[str, Done]:
    """Run jobs to their end; return what became of each address."""
    done: list[Done] = []

    def collect(one: Done) -> Iterable[Job]:
        done.append(one)
        return ()

    assert Runner(parallel_hosts, lambda: False, ScriptedWorkers(grace_seconds)).run(jobs, collect)
    by_address = {one.job.task.address: one for one in done}
    assert len(by_address) == len(done)
    return by_address


def groups(done: dict[str, Done]) -> list[list[str]]:
    """Return the last parts of the addresses that were measured together, each group once."""
    told = {str(one.observation.settings["together"]): one for one in done.values()}
    return sorted(
        [address.rpartition(".")[2] for address in one.observation.settings["together"]]  # type: ignore[union-attr]
        for one in told.values()
    )


def failures(done: dict[str, Done]) -> dict[str, FailureKind | None]:
    """Return the kind of failure by the last part of the address."""
    return {
        address.rpartition(".")[2]: one.observation.failure.kind if one.observation.failure else None
        for address, one in done.items()
    }


def test_sixteen_addresses_at_most_are_measured_together_and_each_has_its_own_answer() -> None:
    done = run(job(number) for number in range(1, 21))
    assert [len(group) for group in groups(done)] == [16, 4]
    assert all(one.observation.tool == address for address, one in done.items())


def test_a_group_takes_no_more_than_the_addresses_that_are_allowed_at_once() -> None:
    assert {len(group) for group in groups(run((job(n) for n in range(1, 11)), parallel_hosts=5))} == {5}


def test_a_scanner_without_groups_measures_one_by_one() -> None:
    assert groups(run(job(number, "single") for number in (1, 2))) == [["1"], ["2"]]


def test_jobs_that_differ_in_more_than_their_address_are_kept_apart() -> None:
    first = job(1)
    different = [
        replace(first.task, address="127.30.10.2", options={"ranges": [[1, 2]]}),
        replace(first.task, address="127.30.10.3", fragility=Fragility.FRAGILE),
        replace(first.task, address="127.30.10.4", port=80),
        replace(first.task, address="127.30.10.5", server_name="a.test"),
        replace(first.task, address="::1"),
    ]
    jobs = [first, *(Job(task, LIMITS) for task in different), job(6, limits=SHORT)]
    done = run(jobs)
    assert all(one.observation.settings["together"] == [address] for address, one in done.items())


def test_different_servers_of_different_opds_share_a_worker() -> None:
    other = replace(job(2).task, server="t", opd="p", authorization="x")
    assert groups(run([job(1), Job(other, LIMITS)])) == [["1", "2"]]


def test_a_crash_costs_one_task_and_the_others_of_its_group_are_measured_alone() -> None:
    done = run([job(1), job(2, server="dies"), job(3), job(4)])
    assert failures(done) == {"1": None, "2": FailureKind.INTERNAL, "3": None, "4": None}


def test_a_task_that_hangs_costs_itself_alone() -> None:
    jobs = [job(1, limits=SHORT), job(2, server="hangs", limits=SHORT), job(3, limits=SHORT)]
    assert failures(run(jobs, grace_seconds=0.0)) == {"1": None, "2": FailureKind.TIMEOUT, "3": None}


def test_a_fault_of_ours_in_a_group_costs_one_task() -> None:
    done = run([job(1), job(2, server="raises"), job(3)])
    assert failures(done) == {"1": None, "2": FailureKind.INTERNAL, "3": None}


def test_a_group_that_forgets_an_address_is_not_believed() -> None:
    done = run(job(number, "less") for number in (1, 2, 3))
    assert groups(done) == [["1"], ["2"], ["3"]]
    assert set(failures(done).values()) == {None}


def test_a_stop_ends_a_group_and_leaves_no_observation() -> None:
    workers = ScriptedWorkers()
    done: list[Done] = []

    def collect(one: Done) -> Iterable[Job]:
        done.append(one)
        return ()

    jobs = [job(1, server="hangs"), job(2), job(3)]
    assert not Runner(60, lambda: bool(workers.started), workers).run(jobs, collect)
    assert done == []
    assert eventually(lambda: not alive(workers.started[0].pid))


def test_what_may_not_start_any_more_leaves_its_group() -> None:
    done: list[Done] = []

    def collect(one: Done) -> Iterable[Job]:
        done.append(one)
        return ()

    runner = Runner(60, lambda: False, ScriptedWorkers())
    jobs = [job(1), job(2), job(3)]
    assert runner.run(jobs, collect, may_start=lambda one: one is not jobs[1])
    assert [one.observation.settings["together"] for one in done] == [["127.30.10.1", "127.30.10.3"]] * 2


def test_a_finished_address_goes_on_while_others_still_wait() -> None:
    order: list[str] = []

    def follow(one: Done) -> Iterable[Job]:
        task = one.job.task
        order.append(f"{task.address.rpartition('.')[2]} {task.scanner}")
        return [Job(replace(task, scanner="single"), LIMITS)] if task.scanner == "together" else []

    assert Runner(1, lambda: False, ScriptedWorkers()).run([job(n) for n in (1, 2, 3)], follow)
    assert order == ["1 together", "1 single", "2 together", "2 single", "3 together", "3 single"]
