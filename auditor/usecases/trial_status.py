"""Where a trial stands, from stored runs, findings and decisions alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditor.model.check import Severity
from auditor.model.finding import CLOSED, FindingStatus
from auditor.model.gate import Admission, ServerGate
from auditor.model.inventory import State
from auditor.model.run import AuditRun, RunKind
from auditor.model.trial import Trial, TrialRecord
from auditor.model.trial_status import Numbers, OpdTrial, TrialDay, TrialStatus, Unmeasured
from auditor.model.verdict import Status
from auditor.store.results import ORGANIZATION, FindingRecord
from auditor.store.scores import StoredScore, stored_scores
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import is_overdue, local_day
from auditor.usecases.gate import Room, gates_of, make_room
from auditor.usecases.inputs import Inputs
from controls.acknowledgements import acknowledgement_of, acknowledgements_on
from controls.forecast import forecast
from controls.trial_days import DayState, Owned, Step, days_of
from controls.trials import trials_of


def open_trial(workspace: Workspace) -> TrialRecord | None:
    """Return the trial that was started and not closed, or None."""
    return next((one for one in trials(workspace) if one.closed_on is None), None)


def trials(workspace: Workspace) -> tuple[TrialRecord, ...]:
    """Return every trial in the order in which they were started."""
    return trials_of(workspace.decisions.all())


def trial_status(workspace: Workspace, inputs: Inputs, record: TrialRecord, now: datetime) -> TrialStatus:
    """Return where a trial stands by what was measured and decided until now."""
    room = make_room(workspace, inputs, now)
    audits = _Audits(workspace, inputs, record.trial, now)
    records = _standing_records(workspace, room)
    rules = inputs.policy.admission
    states = days_of(audits.steps(), _owners(workspace, room), audits.baseline, record.trial.starts)
    gates = gates_of(room)
    taken = acknowledgements_on(workspace.decisions.all())
    acknowledged = Counter(one.opd for one in records if acknowledgement_of(one.id, one.opened_at, taken))
    overdue = Counter(one.opd for one in records if _overdue(one, room))
    making = _Making(record.trial, room, audits, states, gates, acknowledged, overdue)
    return TrialStatus(
        record=record,
        at=now,
        today=room.today,
        baseline=audits.baseline,
        newest=audits.newest,
        whole=making.opd(ORGANIZATION, inputs.inventory.organization.name),
        opds=tuple(
            making.opd(one.id, one.name)
            for one in inputs.inventory.opds
            if one.servers or one.id in record.trial.targets
        ),
        days=tuple(one.shown(rules.condition_from) for one in states),
        unmeasured=_unmeasured(room),
        gates=gates,
        without_audit=_without_audit(record.trial, states, room.today),
    )


class _Audits:
    """The judged runs that a trial is told from."""

    def __init__(self, workspace: Workspace, inputs: Inputs, trial: Trial, now: datetime):
        self._workspace, self._organization = workspace, inputs.inventory.organization
        runs = (run for run in workspace.runs.all() if run.started_at <= now)
        self._runs = [run for run in runs if workspace.results.footing(run.id) is not None]
        self._audits = [run for run in self._runs if run.kind is RunKind.AUDIT]
        during = [run for run in self._audits if self._day(run) >= trial.starts]
        known = {run.id for run in self._audits}
        self.baseline = trial.baseline if trial.baseline in known else (during[0].id if during else "")
        begun = next((place for place, run in enumerate(self._audits) if run.id == self.baseline), 0)
        self._counted = [run for run in self._audits[begun:] if run.id == self.baseline or run in during]
        self.newest = self._counted[-1].id if self._counted else ""
        self._scores = stored_scores(workspace.engine, [run.id for run in self._counted])
        self._whole: dict[str, frozenset[str]] = {}

    def _day(self, run: AuditRun) -> date:
        return local_day(run.started_at, self._organization)

    def steps(self) -> Iterable[Step]:
        """Yield every judged run with what it made of findings, oldest first."""
        for run in self._runs:
            events = self._workspace.results.events(run.id)
            yield Step(run.id, self._day(run), events, run.kind is RunKind.AUDIT)

    def first_numbers(self, opd: str) -> Numbers | None:
        """Return the numbers of an OPD in the baseline, or in the first audit since of all its servers."""
        return self._numbers(opd, self._counted)

    def newest_numbers(self, opd: str) -> Numbers | None:
        """Return the numbers of an OPD in the newest audit of all its servers."""
        return self._numbers(opd, reversed(self._counted))

    def _numbers(self, opd: str, runs: Iterable[AuditRun]) -> Numbers | None:
        for run in runs:
            score = self._scores.get(run.id, {}).get(opd)
            if score is not None and opd in self._measured_whole(run):
                return _numbers(run.id, self._day(run), score)
        return None

    def _measured_whole(self, run: AuditRun) -> frozenset[str]:
        """Return the OPD of which a run chose every server; "" when it chose those of all."""
        if run.id not in self._whole:
            inventory, scope = self._workspace.runs.inputs(run.id).inventory, set(run.scope)
            whole = {opd.id for opd in inventory.opds if scope.issuperset(one.id for one in opd.servers)}
            everyone = {ORGANIZATION} if len(whole) == len(inventory.opds) else set()
            self._whole[run.id] = frozenset(whole | everyone)
        return self._whole[run.id]


def _numbers(run: str, day: date, score: StoredScore) -> Numbers:
    return Numbers(run, day, score.floor, score.ceiling, score.coverage, score.letter)


@dataclass(frozen=True, slots=True)
class _Making:
    """What the lines of all OPD are made from."""

    trial: Trial
    room: Room
    audits: _Audits
    states: tuple[DayState, ...]
    gates: tuple[ServerGate, ...]
    acknowledged: Mapping[str, int]
    overdue: Mapping[str, int]

    def opd(self, opd: str, name: str) -> OpdTrial:
        """Return where one OPD stands; "" is the whole organisation."""
        policy = self.room.inputs.policy
        days = [one.shown(policy.admission.condition_from, opd) for one in self.states]
        audited = [(day.day, day.held) for day, one in zip(days, self.states, strict=True) if one.audited]
        now = self.audits.newest_numbers(opd)
        last = days[-1] if days else TrialDay(self.room.today, (), dict.fromkeys(Severity, 0), 0, 0, 0, 0)
        mine = Counter(one.decision for one in self.gates if opd in (ORGANIZATION, one.opd))
        return OpdTrial(
            opd=opd,
            name=name,
            target=self._target(opd),
            baseline=self.audits.first_numbers(opd),
            now=now,
            open=last.open,
            accepted=last.accepted,
            overdue=_of(self.overdue, opd),
            acknowledged=_of(self.acknowledged, opd),
            fixed=sum(day.fixed for day in days),
            servers={admission: mine[admission] for admission in Admission},
            # Of an agency that no audit has measured whole, nothing left is no news.
            forecast=forecast(audited if now else [], self.room.today, policy.trial.pace_days),
        )

    def _target(self, opd: str) -> float | None:
        """Return the target of an OPD; one that was registered after the trial began has the policy's."""
        rules = self.room.inputs.policy.trial
        return self.trial.targets.get(opd, rules.targets.get(opd, rules.target)) if opd else None


def _of(counted: Mapping[str, int], opd: str) -> int:
    return counted.get(opd, 0) if opd else sum(counted.values())


def _owners(workspace: Workspace, room: Room) -> dict[str, Owned]:
    return {
        one.id: Owned(one.opd, room.checks[one.check].severity)
        for one in workspace.results.findings().values()
        if one.check in room.checks
    }


def _standing_records(workspace: Workspace, room: Room) -> list[FindingRecord]:
    """Return the findings that are open: neither closed nor accepted."""
    return [
        one
        for one in workspace.results.findings().values()
        if one.check in room.checks and one.status not in (*CLOSED, FindingStatus.WAIVED)
    ]


def _overdue(record: FindingRecord, room: Room) -> bool:
    return is_overdue(record.due, room.now, room.inputs.inventory, record.opd)


def _unmeasured(room: Room) -> tuple[Unmeasured, ...]:
    """Return what is registered and meant to answer, and of which nothing could be judged."""
    found = []
    for server in room.inputs.inventory.servers():
        standing = room.standings.get(server.id)
        if server.state is State.RETIRED or (standing is not None and standing.measured):
            continue
        verdicts = standing.verdicts if standing else ()
        why = (one.reason for one in verdicts if one.status is Status.UNKNOWN and one.reason)
        found.append(Unmeasured(server.opd, server.id, next(why, {})))
    return tuple(found)


def _without_audit(trial: Trial, states: Iterable[DayState], today: date) -> tuple[date, ...]:
    audited = {one.day for one in states if one.audited}
    last = min(trial.ends, today - timedelta(days=1))
    days = (trial.starts + timedelta(days=n) for n in range((last - trial.starts).days + 1))
    return tuple(day for day in days if day not in audited)
