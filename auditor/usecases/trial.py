"""Start a trial and close it. Both are entries of the log of decisions; nothing is edited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.model.decision import Decision, DecisionKind
from auditor.model.run import RunKind, RunStatus
from auditor.model.trial import Trial, TrialClosing, TrialRecord
from auditor.model.trial_report import Closed, TrialReport
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.trial_report import trial_report
from auditor.usecases.trial_status import open_trial, trial_status, trials
from auditor.usecases.waive import Desk
from auditor.usecases.waive_rules import person, written
from reports.trial.json import dump_trial, load_trial

_LONGEST_NAME, _LONGEST_DAYS, _FARTHEST_DAYS = 120, 366, 366


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody wants to start. `starts` is None for today, `days` for what the policy says."""

    name: str
    by: str
    starts: date | None = None
    days: int | None = None
    letter: str = ""


def start_trial(desk: Desk, wanted: Start) -> TrialRecord:
    """Start a trial; raise UsageProblem while another is open, or when its days cannot be."""
    running = open_trial(desk.workspace)
    if running is not None:
        raise UsageProblem(
            f"the trial {running.trial.id} ({running.trial.name}) is open until {running.trial.ends}",
            "see it with: auditor trial status, or end it with: auditor trial close",
        )
    name, by = _line(wanted.name, "name"), person(wanted.by, "by")
    letter = _line(wanted.letter, "letter") if wanted.letter.strip() else ""
    starts, ends = _days(desk, wanted)
    trial = Trial(
        id=_trial_id(desk, name),
        name=name,
        starts=starts,
        ends=ends,
        baseline=_baseline(desk, starts),
        targets=_targets(desk),
        letter=letter,
    )
    entry = Decision(
        DecisionKind.TRIAL_STARTED, trial.id, by, desk.today, letter, trial, desk.account, desk.now
    )
    desk.decide([entry])
    return TrialRecord(trial, by)


def close_trial(desk: Desk, by: str, remark: str) -> tuple[TrialClosing, TrialReport]:
    """Close the open trial with the report of where it stands now, which is kept for good.

    Raise UsageProblem when none is open, or when somebody decided something meanwhile.
    """
    record = known_open(desk.workspace)
    who, said = person(by, "by"), written(remark, "remark")
    status = trial_status(desk.workspace, desk.inputs, record, desk.now)
    report = trial_report(desk.workspace, desk.inputs, status, Closed(desk.today, who, said))
    content = dump_trial(report)
    kept = desk.workspace.decisions.keep_file(f"{record.trial.id}.json", content)
    closing = TrialClosing(
        trial=record.trial.id,
        remark=said,
        baseline=status.baseline,
        newest=status.newest,
        runs=report.runs,
        decisions=report.proof.decisions,
        decisions_head=report.proof.decisions_head,
        servers={one.server: one.decision for one in status.gates},
        report=kept.digest,
    )
    entry = Decision(
        DecisionKind.TRIAL_CLOSED, record.trial.id, who, desk.today, said, closing, desk.account, desk.now
    )
    desk.decide([entry])
    return closing, report


def closed_report(workspace: Workspace, trial_id: str) -> TrialReport:
    """Return the report with which a trial was closed, with "" of the newest that was.

    Raise UsageProblem when there is none, or when it is not what was kept.
    """
    closed = [one for one in trials(workspace) if one.closing is not None]
    by_id = {one.trial.id: one for one in closed}
    if trial_id and trial_id not in by_id:
        raise UsageProblem(f"no trial {trial_id} was closed", choices_near(trial_id, list(by_id) or ["none"]))
    if not closed:
        raise UsageProblem("no trial was closed yet", "close the open one with: auditor trial close")
    closing = (by_id[trial_id] if trial_id else closed[-1]).closing
    digest = closing.report if closing else ""
    content = workspace.decisions.file(digest)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise UsageProblem(
            f"the report {digest} is gone or was changed", "see what else is, with: auditor evidence verify"
        )
    return load_trial(content)


def known_open(workspace: Workspace) -> TrialRecord:
    """Return the open trial, or raise UsageProblem."""
    record = open_trial(workspace)
    if record is None:
        raise UsageProblem("no trial is open", "start one with: auditor trial start --name … --by …")
    return record


def _days(desk: Desk, wanted: Start) -> tuple[date, date]:
    days = desk.inputs.policy.trial.days if wanted.days is None else wanted.days
    if not 1 <= days <= _LONGEST_DAYS:
        raise UsageProblem(f"--days {days} is no length of a trial", f"write 1 to {_LONGEST_DAYS}")
    starts = wanted.starts or desk.today
    if (starts - desk.today).days > _FARTHEST_DAYS:
        raise UsageProblem(f"--from {starts} is more than a year away", "start it nearer to its first day")
    ends = starts + timedelta(days=days - 1)
    if ends < desk.today:
        raise UsageProblem(
            f"a trial from {starts} over {days} days would have ended with {ends}",
            f"name a later --from, or more --days; today is {desk.today}",
        )
    return starts, ends


def _line(text: str, option: str) -> str:
    line = " ".join(text.split())
    if not line or not line.isprintable() or len(line) > _LONGEST_NAME:
        raise UsageProblem(
            f"--{option} is empty, too long, or holds characters that nobody sees",
            f"write 1 to {_LONGEST_NAME} characters",
        )
    return line


def _trial_id(desk: Desk, name: str) -> str:
    """Return an id that no trial has: two may carry one name."""
    last = desk.workspace.decisions.head()[1]
    return "T-" + hashlib.sha256(f"{name}|{desk.now.isoformat()}|{last}".encode()).hexdigest()[:8]


def _targets(desk: Desk) -> dict[str, float]:
    rules = desk.inputs.policy.trial
    opds = (opd.id for opd in desk.inputs.inventory.opds if opd.servers)
    return {opd: rules.targets.get(opd, rules.target) for opd in opds}


def _baseline(desk: Desk, starts: date) -> str:
    """Return the newest fresh audit of all servers until the first day; "": the first one of it."""
    if starts > desk.today:
        return ""
    organization, workspace = desk.inputs.inventory.organization, desk.workspace
    everything = {one.id for one in desk.inputs.inventory.servers()}
    oldest = starts - timedelta(days=desk.inputs.policy.admission.evidence_days)
    for run in reversed(workspace.runs.all()):
        fresh = oldest <= local_day(run.started_at, organization) <= starts
        whole = run.kind is RunKind.AUDIT and run.status is RunStatus.COMPLETE
        if fresh and whole and everything <= set(run.scope) and workspace.results.scorecards(run.id):
            return run.id
    return ""
