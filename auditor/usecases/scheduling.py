"""Do what is due, one thing at a time, and note what became of every time that a schedule asked for.

Nothing here waits: whoever drives it calls `step` when `next_at` has come. Only the leader may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from auditor.model.schedule import Schedule, Slot, SlotReason, SlotStatus, Work
from auditor.store.slots import Anchor
from auditor.store.workspace import Workspace
from auditor.usecases.audit import new_run_id
from auditor.usecases.clock import Clock
from auditor.usecases.inputs import Inputs
from auditor.usecases.rulebook import Rulebook
from controls.slots import Due, clock_was_set_back, due, next_time, times_of, window_closes


@dataclass(frozen=True, slots=True)
class Turn:
    """A slot whose turn has come."""

    slot: Slot
    schedule: Schedule
    inputs: Inputs
    until: datetime
    """When its window closes. It may have closed already, for one that a service before this one began."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a turn."""

    status: SlotStatus
    reason: str = ""


class Executor(Protocol):
    """Does the work of schedules."""

    def hindrance(self, schedule: Schedule) -> SlotReason | None:
        """Return why the work of a schedule cannot begin just now, None when it can."""
        ...

    def do(self, turn: Turn, clock: Clock) -> Ended | None:
        """Do the work of a slot, or go on with it; None: it has to be taken up again later."""
        ...


class Scheduler:
    """The schedules of one workspace. What it remembers between two steps helps to tell, never to decide."""

    def __init__(self, workspace: Workspace, rulebook: Rulebook, executor: Executor):
        self._slots = workspace.slots
        self._rulebook, self._executor = rulebook, executor
        self._hindered: dict[tuple[str, datetime], SlotReason] = {}

    @property
    def problem(self) -> str:
        """Return what is wrong with inventory or policy, "" when nothing is."""
        return self._rulebook.problem

    def step(self, clock: Clock) -> Slot | None:
        """Note what was missed, then do the first thing that is due; None when nothing could be done.

        Raise DocumentError or OSError where inventory or policy are broken and none are known from before.
        """
        self._rulebook.read()
        self._forget_others()
        for slot in self._slots.running():
            ended = self._take_up(slot, clock)
            if ended is not None:
                return ended
        for at, schedule in self._begin_at(clock.now()):
            ended = self._begin(schedule, at, clock)
            if ended is not None:
                return ended
        return None

    def next_at(self, now: datetime) -> datetime | None:
        """Return the next time that any schedule asks for, by inventory and policy as last read."""
        schedules = self._rulebook.schedules()
        times = (next_time(schedule, self._rulebook.zone(schedule), now) for schedule in schedules)
        return min((at for at in times if at is not None), default=None)

    def _forget_others(self) -> None:
        if not self._rulebook.problem:
            self._slots.keep_anchors([schedule.id for schedule in self._rulebook.schedules()])

    def _begin_at(self, now: datetime) -> list[tuple[datetime, Schedule]]:
        """Return what may begin, in the order of its times and then of the policy; note what was missed."""
        found = []
        for schedule in self._rulebook.schedules():
            asked = self._due(schedule, now)
            self._note_missed(schedule, asked, now)
            if asked.run is not None:
                found.append((asked.run, schedule))
        return sorted(found, key=lambda one: one[0])

    def _due(self, schedule: Schedule, now: datetime) -> Due:
        zone = self._rulebook.zone(schedule)
        anchor, newest = self._slots.anchor(schedule.id), self._slots.latest(schedule.id)
        if newest is not None and clock_was_set_back(schedule, zone, newest.at, now):
            self._slots.disown(schedule.id, now)
            anchor = None
        # An anchor in the future was set by a clock that stood ahead.
        if anchor is None or anchor.times != times_of(schedule, zone) or anchor.since > now:
            anchor = Anchor(schedule.id, times_of(schedule, zone), now)
            self._slots.set_anchor(anchor)
        return due(schedule, zone, anchor.since, newest.at if newest else None, now)

    def _note_missed(self, schedule: Schedule, asked: Due, now: datetime) -> None:
        rows = list(self._missed(schedule, asked, now))
        if rows and asked.missed_before:
            more = f"{rows[0].reason}: so were {asked.missed_before} times before it"
            rows[0] = replace(rows[0], reason=more)
        if rows:
            self._slots.claim(rows)

    def _missed(self, schedule: Schedule, asked: Due, now: datetime) -> Iterator[Slot]:
        others = [one for one in self._slots.all() if one.schedule != schedule.id] if asked.missed else []
        for at in asked.missed:
            hindrance = self._hindered.pop((schedule.id, at), None)
            reason = hindrance or _meanwhile(others, at, now) or SlotReason.OFF
            yield Slot(schedule.id, at, schedule.work, SlotStatus.MISSED, finished_at=now, reason=reason)

    def _begin(self, schedule: Schedule, at: datetime, clock: Clock) -> Slot | None:
        now = clock.now()
        hindrance = self._executor.hindrance(schedule)
        if hindrance is not None:
            self._hindered[schedule.id, at] = hindrance
            return None
        self._hindered.pop((schedule.id, at), None)
        run = new_run_id(now) if schedule.work is Work.AUDIT else ""
        slot = Slot(schedule.id, at, schedule.work, SlotStatus.RUNNING, run, now)
        self._slots.claim([slot])
        if self._rulebook.problem and schedule.work is Work.AUDIT:
            problem = f"{SlotReason.BROKEN}: {self._rulebook.problem}"
            return self._end(slot, Ended(SlotStatus.FAILED, problem), clock)
        return self._do(slot, schedule, clock)

    def _take_up(self, slot: Slot, clock: Clock) -> Slot | None:
        """Go on with what began and did not end, as a rule because the service was ended."""
        known = {schedule.id: schedule for schedule in self._rulebook.schedules()}
        schedule = known.get(slot.schedule)
        if schedule is None or schedule.work is not slot.work:
            return self._end(slot, Ended(SlotStatus.CUT, SlotReason.WITHDRAWN), clock)
        hindrance = self._executor.hindrance(schedule)
        if clock.now() < self._closes(slot, schedule):
            broken = bool(self._rulebook.problem) and schedule.work is Work.AUDIT
            return None if broken or hindrance else self._do(slot, schedule, clock)
        if hindrance is SlotReason.MEASURING:
            return None
        if slot.reason:
            # It was tried to judge what there is, and the service did not live through it.
            return self._end(slot, Ended(SlotStatus.CUT, SlotReason.ENDED), clock)
        self._slots.update(replace(slot, reason=SlotReason.ENDED))
        return self._do(slot, schedule, clock)

    def _do(self, slot: Slot, schedule: Schedule, clock: Clock) -> Slot | None:
        turn = Turn(slot, schedule, self._rulebook.inputs(), self._closes(slot, schedule))
        ended = self._executor.do(turn, clock)
        if ended is None:
            return None
        problem = self._rulebook.problem
        if problem and ended.status is SlotStatus.DONE:
            ended = replace(ended, reason=f"{SlotReason.OLDER}: {problem}")
        return self._end(slot, ended, clock)

    def _closes(self, slot: Slot, schedule: Schedule) -> datetime:
        return window_closes(schedule, self._rulebook.zone(schedule), slot.at, slot.started_at or slot.at)

    def _end(self, slot: Slot, ended: Ended, clock: Clock) -> Slot:
        done = replace(slot, status=ended.status, reason=ended.reason, finished_at=clock.now())
        self._slots.update(done)
        return done


def _meanwhile(others: list[Slot], at: datetime, now: datetime) -> str:
    """Return which slot was at work at a time, "" when none was."""
    for one in others:
        began, ended = one.started_at, one.finished_at or now
        if began is not None and began <= at < ended and one.status is not SlotStatus.MISSED:
            return f"{SlotReason.BUSY}: {one.schedule}"
    return ""
