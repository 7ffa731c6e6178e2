"""The runner with real worker processes against servers that behave and servers that do not."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from auditor.model.evidence import FailureKind
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.process import WorkerProcess
from scanners.runner import Done, Job, Runner
from scanners.workers import Workers
from tests.scanners.loopback import serve, unused_port
from tests.scanners.processes import alive, children, eventually, named

QUICK = Limits(10_000.0, 1, 1000, 30.0, connect_timeout_seconds=10.0, response_bytes=10_000)
SLOW_PACKETS = Limits(1.0, 1, 1, 600.0)


def ssh(address: str, port: int) -> Job:
    """Return a job that makes one connection to a port where something else than SSH answers."""
    return Job(Task("ssh", "s", "o", address, port), QUICK)


def slow_nmap(address: str) -> Job:
    """Return a job in which nmap is busy for minutes: many ports at a packet per second."""
    # Other ports for every address, so that each has a process of its own.
    options = {"ranges": [[int(address.rpartition(".")[2]), 1000]], "versions": False}
    return Job(Task("ports", "s", "o", address, options=options), SLOW_PACKETS)


class Remembering(Workers):
    """Starts workers and remembers them."""

    def __init__(self, grace_seconds: float = 15.0):
        super().__init__(grace_seconds)
        self.started: list[WorkerProcess] = []

    def start(self) -> WorkerProcess:
        """Start a worker and keep it in mind."""
        worker = super().start()
        self.started.append(worker)
        return worker

    def at(self, address: str) -> int:
        """Return the process id of the worker whose task is at an address."""
        return next(w.pid for w in self.started if address in [task.address for task in w.tasks])


def run(
    jobs: Iterable[Job],
    parallel_hosts: int = 2,
    workers: Remembering | None = None,
    on_start: Callable[[Job], None] = lambda _job: None,
) -> list[Done]:
    """Run jobs to their end."""
    done: list[Done] = []

    def collect(one: Done) -> Iterable[Job]:
        done.append(one)
        return ()

    assert Runner(parallel_hosts, lambda: False, workers or Remembering()).run(jobs, collect, on_start)
    return done


def kind(done: Done) -> FailureKind | None:
    """Return the kind of a failure."""
    failure = done.observation.failure
    return failure.kind if failure else None


def kinds(done: Iterable[Done]) -> dict[str, FailureKind | None]:
    """Return the kind of failure by address."""
    return {one.job.task.address: kind(one) for one in done}


class Crowd:
    """Counts connections that are open at the same time, by the address they came to."""

    def __init__(self, wait_for: int = 1):
        self.most_at_one_address = 0
        self.most_addresses = 0
        self.connections = 0
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._together = threading.Barrier(wait_for)

    def handle(self, connection: socket.socket) -> None:
        """Stay until `wait_for` connections are here together, then answer and wait for the end."""
        address: str = connection.getsockname()[0]
        with self._lock:
            self.connections += 1
            self._open[address] += 1
            self.most_at_one_address = max(self.most_at_one_address, self._open[address])
            self.most_addresses = max(self.most_addresses, sum(1 for n in self._open.values() if n))
        # Counted as gone before the client can know that it may leave.
        with contextlib.suppress(threading.BrokenBarrierError):
            self._together.wait(20)
        with self._lock:
            self._open[address] -= 1
        connection.sendall(b"HTTP/1.0 400 Bad Request\r\n" * 40)


def test_never_two_tasks_at_one_address_and_every_task_has_its_observation() -> None:
    crowd = Crowd()
    addresses = ["127.30.3.1", "127.30.3.2"]
    with contextlib.ExitStack() as stack:
        jobs = [
            ssh(address, stack.enter_context(serve(crowd.handle, address)).port)
            for _ in range(4)
            for address in addresses
        ]
        busy: Counter[str] = Counter()
        overlaps: list[str] = []

        def on_start(job: Job) -> None:
            busy[job.task.address] += 1
            if busy[job.task.address] > 1:
                overlaps.append(job.task.address)

        def on_done(done: Done) -> Iterable[Job]:
            busy[done.job.task.address] -= 1
            finished.append(done)
            return ()

        finished: list[Done] = []
        assert Runner(4, lambda: False).run(jobs, on_done, on_start)
    assert overlaps == []
    assert crowd.most_at_one_address == 1
    assert crowd.connections == len(jobs)
    assert Counter(one.job.task.id for one in finished) == Counter(job.task.id for job in jobs)
    assert {kind(one) for one in finished} == {FailureKind.PROTOCOL}


def test_as_many_hosts_at_once_as_allowed_and_never_more() -> None:
    crowd = Crowd(wait_for=2)
    with contextlib.ExitStack() as stack:
        jobs = [
            ssh(address, stack.enter_context(serve(crowd.handle, address)).port)
            for address in (f"127.30.4.{number}" for number in range(1, 7))
        ]
        workers = Remembering()
        run(jobs, parallel_hosts=2, workers=workers)
    assert crowd.most_addresses == 2
    assert len(workers.started) == 2


def test_tasks_that_an_observation_calls_for_are_run_too() -> None:
    first, second = ssh("127.30.5.1", unused_port()), ssh("127.30.5.1", unused_port())
    seen: list[Job] = []

    def on_done(done: Done) -> Iterable[Job]:
        seen.append(done.job)
        return [second] if done.job is first else []

    assert Runner(1, lambda: False).run([first], on_done)
    assert seen == [first, second]


def test_a_finished_task_knows_its_times() -> None:
    (done,) = run([ssh("127.30.5.2", unused_port())])
    assert done.started_at.utcoffset() == done.finished_at.utcoffset()
    assert done.started_at <= done.finished_at
    assert done.duration_seconds > 0
    assert kinds([done]) == {"127.30.5.2": FailureKind.REFUSED}


def test_a_task_beyond_its_time_is_killed_and_other_addresses_go_on() -> None:
    workers = Remembering(grace_seconds=0.0)
    stuck: list[int] = []
    limits = Limits(10_000.0, 1, 1000, 1.0)

    def on_start(job: Job) -> None:
        if job.task.address == "127.30.6.1":
            stuck.append(workers.at("127.30.6.1"))
            os.kill(stuck[0], signal.SIGSTOP)

    jobs = [Job(Task("ssh", "s", "o", "127.30.6.1", unused_port()), limits)]
    jobs += [ssh("127.30.6.2", unused_port()), ssh("127.30.6.3", unused_port())]
    done = run(jobs, workers=workers, on_start=on_start)
    assert kinds(done) == {
        "127.30.6.1": FailureKind.TIMEOUT,
        "127.30.6.2": FailureKind.REFUSED,
        "127.30.6.3": FailureKind.REFUSED,
    }
    assert not alive(stuck[0])


def test_a_worker_killed_from_outside_costs_its_task_alone() -> None:
    workers = Remembering()

    def on_start(job: Job) -> None:
        if job.task.address == "127.30.7.1":
            os.kill(workers.at("127.30.7.1"), signal.SIGKILL)

    jobs = [ssh(f"127.30.7.{number}", unused_port()) for number in range(1, 5)]
    done = run(jobs, workers=workers, on_start=on_start)
    assert kinds(done) == {
        "127.30.7.1": FailureKind.INTERNAL,
        **{f"127.30.7.{number}": FailureKind.REFUSED for number in (2, 3, 4)},
    }


def test_an_idle_worker_that_died_costs_no_task() -> None:
    workers = Remembering()
    jobs = [ssh("127.30.7.5", unused_port()), ssh("127.30.7.5", unused_port())]
    seen: list[Done] = []

    def on_done(done: Done) -> Iterable[Job]:
        seen.append(done)
        newest = workers.started[-1]
        os.kill(newest.pid, signal.SIGKILL)
        assert eventually(lambda: not newest.usable)
        return ()

    assert Runner(1, lambda: False, workers).run(jobs, on_done)
    assert [kind(one) for one in seen] == [FailureKind.REFUSED] * 2
    assert len(workers.started) == 2


def test_a_stop_ends_every_worker_and_every_nmap_and_leaves_no_observation() -> None:
    workers = Remembering()
    jobs = [slow_nmap("127.30.8.1"), slow_nmap("127.30.8.2"), slow_nmap("127.30.8.3")]
    seen: set[int] = set()

    def should_stop() -> bool:
        below = set().union(*(children(worker.pid) for worker in workers.started), set())
        if len(named(below, "nmap")) < 2:
            return False
        seen.update(below, (worker.pid for worker in workers.started))
        return True

    done: list[Done] = []
    assert not Runner(2, should_stop, workers).run(jobs, lambda one: done.append(one) or ())  # type: ignore[func-returns-value]
    assert len(seen) >= 4
    assert done == []
    assert eventually(lambda: not any(alive(pid) for pid in seen))


def test_an_error_while_storing_ends_every_worker_too() -> None:
    workers = Remembering()
    jobs = [slow_nmap("127.30.8.4"), ssh("127.30.8.5", unused_port())]

    def on_done(_done: Done) -> Iterable[Job]:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Runner(2, lambda: False, workers).run(jobs, on_done)
    assert len(workers.started) == 2
    assert not any(alive(worker.pid) for worker in workers.started)


PARENT = """
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.runner import Job, Runner
limits, ranges = Limits(1.0, 1, 1, 600.0), {1: [[1, 1000]], 2: [[2, 1000]]}
jobs = [Job(Task("ports", "s", "o", f"127.30.9.{n}", options={"ranges": ranges[n]}), limits) for n in ranges]
Runner(2, lambda: False).run(jobs, lambda done: ())
"""


@contextlib.contextmanager
def parent_process(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process with two workers and their nmaps."""
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=folder) as parent:
        try:
            yield parent
        finally:
            parent.kill()


def test_a_parent_that_is_killed_takes_its_workers_and_nmaps_with_it(tmp_path: Path) -> None:
    with parent_process(tmp_path) as parent:
        assert eventually(lambda: len(named(children(parent.pid), "nmap")) == 2)
        below = children(parent.pid)
        assert len(below) == 5  # two workers, their nmaps, and the process that started the workers
        parent.kill()
        parent.wait()
        assert eventually(lambda: not any(alive(pid) for pid in below))


def test_files_in_the_folder_of_an_audit_are_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("scanners", "asyncssh", "queue", "json", "resource"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run([ssh("127.30.5.3", unused_port())])
    assert kinds(done) == {"127.30.5.3": FailureKind.REFUSED}


def test_a_job_that_may_not_start_when_its_turn_comes_is_dropped() -> None:
    allowed = ["127.0.0.1"]
    done: list[Done] = []

    def collect(one: Done) -> Iterable[Job]:
        done.append(one)
        allowed.clear()
        return ()

    jobs = [ssh("127.0.0.1", unused_port()), ssh("127.0.0.2", unused_port()), ssh("127.0.0.1", unused_port())]
    runner = Runner(1, lambda: False)
    assert runner.run(jobs, collect, may_start=lambda job: job.task.address in allowed)
    assert [one.job for one in done] == jobs[:1]
