"""Measure what a run has planned, store each observation as it comes, and stop when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic

from auditor.model.evidence import Evidence
from auditor.model.inventory import Inventory
from auditor.model.plan import Task
from auditor.model.run import AuditRun, RunStatus
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.earlier import earlier
from auditor.usecases.errors import UsageProblem
from auditor.usecases.follow_up import follow_up, is_ready
from auditor.usecases.inputs import catalogue_for
from auditor.usecases.planning import as_allowed, authorized, limits_for, still_wanted
from auditor.usecases.second_look import second_looks
from auditor.usecases.task_settings import settings_for
from scanners.runner import Done, Job, Runner
from scanners.workers import WorkersUnavailable


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `seconds_left` is an estimate from what was done so far, None while there is none."""

    addresses: int
    addresses_done: int
    tasks_done: int
    step: str
    seconds: float
    seconds_left: float | None


OnProgress = Callable[[Progress], None]
_Place = tuple[str, str]
"""Server and address."""


def _place(task: Task) -> _Place:
    return task.server, task.address


@dataclass(slots=True)
class _State:
    """What is known of each address while the run goes on."""

    evidence: dict[str, Evidence]
    ordered: set[str] = field(default_factory=set)
    unfinished: dict[_Place, int] = field(default_factory=dict)
    resumed: int = 0


def scan(
    workspace: Workspace,
    run: AuditRun,
    inputs: RunInputs,
    should_stop: Callable[[], bool],
    on_progress: OnProgress = lambda _progress: None,
    present: Inventory | None = None,
) -> RunStatus:
    """Run every task of a run that has no evidence yet. Return COLLECTED, or STOPPED when asked to stop.

    `present` is the inventory as it stands when a run is taken up again: it can forbid what was planned, and
    adds nothing.
    """
    scanning = _Scanning(workspace, run, inputs, on_progress, present)
    runner = Runner(inputs.policy.total.parallel_hosts, should_stop)

    def measure(jobs: Iterable[Job]) -> bool:
        return runner.run(jobs, scanning.on_done, scanning.on_start, scanning.may_start)

    try:
        finished = measure(scanning.first_jobs())
        if finished and inputs.policy.second_look:
            finished = measure(scanning.second_jobs())
    except WorkersUnavailable as error:
        raise UsageProblem(str(error), "see what is missing with: auditor doctor") from error
    status = RunStatus.COLLECTED if finished else RunStatus.STOPPED
    workspace.runs.set_status(run.id, status, datetime.now(UTC))
    return status


class _Scanning:
    """The callbacks of one run."""

    def __init__(
        self,
        workspace: Workspace,
        run: AuditRun,
        inputs: RunInputs,
        on_progress: OnProgress,
        present: Inventory | None,
    ):
        self._workspace, self._run, self._inputs, self._on_progress = workspace, run, inputs, on_progress
        self._present = present
        self._ports = {_place(task): task for task in inputs.plan.tasks}
        self._state = _State(workspace.evidence.of_run(run.id))
        self._state.resumed = len(self._state.evidence)
        self._catalogue = catalogue_for(inputs.policy)
        self._earlier = earlier(
            workspace, run, inputs.policy.reuse, self._catalogue.checks, datetime.now(UTC)
        )
        self._started = monotonic()

    def first_jobs(self) -> list[Job]:
        """Return the jobs that can start at once: port scans, and what a run before this left open."""
        jobs: list[Job] = []
        for ports in self._inputs.plan.tasks:
            tasks = self._next_tasks(ports) if ports.id in self._state.evidence else self._authorized([ports])
            jobs.extend(self._order(_place(ports), tasks))
        return jobs

    def second_jobs(self) -> list[Job]:
        """Return the jobs that look a second time at what got worse since the audit before."""
        state = self._state
        looks = second_looks(self._workspace, self._run, self._inputs, self._catalogue, state.evidence)
        tasks = [task for task in looks if task.id not in state.evidence]
        return [job for task in self._authorized(tasks) for job in self._order(_place(task), [task])]

    def may_start(self, job: Job) -> bool:
        """Return whether a job whose turn has come is still authorized today, and as it was ordered."""
        if self._authorized([job.task]) == [job.task]:
            return True
        self._state.unfinished[_place(job.task)] -= 1
        return False

    def on_start(self, job: Job) -> None:
        """Tell what is being measured."""
        self._tell(f"{job.task.scanner} {job.task.server} {job.task.address}")

    def on_done(self, done: Done) -> Iterable[Job]:
        """Store an observation, then order what it calls for."""
        task = done.job.task
        timing = Timing(done.started_at, done.finished_at, done.duration_seconds)
        self._state.evidence[task.id] = self._workspace.evidence.append(
            self._run.id, task, timing, done.observation
        )
        self._state.unfinished[_place(task)] -= 1
        jobs = self._order(_place(task), self._next_tasks(self._ports[_place(task)]))
        self._tell(f"{task.scanner} {task.server} {task.address}")
        return jobs

    def _next_tasks(self, ports: Task) -> list[Task]:
        if ports.scanner != "ports":
            return []
        inventory, state = self._inputs.inventory, self._state
        settings = settings_for(ports, inventory, self._inputs.policy)
        return self._authorized(
            task
            for task in follow_up(inventory.server(ports.server), ports, state.evidence, settings)
            if task.id not in state.evidence
            and task.id not in state.ordered
            and is_ready(task, state.evidence)
        )

    def _authorized(self, tasks: Iterable[Task]) -> list[Task]:
        """Leave out what may not be measured today: an authorization can end while an audit runs or rests."""
        today = local_day(datetime.now(UTC), self._inputs.inventory.organization)
        found: list[Task] = []
        for task in tasks:
            wanted = self._present is None or still_wanted(task, self._present, today)
            if wanted and authorized(task, self._inputs.inventory, today):
                allowed = as_allowed(task, self._inputs.inventory, today)
                found.append(as_allowed(allowed, self._present, today) if self._present else allowed)
        return found

    def _order(self, place: _Place, tasks: Iterable[Task]) -> list[Job]:
        told = [self._told(task) for task in tasks]
        jobs = [Job(task, limits_for(task, self._inputs.policy)) for task in told]
        self._state.ordered.update(job.task.id for job in jobs)
        self._state.unfinished[place] = self._state.unfinished.get(place, 0) + len(jobs)
        return jobs

    def _told(self, task: Task) -> Task:
        """Return a first look at something with what the audit before found of it."""
        if task.look != 1:
            return task
        return replace(task, options={**task.options, **self._earlier.options(task)})

    def _tell(self, step: str) -> None:
        done = sum(1 for count in self._state.unfinished.values() if count == 0)
        tasks_done = len(self._state.evidence)
        seconds = monotonic() - self._started
        self._on_progress(
            Progress(
                addresses=len(self._ports),
                addresses_done=done,
                tasks_done=tasks_done,
                step=step,
                seconds=seconds,
                seconds_left=_estimate(seconds, tasks_done - self._state.resumed, self._tasks_expected()),
            )
        )

    def _tasks_expected(self) -> float:
        """Estimate tasks still to do: those ordered, and for unseen addresses the mean of the others."""
        ordered = sum(self._state.unfinished.values())
        seen = [task for task in self._ports.values() if task.id in self._state.evidence]
        mean = len(self._state.evidence) / len(seen) if seen else 0.0
        return ordered + mean * (len(self._ports) - len(seen))


def _estimate(seconds: float, done: int, left: float) -> float | None:
    return seconds / done * left if done >= 3 else None
