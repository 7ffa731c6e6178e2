"""Workers come from one warm process, and no fault of a process costs more than its task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable

import pytest

from auditor.model.evidence import FailureKind
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.forkserver import _kill
from scanners.runner import Done, Job, Runner
from scanners.workers import Workers
from tests.scanners.processes import alive, children, eventually, parent_of
from tests.scanners.scripted import ROOT, ScriptedWorkers

LIMITS = Limits(5.0, 1, 50, 30.0)
PARENT = """
from tests.scanners.test_runner_processes import hang
hang()
"""


@pytest.fixture(autouse=True)
def scripted_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let worker processes find the tests' modules."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def job(number: int, server: str = "s", limits: Limits = LIMITS) -> Job:
    """Return a job at an address of its own."""
    return Job(Task("single", server, "o", f"127.30.11.{number}"), limits)


def hang() -> None:
    """Run two jobs that never end."""
    Runner(2, lambda: False, ScriptedWorkers()).run([job(1, "hangs"), job(2, "hangs")], lambda _done: ())


def run(jobs: Iterable[Job], workers: Workers, on_done: object = None) -> dict[str, FailureKind | None]:
    """Run jobs one address at a time; return the kind of failure by the address."""
    kinds: dict[str, FailureKind | None] = {}

    def collect(done: Done) -> Iterable[Job]:
        failure = done.observation.failure
        kinds[done.job.task.address] = failure.kind if failure else None
        if callable(on_done):
            on_done(done)
        return ()

    assert Runner(1, lambda: False, workers).run(jobs, collect)
    return kinds


def test_a_worker_has_a_group_and_a_session_of_its_own_and_all_have_one_parent() -> None:
    workers = ScriptedWorkers()
    try:
        pids = [workers.start().pid for _ in range(3)]
        assert [os.getpgid(pid) for pid in pids] == pids
        assert [os.getsid(pid) for pid in pids] == pids
        assert len({parent_of(pid) for pid in pids}) == 1
        assert os.getsid(parent_of(pids[0])) == parent_of(pids[0])
    finally:
        workers.end_all(workers.started)
    assert eventually(lambda: not any(alive(pid) for pid in pids))


def test_the_memory_of_a_worker_is_bounded() -> None:
    workers = ScriptedWorkers()
    try:
        with open(f"/proc/{workers.start().pid}/limits", encoding="utf-8") as limits:
            (line,) = [line for line in limits if line.startswith("Max address space")]
        assert line.split()[3:5] == ["2000000000", "2000000000"]
    finally:
        workers.end_all(workers.started)


def test_a_worker_that_has_no_group_yet_is_killed_too() -> None:
    child = os.fork()
    if child == 0:
        # Still in the group of its parent, as between the fork and setsid.
        try:
            signal.pause()
        finally:
            os._exit(1)
    _kill(child)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_an_ended_worker_is_gone_and_others_are_not() -> None:
    workers = ScriptedWorkers()
    try:
        first, second = workers.start(), workers.start()
        workers.end(first)
        assert not alive(first.pid)
        assert alive(second.pid)
    finally:
        workers.end_all([second])


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_an_audit_goes_on_when_all_its_processes_are_killed_between_tasks(signal_number: int) -> None:
    workers = ScriptedWorkers()

    def kill_both(_done: Done) -> None:
        worker, server = workers.started[-1], workers.servers[-1]
        os.kill(server, signal_number)
        assert eventually(lambda: not alive(server))
        os.kill(worker.pid, signal.SIGKILL)
        assert eventually(lambda: not worker.usable)

    kinds = run([job(1), job(2), job(3)], workers, kill_both)
    assert set(kinds.values()) == {None}
    assert len(set(workers.servers)) == len(workers.started) == 3
    assert not any(alive(pid) for pid in (*workers.servers, *(worker.pid for worker in workers.started)))


def test_a_worker_goes_on_without_the_process_that_started_it() -> None:
    workers = ScriptedWorkers()

    def kill_server(_done: Done) -> None:
        if alive(workers.servers[0]):
            os.kill(workers.servers[0], signal.SIGKILL)

    kinds = run([job(1), job(2), job(3)], workers, kill_server)
    assert set(kinds.values()) == {None}
    assert len(workers.started) == 1
    assert eventually(lambda: not alive(workers.started[0].pid))


def test_an_audit_goes_on_when_the_process_that_starts_workers_stands_still() -> None:
    workers = ScriptedWorkers()
    workers.patience_seconds = 1.0

    def stop_server(_done: Done) -> None:
        if len(workers.started) == 1:
            os.kill(workers.servers[0], signal.SIGSTOP)
            os.kill(workers.started[0].pid, signal.SIGKILL)
            assert eventually(lambda: not workers.started[0].usable)

    kinds = run([job(1), job(2)], workers, stop_server)
    assert set(kinds.values()) == {None}
    assert not alive(workers.servers[0])


def test_a_worker_that_does_not_read_its_order_does_not_stop_the_parent() -> None:
    workers = ScriptedWorkers(grace_seconds=0.0)
    large = Task("single", "s", "o", "127.30.11.9", options={"names": ["x" * 100] * 10_000})
    try:
        worker = workers.start()
        os.kill(worker.pid, signal.SIGSTOP)
        worker.order([large], Limits(5.0, 1, 50, 0.0))
        (lost,) = worker.receive() or ()
        assert lost.failure
        assert lost.failure.kind is FailureKind.TIMEOUT
        assert not worker.usable
    finally:
        workers.end_all(workers.started)


def test_an_order_larger_than_a_pipe_arrives_whole() -> None:
    large = Task("single", "s", "o", "127.30.11.9", options={"names": ["x" * 100] * 3_000})
    assert run([Job(large, LIMITS)], ScriptedWorkers()) == {"127.30.11.9": None}


@pytest.mark.parametrize("first", ["parent alone", "the process that starts workers", "stopped workers"])
def test_nothing_outlives_a_parent_that_is_killed(first: str) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT) as parent:
        try:
            assert eventually(lambda: len(children(parent.pid)) == 3)
            below = children(parent.pid)
            (server,) = [pid for pid in below if parent_of(pid) == parent.pid]
            if first == "the process that starts workers":
                os.kill(server, signal.SIGKILL)
            elif first == "stopped workers":
                for worker in below - {server}:
                    os.kill(worker, signal.SIGSTOP)
        finally:
            parent.kill()
        assert eventually(lambda: not any(alive(pid) for pid in below))
