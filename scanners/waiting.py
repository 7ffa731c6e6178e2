"""Jobs that wait for their turn: one at a time for each address, and started addresses first."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Container
from dataclasses import dataclass, field
from itertools import islice

from auditor.model.plan import Task
from scanners.base import Limits

MAXIMUM_GROUP = 16
"""Addresses that one worker may measure together."""


@dataclass(frozen=True, slots=True)
class Job:
    """A task with what it may take."""

    task: Task
    limits: Limits
    secret: bytes = field(default=b"", repr=False)
    """What a scanner logs in with; it goes to the worker and is stored nowhere."""


def place(task: Task) -> str:
    """Return where a task measures: its address, or what it measures when that has none of its own.

    Questions about domains go to a resolver, which is a host with a budget like any other.
    """
    resolvers = task.options.get("resolvers")
    if task.scanner == "dns":
        first = str(resolvers[0]) if isinstance(resolvers, list) and resolvers else "resolver"
        return first.rpartition(":")[0] if first.count(":") == 1 else first
    return task.address or task.server


@dataclass(frozen=True, slots=True)
class _Entry:
    job: Job
    group: str
    """Jobs of the same text can be measured together; "" for a job that goes alone."""


class Waiting:
    """Hands out jobs at free addresses; what a step costs does not grow with the number of jobs.

    An address that was begun goes before those that were not, so that addresses are finished one after the
    other while the rest still waits.
    """

    def __init__(self, grouped: Container[str]) -> None:
        """`grouped` are the scanners that can measure several addresses at once."""
        self._grouped = grouped
        self._entries: dict[str, deque[_Entry]] = {}
        self._busy: set[str] = set()
        self._begun: set[str] = set()
        # Free places with something to do, the next one first: those that were begun, then the others.
        self._lanes: tuple[OrderedDict[str, None], ...] = (OrderedDict(), OrderedDict())
        self._peers: dict[str, OrderedDict[str, None]] = {}

    def __bool__(self) -> bool:
        """Return whether any job waits."""
        return bool(self._entries)

    @property
    def busy(self) -> int:
        """Return at how many places a job is under way."""
        return len(self._busy)

    def add(self, job: Job, *, alone: bool = False) -> None:
        """Let a job wait behind the others at its place; with `alone` it is never put into a group."""
        at = place(job.task)
        self._entries.setdefault(at, deque()).append(_Entry(job, "" if alone else self._group(job)))
        if len(self._entries[at]) == 1 and at not in self._busy:
            self._offer(at)

    def take(self, most: int) -> tuple[Job, ...]:
        """Return the next job with those that can be measured together with it, `most` in all.

        Their places are busy until `release`. Return () when none can start.
        """
        first = next((next(iter(lane)) for lane in self._lanes if lane), None)
        if first is None or most < 1:
            return ()
        group = self._entries[first][0].group
        others = (at for at in self._peers.get(group, ()) if at != first)
        return tuple(self._begin(at) for at in (first, *islice(others, min(most, MAXIMUM_GROUP) - 1)))

    def release(self, task: Task) -> None:
        """Note that the task which was under way at a place is not any more."""
        at = place(task)
        self._busy.discard(at)
        if at in self._entries:
            self._offer(at)

    def _group(self, job: Job) -> str:
        """Return a text that is the same for jobs which differ in their server and address alone."""
        task = job.task
        if task.scanner not in self._grouped:
            return ""
        # A tool speaks IPv4 or IPv6 in one call, never both.
        family = ":" in task.address
        told = [task.scanner, family, task.port, task.server_name, task.fragility.value, repr(job.limits)]
        return json.dumps([*told, dict(task.options)], sort_keys=True)

    def _offer(self, at: str) -> None:
        self._lanes[at not in self._begun][at] = None
        if group := self._entries[at][0].group:
            self._peers.setdefault(group, OrderedDict())[at] = None

    def _begin(self, at: str) -> Job:
        entries = self._entries[at]
        entry = entries.popleft()
        if not entries:
            del self._entries[at]
        del self._lanes[at not in self._begun][at]
        if entry.group:
            del self._peers[entry.group][at]
            if not self._peers[entry.group]:
                del self._peers[entry.group]
        self._busy.add(at)
        self._begun.add(at)
        return entry.job
