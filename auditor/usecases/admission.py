"""Measure single servers that shall stand in the server room, at any time, and decide about each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from auditor.model.gate import Admission
from auditor.model.run import AuditRun, RunKind
from auditor.model.trial_report import AdmissionReport
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.audit import plan_audit, start_run, with_reports
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.gate import admissible_servers, gates_of, make_room
from auditor.usecases.inputs import Inputs
from auditor.usecases.planning import Selection
from auditor.usecases.reporting import report_data
from auditor.usecases.trial_report import admission_report
from auditor.usecases.waive_rules import person


def begin_admission(
    workspace: Workspace, inputs: Inputs, servers: Collection[str], clock: Clock = SYSTEM_CLOCK
) -> tuple[AuditRun, RunInputs]:
    """Start a run over these servers alone; raise UsageProblem for one that cannot be measured at all."""
    admissible = admissible_servers(inputs)
    unknown = [one for one in dict.fromkeys(servers) if one not in admissible]
    if unknown:
        raise UsageProblem(
            f"{', '.join(unknown)} is no server that could stand in the room",
            choices_near(unknown[0], list(admissible)),
        )
    selection, now = Selection(servers=frozenset(servers)), clock.now()
    planned = with_reports(workspace, plan_audit(inputs, selection, now), now)
    return start_run(workspace, inputs, planned, selection, clock, RunKind.ADMISSION), planned


def decide_admission(
    workspace: Workspace, inputs: Inputs, run: AuditRun, now: datetime, by: str = ""
) -> tuple[AdmissionReport, ...]:
    """Return the decision about each server of a judged run; `by` is who asked for it, or nobody."""
    asked_by = person(by, "by") if by else ""
    room = make_room(workspace, inputs, now, run.scope)
    data = report_data(workspace, run, inputs.catalogue)
    return tuple(admission_report(workspace, room, data, one, asked_by) for one in gates_of(room, run.scope))


def could_be_measured(report: AdmissionReport, run: AuditRun) -> bool:
    """Return whether a decision rests on what this run measured of the server."""
    return report.gate.run == run.id and report.coverage > 0


def all_admitted(reports: Collection[AdmissionReport]) -> bool:
    """Return whether every server is admitted without a condition."""
    return all(one.gate.decision is Admission.ADMIT for one in reports)
