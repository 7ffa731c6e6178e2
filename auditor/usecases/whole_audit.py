"""One whole audit: measure, judge, write the reports. The same for whoever starts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from auditor.model.run import AuditRun, RunStatus
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import assess
from auditor.usecases.audit import alone, begin, refuse_when_stopped
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.credentials import Ask, nobody
from auditor.usecases.inputs import catalogue_for, load_inputs
from auditor.usecases.notices import notices
from auditor.usecases.planning import Selection
from auditor.usecases.reporting import report_data, write_reports
from auditor.usecases.scan import OnProgress, scan

FORMATS = ("html", "csv", "json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for."""

    inventory: Path
    policy: Path | None
    selection: Selection = field(default_factory=Selection)
    resume: bool = False
    """Take up the newest interrupted audit."""
    imported_only: bool = False
    run_id: str = ""
    """An id chosen before: the audit that has it is taken up, and begun with it where there is none."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who may stop an audit, is told how far it is, and knows the secrets."""

    should_stop: Callable[[], bool] = lambda: False
    on_progress: OnProgress = lambda _progress: None
    ask: Ask = nobody
    until: datetime | None = None
    """When its window closes; None: never."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An audit with its evidence."""

    run: AuditRun
    inputs: RunInputs
    status: RunStatus


def measure(workspace: Workspace, wanted: Wanted, watch: Watch, clock: Clock = SYSTEM_CLOCK) -> Measured:
    """Begin or take up an audit and collect its evidence, until it is whole or has to stop.

    Raise UsageProblem where the kill switch is set, another audit is being measured, or nothing may be.
    """
    refuse_when_stopped(workspace)
    resume = wanted.resume or workspace.runs.get(wanted.run_id) is not None
    # What was taken out of the inventory since the start must not be measured when the run goes on.
    present = load_inputs(wanted.inventory, wanted.policy) if resume else None
    with alone(workspace):
        run, inputs = begin(
            workspace,
            wanted.inventory,
            wanted.policy,
            wanted.selection,
            resume,
            imported_only=wanted.imported_only,
            clock=clock,
            run_id=wanted.run_id,
        )
        status = scan(
            workspace,
            run,
            inputs,
            lambda: watch.should_stop() or workspace.kill_switch.exists() or _is_over(watch, clock),
            watch.on_progress,
            present.inventory if present else None,
            watch.ask,
            imported_only=wanted.imported_only,
            clock=clock,
            until=watch.until,
            blackouts=present.policy.blackouts if present else (),
        )
    return Measured(run, inputs, status)


def _is_over(watch: Watch, clock: Clock) -> bool:
    return watch.until is not None and clock.now() >= watch.until


def judge(
    workspace: Workspace, run: AuditRun, inputs: RunInputs, clock: Clock = SYSTEM_CLOCK
) -> tuple[str, ...]:
    """Judge a run and return what whoever judges it should be told, a line for each thing."""
    catalogue = catalogue_for(inputs.policy)
    assessment = assess(workspace, run, inputs, catalogue, clock)
    return notices(workspace, run, inputs, catalogue, assessment)


def write_run_reports(
    workspace: Workspace, measured: Measured, folder: Path, language: str = "", edition: str = ""
) -> tuple[Path, ...]:
    """Write every report of a judged audit and return the files, the one to open first in front.

    A part of the servers, or of an audit, goes to a folder of its own: it must not stand where the whole is
    looked for.
    """
    run, inputs = measured.run, measured.inputs
    complete = measured.status in (RunStatus.COLLECTED, RunStatus.COMPLETE)
    whole = complete and len(run.scope) == sum(1 for _ in inputs.inventory.servers())
    data = report_data(workspace, run, catalogue_for(inputs.policy))
    return write_reports(
        data,
        folder if whole else folder / run.id,
        formats=FORMATS,
        opd=None,
        language=language or data.policy.language,
        edition=edition or data.policy.default_edition,
    )


def whole_audit(
    workspace: Workspace,
    wanted: Wanted,
    watch: Watch,
    reports: Path,
    clock: Clock = SYSTEM_CLOCK,
) -> Measured:
    """Measure, judge and write the reports; return what was measured. What was stopped is judged as it is."""
    measured = measure(workspace, wanted, watch, clock)
    judge(workspace, measured.run, measured.inputs, clock)
    write_run_reports(workspace, measured, reports)
    return measured
