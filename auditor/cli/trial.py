"""trial, admission: the month in which servers are brought to the standard, and who may stand in the room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    PdfOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_json, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.gate import ServerGate
    from auditor.model.trial_report import TrialReport
    from auditor.model.trial_status import TrialStatus
    from auditor.usecases.inputs import Inputs
    from auditor.usecases.waive import Desk

ByOption = Annotated[str, typer.Option("--by", help="Who decides, by name.")]
ServersOption = Annotated[
    list[str] | None, typer.Option("--server", help="Only this server; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    trial = typer.Typer(
        help="The trial month: start it, see where it stands, close it.", no_args_is_help=True
    )
    trial.command("start")(start)
    trial.command("status")(status)
    trial.command("gate")(gate)
    trial.command("close")(close)
    trial.command("list")(list_trials)
    trial.command("report")(report)
    app.add_typer(trial, name="trial")


def start(
    name: Annotated[str, typer.Option("--name", help="What the trial is called.")],
    by: ByOption,
    first: Annotated[str, typer.Option("--from", help="First day; today by default.")] = "",
    days: Annotated[int | None, typer.Option("--days", help="How long; the policy's by default.")] = None,
    letter: Annotated[str, typer.Option("--letter", help="Reference of the letter that orders it.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Start a trial: its days, a target for every OPD, and the audit that it is compared with."""
    from auditor.usecases.trial import Start, start_trial
    from auditor.usecases.waive_rules import day_of

    desk = _desk(workspace, inventory, policy)
    trial = start_trial(desk, Start(name, by, day_of(first, "from"), days, letter)).trial
    say(f"Started {trial.id}: {trial.name}, {trial.starts} to {trial.ends}.")
    for opd, target in trial.targets.items():
        say(f"  {opd}: target {target:g} %")
    say(f"Compared with: {trial.baseline or 'the first audit of its days'}. Next: auditor trial status")


def status(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write the page for leadership to.")
    ] = None,
    pdf: PdfOption = False,
) -> None:
    """Tell where the open trial stands: days left, every OPD, pace, forecast."""
    from auditor.usecases.trial import known_open
    from auditor.usecases.trial_report import trial_report
    from auditor.usecases.trial_status import trial_status

    desk = _desk(workspace, inventory, policy)
    found = trial_status(desk.workspace, desk.inputs, known_open(desk.workspace), desk.now)
    told = trial_report(desk.workspace, desk.inputs, found)
    if form is Format.TABLE:
        _say_status(told)
    if form is Format.JSON:
        _print_report(told)
    else:
        _print_opds(found, form)
    if output is not None:
        _write_trial(told, output, pdf)


def gate(
    server: ServersOption = None,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Hold every server against the gate, by what is known now, and tell every reason."""
    from auditor.model.gate import Admission
    from auditor.usecases.gate import gates

    desk = _desk(workspace, inventory, policy)
    found = gates(desk.workspace, desk.inputs, desk.now, server or ())
    rows = [row for one in found for row in _gate_rows(one, desk.inputs)]
    columns = ("server", "opd", "decision", "why", "check", "place", "finding", "day")
    print_listing(rows, columns, form, "no server is registered that could stand in the room")
    if any(one.decision is not Admission.ADMIT for one in found):
        raise typer.Exit(Exit.FINDINGS)


def close(
    by: ByOption,
    remark: Annotated[str, typer.Option("--remark", help="What is to be said of it, in a sentence.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write the report to.")],
    pdf: PdfOption = False,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Close the open trial with a decision per server, and write the closing report."""
    from auditor.usecases.trial import close_trial

    desk = _desk(workspace, inventory, policy)
    closing, told = close_trial(desk, by, remark)
    decisions = list(closing.servers.values())
    counted = ", ".join(
        f"{decisions.count(one)} {one.value.replace('_', ' ')}" for one in dict.fromkeys(decisions)
    )
    say(f"Closed {closing.trial}: {counted or 'no servers'}. The report is kept as {closing.report}.")
    if not closing.newest:
        warn("This trial had no audit: its report compares nothing, and tells of no progress.")
    _write_trial(told, output, pdf)


def list_trials(workspace: WorkspaceOption = WORKSPACE, form: FormatOption = Format.TABLE) -> None:
    """List every trial that was ever started."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.trial_status import trials

    rows = [
        {
            "trial": one.trial.id,
            "name": one.trial.name,
            "from": one.trial.starts,
            "until": one.trial.ends,
            "started_by": one.started_by,
            "closed": one.closed_on,
            "closed_by": one.closed_by,
            "report": one.closing.report if one.closing else "",
        }
        for one in trials(open_workspace(workspace))
    ]
    columns = ("trial", "name", "from", "until", "started_by", "closed", "closed_by")
    print_listing(rows, columns, form, "no trial was started yet")


def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")],
    trial: Annotated[str, typer.Argument(metavar="[TRIAL]", help="The newest closed by default.")] = "",
    pdf: PdfOption = False,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write the closing report of a closed trial again, exactly as it was kept."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.trial import closed_report

    _write_trial(closed_report(open_workspace(workspace), trial), output, pdf)


def _desk(workspace: Path, inventory: Path, policy: Path | None) -> Desk:
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.waive import make_desk

    return make_desk(open_workspace(workspace), load_inputs(inventory, chosen_policy(policy)))


def _say_status(told: TrialReport) -> None:
    from auditor.model.gate import Admission
    from reports.trial.view import forecast_sentence
    from reports.words import Words

    found, words = told.status, Words("en", told.organization.timezone)
    trial, servers = found.trial, found.whole.servers
    say(f"{trial.id} {trial.name}: {trial.starts} to {trial.ends}, {_when(found)}")
    say(f"Compared with {found.baseline or 'no audit yet'}; newest audit {found.newest or 'none yet'}")
    say(
        f"Servers: {servers[Admission.ADMIT]} admitted, {servers[Admission.CONDITIONS]} with conditions, "
        f"{servers[Admission.NOT_YET]} not yet; overdue findings: {found.whole.overdue}"
    )
    say(f"At or above {told.rules.condition_from}: {forecast_sentence(words, found.whole.forecast, told)}")
    if found.unmeasured:
        say(f"Not measured: {', '.join(one.server for one in found.unmeasured)}")
    if found.without_audit:
        say(f"Days without an audit: {', '.join(map(str, found.without_audit))}")


def _when(found: TrialStatus) -> str:
    if found.begins_in_days:
        return f"begins in {found.begins_in_days} {'day' if found.begins_in_days == 1 else 'days'}"
    left = "over time" if found.days_left < 0 else f"{found.days_left} days left"
    return f"day {found.day_number}, {left}"


def _print_report(told: TrialReport) -> None:
    import json

    from reports.trial.json import dump_trial

    print_json(json.loads(dump_trial(told)))


def _print_opds(found: TrialStatus, form: Format) -> None:
    from reports.words import truncated

    rows = [
        {
            "opd": one.opd,
            "baseline": str(truncated(one.baseline.floor)) if one.baseline else None,
            "now": str(truncated(one.now.floor)) if one.now else None,
            "target": one.target,
            "reached": "yes" if one.reached else "no",
            **{severity.value: count for severity, count in one.open.items()},
            "overdue": one.overdue,
            "taken_on": one.acknowledged,
            "fixed": one.fixed,
            "done_by": one.forecast.day or one.forecast.kind.value.replace("_", " "),
        }
        for one in found.opds
    ]
    severities = ("critical", "high", "medium", "low")
    columns = ("opd", "baseline", "now", "target", "reached", *severities, "overdue", "fixed", "done_by")
    print_listing(rows, columns, form, "no OPD is registered")


def _gate_rows(found: ServerGate, inputs: Inputs) -> list[dict[str, object]]:
    from reports.trial.reasons import place, told
    from reports.words import Words

    words = Words("en", inputs.inventory.organization.timezone)
    base: dict[str, object] = {
        "server": found.server,
        "opd": found.opd,
        "decision": found.decision.value,
        "run": found.run,
    }
    rows = [
        {
            **base,
            "reason": one.reason.value,
            "why": told(words, one, found, inputs.policy.admission),
            "check": one.detail if one.detail in inputs.catalogue.checks else "",
            "place": place(one.subject),
            "finding": one.finding,
            "day": one.due,
        }
        for one in found.reasons
    ]
    return rows or [base]


def _write_trial(told: TrialReport, folder: Path, pdf: bool) -> None:
    from auditor.usecases.writing import write_files
    from reports.trial.pages import render_trial

    for path in write_files(render_trial(told, pdf=pdf), folder):
        say(f"wrote {path}")
