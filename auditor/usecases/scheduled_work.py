"""The work of schedules: audits, digests, backups, pruning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import assert_never

from sqlalchemy.exc import SQLAlchemyError

from auditor.model.document import DocumentError
from auditor.model.run import AuditRun, RunStatus
from auditor.model.schedule import Schedule, SlotReason, SlotStatus, Work
from auditor.store.workspace import Workspace
from auditor.usecases.audit import MeasuredElsewhereError, is_measured
from auditor.usecases.backup import backup
from auditor.usecases.clock import Clock
from auditor.usecases.digest import send_digests
from auditor.usecases.errors import UsageProblem
from auditor.usecases.planning import Selection
from auditor.usecases.pruning import prune
from auditor.usecases.scan import OnProgress
from auditor.usecases.scheduling import Ended, Turn
from auditor.usecases.whole_audit import Measured, Wanted, Watch, judge, measure, write_run_reports
from reports.errors import ReportError

_DONE = Ended(SlotStatus.DONE)


@dataclass(frozen=True, slots=True)
class Places:
    """The files an audit is made from, and where its reports go."""

    inventory: Path
    policy: Path | None
    reports: Path


@dataclass(frozen=True, slots=True)
class ScheduledWork:
    """Does what schedules ask for, as their commands do."""

    workspace: Workspace
    places: Places
    should_stop: Callable[[], bool]
    """Whether the service has to end: what is under way is kept, and taken up by the next one."""
    on_progress: OnProgress = field(default=lambda _progress: None)

    def hindrance(self, schedule: Schedule) -> SlotReason | None:
        """Return why an audit cannot begin just now; other work always can."""
        if schedule.work is not Work.AUDIT:
            return None
        if self.workspace.kill_switch.exists():
            return SlotReason.KILL_SWITCH
        return SlotReason.MEASURING if is_measured(self.workspace) else None

    def do(self, turn: Turn, clock: Clock) -> Ended | None:
        """Do the work of a slot; what cannot be done says why."""
        now = clock.now()
        try:
            match turn.schedule.work:
                case Work.AUDIT:
                    return self._audit(turn, now, clock)
                case Work.DIGEST:
                    send_digests(self.workspace, turn.inputs, now, turn.slot.at)
                case Work.BACKUP:
                    backup(self.workspace, turn.inputs.policy, now)
                case Work.PRUNE:
                    prune(self.workspace, turn.inputs, now)
                case _:
                    assert_never(turn.schedule.work)
        except MeasuredElsewhereError:
            return None
        except UsageProblem as problem:
            return _refused(f"{problem.problem}. {problem.next_step}")
        except DocumentError as error:
            return _refused(str(error.problems[0]) if error.problems else str(error))
        except (ReportError, OSError, SQLAlchemyError) as error:
            return _refused(str(error))
        return _DONE

    def _audit(self, turn: Turn, now: datetime, clock: Clock) -> Ended | None:
        begun = self.workspace.runs.get(turn.slot.run)
        if now >= turn.until:
            return self._too_late(begun, clock)
        if begun is not None and begun.status is RunStatus.COMPLETE:
            return self._finish(self._stored(begun), clock, _DONE)
        measured = measure(self.workspace, self._wanted(turn), self._watch(turn), clock)
        if measured.status is RunStatus.COLLECTED:
            return self._finish(measured, clock, _DONE)
        if self.workspace.kill_switch.exists():
            return self._finish(measured, clock, Ended(SlotStatus.CUT, SlotReason.KILL_SWITCH))
        if clock.now() >= turn.until:
            return self._finish(measured, clock, Ended(SlotStatus.CUT, SlotReason.WINDOW))
        return None

    def _wanted(self, turn: Turn) -> Wanted:
        selection = Selection(frozenset(turn.schedule.opds))
        return Wanted(self.places.inventory, self.places.policy, selection, run_id=turn.slot.run)

    def _watch(self, turn: Turn) -> Watch:
        return Watch(self.should_stop, self.on_progress, until=turn.until)

    def _too_late(self, begun: AuditRun | None, clock: Clock) -> Ended:
        """Judge what an audit has whose window closed while nobody was there."""
        if begun is None:
            return Ended(SlotStatus.MISSED, f"{SlotReason.ENDED}: nothing was measured")
        if begun.status in (RunStatus.COLLECTED, RunStatus.COMPLETE):
            return self._finish(self._stored(begun), clock, _DONE)
        self.workspace.runs.set_status(begun.id, RunStatus.STOPPED, clock.now())
        stopped = replace(begun, status=RunStatus.STOPPED)
        return self._finish(self._stored(stopped), clock, Ended(SlotStatus.CUT, SlotReason.ENDED))

    def _stored(self, run: AuditRun) -> Measured:
        return Measured(run, self.workspace.runs.inputs(run.id), run.status)

    def _finish(self, measured: Measured, clock: Clock, ended: Ended) -> Ended:
        """Judge and report what was measured; of an audit cut before it measured, there is nothing to say."""
        if ended.status is SlotStatus.CUT and not self.workspace.evidence.tried(measured.run.id):
            return replace(ended, reason=f"{ended.reason}: nothing was measured")
        judge(self.workspace, measured.run, measured.inputs, clock)
        write_run_reports(self.workspace, measured, self.places.reports)
        return ended


def _refused(problem: str) -> Ended:
    return Ended(SlotStatus.FAILED, f"{SlotReason.REFUSED}: {problem}")
