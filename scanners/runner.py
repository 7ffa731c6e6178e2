"""Run tasks in worker processes: never two at one address, never more hosts at once than allowed."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.model.evidence import Observation
from scanners.process import WorkerProcess
from scanners.waiting import Job, Waiting
from scanners.workers import Workers

__all__ = ["Done", "Job", "Runner"]

_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Done:
    """A finished job. Times are UTC; the duration is monotonic."""

    job: Job
    observation: Observation
    started_at: datetime
    finished_at: datetime
    duration_seconds: float


class Runner:
    """Keeps up to `parallel_hosts` addresses busy until no job is left or a stop is asked for."""

    def __init__(self, parallel_hosts: int, should_stop: Callable[[], bool], workers: Workers | None = None):
        self._parallel_hosts = parallel_hosts
        self._should_stop = should_stop
        self._workers = workers or Workers()
        self._waiting = Waiting(())
        self._running: dict[WorkerProcess, tuple[Job, ...]] = {}
        self._idle: list[WorkerProcess] = []

    def run(
        self,
        jobs: Iterable[Job],
        on_done: Callable[[Done], Iterable[Job]],
        on_start: Callable[[Job], None] = lambda _job: None,
        may_start: Callable[[Job], bool] = lambda _job: True,
        as_started: Callable[[Job], Job] = lambda job: job,
    ) -> bool:
        """Run jobs and whatever `on_done` adds to them. Return False when a stop was asked for.

        Jobs of a scanner with `scan_group` that differ in their address alone share a worker; what such a
        group loses when its worker is lost is measured again, each job alone.

        `may_start` is asked when a job's turn comes, perhaps days after it was ordered; refused, the job is
        dropped and leaves no observation. `as_started` can change what it may take. A stop kills every worker
        with its children, and what was running leaves none either.
        """
        try:
            self._waiting = Waiting(self._workers.grouped)
            self._add(jobs)
            while self._waiting or self._running:
                if self._should_stop():
                    return False
                self._order_next(on_start, may_start, as_started)
                for done in self._collect():
                    self._add(on_done(done))
            return True
        finally:
            self._end_all()

    def _add(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self._waiting.add(job)

    def _order_next(
        self,
        on_start: Callable[[Job], None],
        may_start: Callable[[Job], bool],
        as_started: Callable[[Job], Job],
    ) -> None:
        while taken := self._waiting.take(self._parallel_hosts - self._waiting.busy):
            jobs: list[Job] = []
            for job in taken:
                if may_start(job):
                    jobs.append(as_started(job))
                else:
                    self._waiting.release(job.task)
            # Limits are those of a whole group, so whoever has others goes alone.
            by_limits: dict[str, list[Job]] = {}
            for job in jobs:
                by_limits.setdefault(repr(job.limits), []).append(job)
            for group in by_limits.values():
                self._order(tuple(group))
            for job in jobs:
                on_start(job)

    def _order(self, jobs: tuple[Job, ...]) -> None:
        worker = self._free_worker()
        worker.order(tuple(job.task for job in jobs), jobs[0].limits, jobs[0].secret)
        self._running[worker] = jobs

    def _free_worker(self) -> WorkerProcess:
        while self._idle:
            worker = self._idle.pop()
            if worker.usable:
                return worker
            self._workers.end(worker)
        return self._workers.start()

    def _collect(self) -> list[Done]:
        with selectors.DefaultSelector() as selector:
            for worker in self._running:
                selector.register(worker, selectors.EVENT_READ)
            selector.select(_POLL_SECONDS)
        return [done for worker in list(self._running) for done in self._finish(worker)]

    def _finish(self, worker: WorkerProcess) -> list[Done]:
        observations = worker.receive()
        if observations is None:
            return []
        jobs = self._running.pop(worker)
        finished, seconds = datetime.now(UTC), worker.seconds
        if worker.usable:
            self._idle.append(worker)
        else:
            self._workers.end(worker)
        for job in jobs:
            self._waiting.release(job.task)
        if worker.lost and len(jobs) > 1:
            # One of them did this, and the others shall not pay for it.
            for job in jobs:
                self._waiting.add(job, alone=True)
            return []
        return [
            Done(job, observation, worker.started_at, finished, seconds)
            for job, observation in zip(jobs, observations, strict=True)
        ]

    def _end_all(self) -> None:
        self._workers.end_all((*self._running, *self._idle))
        self._running.clear()
        self._idle.clear()
