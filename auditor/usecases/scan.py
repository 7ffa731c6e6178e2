"""Measure what a run has planned, store each observation as it comes, and stop when asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic, sleep

from auditor.model.evidence import Evidence, Failure, FailureKind, Observation
from auditor.model.inventory import Inventory
from auditor.model.plan import IMPORTED_LOOK, Task
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.model.schedule import Blackout
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.credentials import Ask, Opened, nobody, open_credentials
from auditor.usecases.earlier import earlier
from auditor.usecases.errors import UsageProblem
from auditor.usecases.follow_up import follow_up, is_ready
from auditor.usecases.imported import take_over
from auditor.usecases.inputs import catalogue_for
from auditor.usecases.pauses import Pauses
from auditor.usecases.planning import as_allowed, authorized, limits_for, looks_inside, still_wanted
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


_MOST_REFUSALS = 3
"""So many servers that refuse a login mean that the key is wrong, and more would look like an attack."""


_POLL_SECONDS = 1.0


def _credential(task: Task) -> str:
    """Return the id of the credential that a task logs in with, "" for one that does not log in."""
    name = task.options.get("credential")
    return name if isinstance(name, str) else ""


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
    ask: Ask = nobody,
    *,
    imported_only: bool = False,
    clock: Clock = SYSTEM_CLOCK,
    until: datetime | None = None,
    blackouts: Iterable[Blackout] = (),
    wait: Callable[[float], None] = sleep,
) -> RunStatus:
    """Run every task of a run that has no evidence yet. Return COLLECTED, or STOPPED when asked to stop.

    `until` is when it will be asked: what must not be measured now is waited for so long. `blackouts` are
    those of today beside those the run was planned with.

    `present` is the inventory as it stands when a run is taken up again: it can forbid what was planned, and
    adds nothing. `ask` is asked, before anything is measured, for the secrets that only a person knows.
    Reports of other tools fill what measuring left open; with `imported_only` they are all there is.
    """
    opened = {} if imported_only else _opened(inputs, ask)
    pauses = Pauses(inputs.inventory, (*inputs.policy.blackouts, *blackouts), until)
    scanning = _Scanning(workspace, run, inputs, on_progress, present, opened, clock, pauses)
    runner = Runner(inputs.policy.total.parallel_hosts, should_stop)

    def measure(jobs: Iterable[Job]) -> bool:
        while runner.run(jobs, scanning.on_done, scanning.on_start, scanning.may_start, scanning.as_started):
            later = scanning.later_jobs(should_stop, wait)
            if not later:
                return later is not None
            jobs = later
        return False

    try:
        finished = imported_only or measure(scanning.first_jobs())
        if finished:
            scanning.take_over()
        second = inputs.policy.second_look and run.kind is not RunKind.RETEST
        if finished and second and not imported_only:
            finished = measure(scanning.second_jobs())
    except WorkersUnavailable as error:
        raise UsageProblem(str(error), "see what is missing with: auditor doctor") from error
    status = RunStatus.COLLECTED if finished else RunStatus.STOPPED
    workspace.runs.set_status(run.id, status, clock.now())
    return status


def _opened(inputs: RunInputs, ask: Ask) -> Mapping[str, Opened]:
    """Return the credentials that servers of this run are looked into with, opened."""
    inventory = inputs.inventory
    servers = {task.server for task in inputs.plan.tasks}
    accesses = (inventory.server(one).access for one in servers)
    wanted = {access.credential for access in accesses if access is not None and access.credential}
    if not wanted or not looks_inside(inventory):
        return {}
    return open_credentials([inventory.credentials[name] for name in sorted(wanted)], ask)


class _Scanning:
    """The callbacks of one run."""

    def __init__(
        self,
        workspace: Workspace,
        run: AuditRun,
        inputs: RunInputs,
        on_progress: OnProgress,
        present: Inventory | None,
        opened: Mapping[str, Opened],
        clock: Clock,
        pauses: Pauses,
    ):
        self._opened, self._clock, self._pauses = opened, clock, pauses
        self._released: list[Job] = []
        self._refused: Counter[str] = Counter()
        self._workspace, self._run, self._inputs, self._on_progress = workspace, run, inputs, on_progress
        self._present = present
        self._ports = {_place(task): task for task in inputs.plan.tasks}
        self._state = _State(workspace.evidence.of_run(run.id))
        self._state.resumed = len(self._state.evidence)
        self._catalogue = catalogue_for(inputs.policy)
        self._earlier = earlier(workspace, run, inputs.policy.reuse, self._catalogue.checks, clock.now())
        self._started = monotonic()

    def first_jobs(self) -> list[Job]:
        """Return the jobs that can start at once: port scans, and what a run before this left open."""
        jobs: list[Job] = []
        if any(one.task.look == IMPORTED_LOOK for one in self._state.evidence.values()):
            # Reports were taken over when nothing was left to measure: no measurement may meet one of them.
            return jobs
        for ports in self._inputs.plan.tasks:
            tasks = self._next_tasks(ports) if ports.id in self._state.evidence else self._authorized([ports])
            jobs.extend(self._order(_place(ports), tasks))
        return jobs

    def take_over(self) -> None:
        """Fill with reports that were handed in what nobody measured."""
        self._state.evidence |= take_over(self._workspace, self._run, self._inputs, self._state.evidence)

    def second_jobs(self) -> list[Job]:
        """Return the jobs that look a second time at what got worse since the audit before."""
        state = self._state
        looks = second_looks(self._workspace, self._run, self._inputs, self._catalogue, state.evidence)
        tasks = [task for task in looks if task.id not in state.evidence]
        return [job for task in self._authorized(tasks) for job in self._order(_place(task), [task])]

    def may_start(self, job: Job) -> bool:
        """Return whether a job whose turn has come is still authorized today, and as it was ordered.

        What must not be measured just now is kept for later.
        """
        if self._authorized([job.task]) == [job.task]:
            now = self._clock.now()
            blackout = self._pauses.holding(job.task, now)
            if blackout is not None:
                self._put_off(job, blackout)
                return False
            if self._refused[_credential(job.task)] < _MOST_REFUSALS:
                return True
            self._note_withheld(job.task)
        self._state.unfinished[_place(job.task)] -= 1
        return False

    def as_started(self, job: Job) -> Job:
        """Return a job so that it ends before the next blackout begins."""
        return self._pauses.bounded(job, self._clock.now())

    def later_jobs(self, should_stop: Callable[[], bool], wait: Callable[[float], None]) -> list[Job] | None:
        """Return what can be measured now that everything else was, waiting for it; [] when nothing is left.

        Return None when it has to stop before. What cannot be measured before the end is noted as such.
        """
        while not (jobs := self._due_again()) and self._pauses.waits():
            if should_stop():
                return None
            wait(_POLL_SECONDS)
        if jobs:
            return jobs
        for job in self._pauses.given_up():
            blackout = self._pauses.holding(job.task, self._clock.now())
            if blackout is None:
                self._released.append(job)
            else:
                self._note_blackout(job.task, blackout)
        return self._due_again()

    def _due_again(self) -> list[Job]:
        """Return, once, the jobs that were put off and can begin, and those that were ordered meanwhile."""
        jobs = [*self._released, *self._pauses.ready(self._clock.now())]
        self._released.clear()
        return jobs

    def _put_off(self, job: Job, blackout: Blackout) -> None:
        if not self._pauses.put_off(job, self._clock.now()):
            self._note_blackout(job.task, blackout)

    def _note_blackout(self, task: Task, blackout: Blackout) -> None:
        """Store that something must not be measured, and order what that leaves to be asked."""
        self._note(task, Failure(FailureKind.BLACKOUT, blackout.reason))
        self._state.unfinished[_place(task)] -= 1
        self._released.extend(self._order(_place(task), self._next_tasks(self._ports[_place(task)])))

    def _note_withheld(self, task: Task) -> None:
        """Store why a login is not even tried: a key that several servers refused is offered to no other."""
        name = _credential(task)
        detail = f"{name} was refused by {_MOST_REFUSALS} servers and is offered to no other in this audit"
        self._note(task, Failure(FailureKind.LOGIN_REFUSED, detail))

    def _note(self, task: Task, failure: Failure) -> None:
        """Store why a task was not even tried."""
        now = self._clock.now()
        observation = Observation("auditor", "", {}, {}, failure)
        self._state.evidence[task.id] = self._workspace.evidence.append(
            self._run.id, task, Timing(now, now, 0.0), observation
        )

    def on_start(self, job: Job) -> None:
        """Tell what is being measured."""
        self._tell(f"{job.task.scanner} {job.task.server} {job.task.address}")

    def on_done(self, done: Done) -> Iterable[Job]:
        """Store an observation, then order what it calls for."""
        task, failure = done.job.task, done.observation.failure
        cut = self._pauses.ended_early(task)
        if cut is not None and failure is not None and failure.kind is FailureKind.TIMEOUT:
            # Its time ran out because a blackout began: that says nothing about the server.
            return [cut, *self._due_again()]
        shown = self._clock.shown
        timing = Timing(shown(done.started_at), shown(done.finished_at), done.duration_seconds)
        self._state.evidence[task.id] = self._workspace.evidence.append(
            self._run.id, task, timing, done.observation
        )
        self._state.unfinished[_place(task)] -= 1
        if failure is not None and failure.kind is FailureKind.LOGIN_REFUSED:
            self._refused[_credential(task)] += 1
        jobs = self._order(_place(task), self._next_tasks(self._ports[_place(task)]))
        self._tell(f"{task.scanner} {task.server} {task.address}")
        return [*jobs, *self._due_again()]

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
        today = local_day(self._clock.now(), self._inputs.inventory.organization)
        found: list[Task] = []
        for task in tasks:
            wanted = self._present is None or still_wanted(task, self._present, today)
            if wanted and authorized(task, self._inputs.inventory, today):
                allowed = as_allowed(task, self._inputs.inventory, today)
                found.append(as_allowed(allowed, self._present, today) if self._present else allowed)
        return found

    def _order(self, place: _Place, tasks: Iterable[Task]) -> list[Job]:
        told = [self._told(task) for task in tasks]
        policy = self._inputs.policy
        jobs = [Job(task, limits_for(task, policy), self._secret(task)) for task in told]
        self._state.ordered.update(job.task.id for job in jobs)
        self._state.unfinished[place] = self._state.unfinished.get(place, 0) + len(jobs)
        return jobs

    def _secret(self, task: Task) -> bytes:
        opened = self._opened.get(_credential(task))
        return opened.key if opened else b""

    def _told(self, task: Task) -> Task:
        """Return a first look at something with what the audit before found of it."""
        opened = self._opened.get(_credential(task))
        if opened is not None and opened.problem:
            return replace(task, options={**task.options, "problem": opened.problem})
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
