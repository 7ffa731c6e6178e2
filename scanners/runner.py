"""Run tasks in worker processes: never two at one address, never more hosts at once than allowed."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.model.evidence import Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.process import WorkerProcess

_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Job:
    """A task with what it may take."""

    task: Task
    limits: Limits


@dataclass(frozen=True, slots=True)
class Done:
    """A finished job. Times are UTC; the duration is monotonic."""

    job: Job
    observation: Observation
    started_at: datetime
    finished_at: datetime
    duration_seconds: float


class Runner:
    """Keeps up to `parallel_hosts` workers busy until no job is left or a stop is asked for."""

    def __init__(
        self,
        parallel_hosts: int,
        should_stop: Callable[[], bool],
        start_worker: Callable[[], WorkerProcess] = WorkerProcess,
    ):
        self._parallel_hosts = parallel_hosts
        self._should_stop = should_stop
        self._start_worker = start_worker
        self._waiting: list[Job] = []
        self._running: dict[WorkerProcess, Job] = {}
        self._idle: list[WorkerProcess] = []

    def run(
        self,
        jobs: Iterable[Job],
        on_done: Callable[[Done], Iterable[Job]],
        on_start: Callable[[Job], None] = lambda _job: None,
        may_start: Callable[[Job], bool] = lambda _job: True,
    ) -> bool:
        """Run jobs and whatever `on_done` adds to them. Return False when a stop was asked for.

        `may_start` is asked when a job's turn comes, perhaps days after it was ordered; refused, the job is
        dropped and leaves no observation. A stop kills every worker with its children, and what was running
        leaves none either.
        """
        self._waiting.extend(jobs)
        try:
            while self._waiting or self._running:
                if self._should_stop():
                    return False
                self._order_next(on_start, may_start)
                for done in self._collect():
                    self._waiting.extend(on_done(done))
            return True
        finally:
            for worker in (*self._running, *self._idle):
                worker.end()
            self._running.clear()
            self._idle.clear()

    def _order_next(self, on_start: Callable[[Job], None], may_start: Callable[[Job], bool]) -> None:
        busy = {job.task.address for job in self._running.values()}
        for job in list(self._waiting):
            if len(self._running) >= self._parallel_hosts:
                return
            if job.task.address in busy:
                continue
            self._waiting.remove(job)
            if not may_start(job):
                continue
            busy.add(job.task.address)
            worker = self._free_worker()
            worker.order(job.task, job.limits)
            self._running[worker] = job
            on_start(job)

    def _free_worker(self) -> WorkerProcess:
        while self._idle:
            worker = self._idle.pop()
            if worker.usable:
                return worker
            worker.end()
        return self._start_worker()

    def _collect(self) -> list[Done]:
        with selectors.DefaultSelector() as selector:
            for worker in self._running:
                selector.register(worker, selectors.EVENT_READ)
            selector.select(_POLL_SECONDS)
        return [done for worker in list(self._running) if (done := self._finish(worker)) is not None]

    def _finish(self, worker: WorkerProcess) -> Done | None:
        observation = worker.receive()
        if observation is None:
            return None
        job = self._running.pop(worker)
        done = Done(job, observation, worker.started_at, datetime.now(UTC), worker.seconds)
        if worker.usable:
            self._idle.append(worker)
        else:
            worker.end()
        return done
