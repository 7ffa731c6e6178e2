"""plan, audit, scan, assess."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    EditionOption,
    FormatOption,
    InventoryOption,
    LanguageOption,
    OpdOption,
    PolicyOption,
    ServerOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.run import AuditRun, RunStatus
    from auditor.store.runs import RunInputs
    from auditor.store.workspace import Workspace
    from auditor.usecases.planning import Selection
    from auditor.usecases.whole_audit import Measured

ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Take up the newest interrupted audit and repeat nothing.")
]
ImportedOnlyOption = Annotated[
    bool, typer.Option("--imported-only", help="Send nothing; judge the reports that were handed in alone.")
]
ReportsOption = Annotated[Path, typer.Option("--reports", help="Folder for the reports.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (plan, audit, scan, assess):
        app.command()(command)


def plan(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    opd: OpdOption = None,
    server: ServerOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what an audit would measure today, and what it would not and why. Sends nothing to any server."""
    from datetime import UTC, datetime

    from auditor.usecases.audit import plan_audit
    from auditor.usecases.host_access import planned_looks
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.pauses import planned_pauses

    inputs, now = load_inputs(inventory, chosen_policy(policy)), datetime.now(UTC)
    whole = plan_audit(inputs, _selection(opd, server), now)
    planned = whole.plan
    rows = [
        {
            "opd": task.opd,
            "server": task.server,
            "address": task.address,
            "measured": "not now" if held else "yes",
            "why": f"{task.authorization}; {held}" if held else task.authorization,
        }
        for task, held in planned_pauses(whole, now)
    ] + [
        {
            "opd": s.opd,
            "server": s.server,
            "address": s.address,
            "measured": f"no {s.scanner}".strip(),
            "why": f"{s.reason}: {s.detail}",
        }
        for s in planned.skipped
    ]
    rows += [
        {
            "opd": one.server.opd,
            "server": one.server.id,
            "address": one.server.inside_address,
            "measured": "yes host" if one.looks else "no host",
            "why": one.why,
        }
        for one in planned_looks(whole)
    ]
    print_listing(rows, ("opd", "server", "address", "measured", "why"), form, "nothing is registered")
    if not planned.tasks:
        raise typer.Exit(Exit.INCOMPLETE)


def audit(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    opd: OpdOption = None,
    server: ServerOption = None,
    resume: ResumeOption = False,
    imported_only: ImportedOnlyOption = False,
    reports: ReportsOption = Path("reports-out"),
    language: LanguageOption = "",
    edition: EditionOption = "",
) -> None:
    """Measure, judge and write the reports: the whole audit."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.reporting import refuse_wrong_choices
    from auditor.usecases.whole_audit import write_run_reports
    from controls.loading import load_catalogue

    refuse_wrong_choices(load_catalogue().frameworks, language, edition)
    store = open_workspace(workspace)
    measured = _measure(store, inventory, policy, _selection(opd, server), resume, imported_only)
    _judge(store, measured.run, measured.inputs)
    say(f"Audit {measured.run.id}:")
    written = write_run_reports(store, measured, reports, language, edition)
    folder = written[0].parent.resolve()
    say(f"{len(written)} files written to {folder}; start with {written[0].resolve()}")
    raise typer.Exit(_exit_of(store, measured.run, measured.status))


def scan(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    opd: OpdOption = None,
    server: ServerOption = None,
    resume: ResumeOption = False,
    imported_only: ImportedOnlyOption = False,
) -> None:
    """Measure only: collect evidence and judge nothing."""
    from auditor.model.run import RunStatus
    from auditor.store.workspace import open_workspace

    store = open_workspace(workspace)
    measured = _measure(store, inventory, policy, _selection(opd, server), resume, imported_only)
    say(f"Measured as {measured.run.id}. Next: auditor assess {measured.run.id}")
    if measured.status is RunStatus.STOPPED:
        raise typer.Exit(Exit.INCOMPLETE)


def assess(
    run_id: Annotated[str, typer.Argument(metavar="[RUN]", help="The run; the newest by default.")] = "",
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Judge stored evidence; sends nothing. Judging again gives the same."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.audit import stored_run

    store = open_workspace(workspace)
    run = stored_run(store, run_id)
    _judge(store, run, store.runs.inputs(run.id))
    say(f"Judged {run.id}. Next: auditor report {run.id}, or: auditor findings list")
    raise typer.Exit(_exit_of(store, run, run.status))


def _selection(opd: Sequence[str] | None, server: Sequence[str] | None) -> Selection:
    from auditor.usecases.planning import Selection

    return Selection(frozenset(opd or ()), frozenset(server or ()))


def _measure(
    store: Workspace,
    inventory: Path,
    policy: Path | None,
    selection: Selection,
    resume: bool,
    imported_only: bool,
) -> Measured:
    from auditor.cli.progress import ProgressLine
    from auditor.model.run import RunStatus
    from auditor.usecases.whole_audit import Wanted, Watch, measure

    wanted = Wanted(inventory, chosen_policy(policy), selection, resume, imported_only)
    with ProgressLine() as line:
        measured = measure(store, wanted, Watch(stop_on_signals(), line.show, ask_secret))
    if measured.status is RunStatus.STOPPED:
        warn(
            "Stopped; everything measured so far is kept. "
            f"Go on with: auditor audit --resume (run {measured.run.id})"
        )
    return measured


def ask_secret(words: str) -> str:
    """Return what a person types unseen at the terminal; raise EOFError where nobody is there."""
    from getpass import getpass

    if not sys.stdin.isatty():
        raise EOFError
    return getpass(f"{words}: ", sys.stderr)


def stop_on_signals() -> Callable[[], bool]:
    """Return a question that is answered yes after the first SIGINT, SIGTERM or SIGHUP.

    What was ignored from the start stays so: nohup means that a closed terminal shall not stop us.
    """
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: object) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, ask_to_stop)
    return stop.is_set


def _judge(store: Workspace, run: AuditRun, inputs: RunInputs) -> None:
    from auditor.usecases.whole_audit import judge

    for line in judge(store, run, inputs):
        say(line)


def _exit_of(store: Workspace, run: AuditRun, status: RunStatus) -> Exit:
    from auditor.model.run import RunStatus
    from auditor.usecases.outcome import outcome_of

    outcome = outcome_of(store, run)
    say(outcome.summary)
    if status is RunStatus.STOPPED:
        return Exit.INCOMPLETE
    if outcome.grave:
        return Exit.FINDINGS
    return Exit.INCOMPLETE if outcome.undecided else Exit.CLEAN
