"""admission: measure a server that shall stand in the server room, and decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    InventoryOption,
    PdfOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import say, warn

if TYPE_CHECKING:
    from auditor.model.run import AuditRun
    from auditor.model.trial_report import AdmissionReport


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(admission)


def admission(
    servers: Annotated[list[str], typer.Argument(metavar="SERVER…", help="The servers to measure.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")] = Path("reports-out"),
    pdf: PdfOption = False,
    by: Annotated[str, typer.Option("--by", help="Who asks for it, by name.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Measure these servers and write, for each, whether it may stand in the server room and why."""
    from auditor.cli.auditing import ask_secret, stop_on_signals
    from auditor.cli.progress import ProgressLine
    from auditor.model.run import RunStatus
    from auditor.store.workspace import open_workspace
    from auditor.usecases.admission import begin_admission, decide_admission
    from auditor.usecases.assess import assess
    from auditor.usecases.audit import alone, refuse_when_stopped
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.scan import scan
    from auditor.usecases.waive_rules import person

    asked_by = person(by, "by") if by else ""
    inputs, store = load_inputs(inventory, chosen_policy(policy)), open_workspace(workspace)
    refuse_when_stopped(store)
    with alone(store), ProgressLine() as line:
        run, planned = begin_admission(store, inputs, servers)
        stopping = stop_on_signals()
        status = scan(
            store, run, planned, lambda: stopping() or store.kill_switch.exists(), line.show, ask=ask_secret
        )
    if status is RunStatus.STOPPED:
        warn(f"Stopped; nothing was decided. Everything measured so far is kept (run {run.id}).")
        raise typer.Exit(Exit.INCOMPLETE)
    assess(store, run, planned, inputs.catalogue)
    judged = store.runs.get(run.id) or run
    reports = decide_admission(store, inputs, judged, SYSTEM_CLOCK.now(), asked_by)
    _write(reports, output, pdf)
    raise typer.Exit(_exit_of(reports, run))


def _write(reports: tuple[AdmissionReport, ...], output: Path, pdf: bool) -> None:
    from auditor.usecases.writing import write_files
    from reports.trial.pages import render_admission
    from reports.trial.reasons import admission_badge
    from reports.words import Words

    for one in reports:
        words = Words("en", one.organization.timezone)
        reasons = len(one.gate.reasons)
        counted = f", {reasons} reason{'' if reasons == 1 else 's'}" if reasons else ""
        say(f"{one.server}: {admission_badge(words, one.gate.decision).label.lower()}{counted}")
        for path in write_files(render_admission(one, pdf=pdf), output):
            say(f"wrote {path}")


def _exit_of(reports: tuple[AdmissionReport, ...], run: AuditRun) -> Exit:
    from auditor.usecases.admission import all_admitted, could_be_measured

    if not all(could_be_measured(one, run) for one in reports):
        return Exit.INCOMPLETE
    return Exit.CLEAN if all_admitted(reports) else Exit.FINDINGS
