"""What must not be measured just now, and what of it can be done later in the same audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.model.inventory import Inventory
from auditor.model.plan import Task
from auditor.model.schedule import Blackout
from auditor.store.runs import RunInputs
from controls.blackouts import blackout_at, free_again, next_beginning
from scanners.runner import Job

_ENDING_SECONDS = 20.0
"""A worker that overruns its time is given so long to end by itself; see WorkerProcess."""
_SHORTEST_SECONDS = 10.0
"""Nothing useful is measured in less."""


class Pauses:
    """The blackouts of one audit, and the jobs that wait for one to end. Instants are UTC."""

    def __init__(self, inventory: Inventory, blackouts: Iterable[Blackout], until: datetime | None):
        """`until` is when the audit has to end; None: it waits for nothing when the rest is done."""
        self._inventory, self._blackouts, self._until = inventory, tuple(dict.fromkeys(blackouts)), until
        self._servers = {server.id: server for server in inventory.servers()}
        self._waiting: list[tuple[datetime, Job]] = []
        self._bounded: dict[str, Job] = {}

    def holding(self, task: Task, now: datetime) -> Blackout | None:
        """Return the blackout that forbids a task now or within moments, None when it may begin."""
        if not self._blackouts:
            return None
        soon = now + timedelta(seconds=_ENDING_SECONDS + _SHORTEST_SECONDS)
        found = (self._at(opd, task, at) for opd in self._owners(task) for at in (now, soon))
        return next((one for one in found if one is not None), None)

    def free_at(self, task: Task, now: datetime) -> datetime:
        """Return from when on a task may begin."""
        soon = now + timedelta(seconds=_ENDING_SECONDS + _SHORTEST_SECONDS)
        ends = [
            free_again(self._blackouts, opd, task.server, self._local(opd, soon))
            for opd in self._owners(task)
        ]
        return max(_instant(end) for end in ends)

    def put_off(self, job: Job, now: datetime) -> bool:
        """Keep a job for later; return False when its blackout lasts as long as this audit can."""
        free = self.free_at(job.task, now)
        if self._until is not None and free >= self._until:
            return False
        self._waiting.append((free, job))
        return True

    def bounded(self, job: Job, now: datetime) -> Job:
        """Return a job that ends before the next blackout begins, and asks nothing of who has one."""
        if not self._blackouts:
            return job
        task = self._without_paused(job, now)
        latest = now + timedelta(seconds=job.limits.timeout_seconds + _ENDING_SECONDS)
        begins = [begin for opd in self._owners(task) if (begin := self._next(opd, task, now, latest))]
        if not begins:
            return replace(job, task=task)
        self._bounded[task.id] = job
        seconds = (min(begins) - now).total_seconds() - _ENDING_SECONDS
        return replace(job, task=task, limits=replace(job.limits, timeout_seconds=seconds))

    def ended_early(self, task: Task) -> Job | None:
        """Return a finished task's job as it was ordered where a blackout cut its time, else None."""
        return self._bounded.pop(task.id, None)

    def ready(self, now: datetime) -> list[Job]:
        """Return, once, the jobs whose blackout has ended."""
        found = [job for free, job in self._waiting if free <= now]
        self._waiting = [one for one in self._waiting if one[0] > now]
        return found

    def waits(self) -> bool:
        """Return whether any job waits for the end of a blackout that comes before the audit's."""
        return self._until is not None and bool(self._waiting)

    def given_up(self) -> list[Job]:
        """Return, once, the jobs that still wait."""
        found = [job for _, job in self._waiting]
        self._waiting = []
        return found

    def _owners(self, task: Task) -> tuple[str, ...]:
        """Return the agencies that a task concerns: that of the server, and that of the name asked for."""
        owners = self._servers[task.server].name_owners if task.server in self._servers else {}
        return tuple(dict.fromkeys((task.opd, owners.get(task.server_name, task.opd))))

    def _at(self, opd: str, task: Task, instant: datetime) -> Blackout | None:
        return blackout_at(self._blackouts, opd, task.server, self._local(opd, instant))

    def _next(self, opd: str, task: Task, now: datetime, latest: datetime) -> datetime | None:
        local, until = self._local(opd, now), self._local(opd, latest)
        begin = next_beginning(self._blackouts, opd, task.server, local, until)
        return _instant(begin) if begin else None

    def _without_paused(self, job: Job, now: datetime) -> Task:
        """Return a task about a domain without the addresses of those that must not be measured now."""
        task = job.task
        reachable = task.options.get("reachable")
        if task.scanner != "dns" or not isinstance(reachable, list):
            return task
        paused = {
            str(address)
            for server in self._servers.values()
            if self.holding(Task("ports", server.id, server.opd, ""), now)
            for address in server.addresses
        }
        left = [one for one in reachable if one not in paused]
        return replace(task, options={**task.options, "reachable": left})

    def _local(self, opd: str, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self._inventory.timezone_of(opd)))


def planned_pauses(planned: RunInputs, now: datetime) -> list[tuple[Task, str]]:
    """Return each first task of a plan with why it would not begin now and when it may, "" where it would."""
    pauses = Pauses(planned.inventory, planned.policy.blackouts, None)
    return [(task, _told(pauses, planned.inventory, task, now)) for task in planned.plan.tasks]


def _told(pauses: Pauses, inventory: Inventory, task: Task, now: datetime) -> str:
    blackout = pauses.holding(task, now)
    if blackout is None:
        return ""
    free = pauses.free_at(task, now)
    if free.year == MAXYEAR:
        return f"blackout: {blackout.reason}"
    local = free.astimezone(ZoneInfo(inventory.timezone_of(task.opd)))
    return f"blackout until {local:%Y-%m-%d %H:%M}: {blackout.reason}"


def _instant(local: datetime) -> datetime:
    # What never ends stands at the last year there is, which no zone can be applied to.
    return local.replace(tzinfo=UTC) if local.year == MAXYEAR else local.astimezone(UTC)
