"""import nmap|lynis|openscap|list|show: reports of other tools become evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.usecases.importing import Desk, Handed

_OneServer = Annotated[str, typer.Option("--server", help="Id of the server that the report is about.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    imports = typer.Typer(
        help="Hand in reports of nmap, Lynis or OpenSCAP as evidence; sends nothing.", no_args_is_help=True
    )
    imports.command("nmap")(import_nmap)
    imports.command("lynis")(import_lynis)
    imports.command("openscap")(import_openscap)
    imports.command("list")(list_imports)
    imports.command("show")(show_import)
    app.add_typer(imports, name="import")
    app.command("openscap")(evaluate_openscap)


def import_nmap(
    file: Annotated[Path, typer.Argument(help="What nmap -oX wrote.")],
    zone: Annotated[
        str, typer.Option("--from", help="Zone that nmap stood in; by default the scanner's own.")
    ] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Take the open ports and services that nmap found on registered servers."""
    from auditor.usecases.importing import import_network

    _tell(import_network(_desk(inventory, policy, workspace), file, zone))


def import_lynis(
    file: Annotated[Path, typer.Argument(help="Lynis' report file, by default lynis-report.dat.")],
    server: _OneServer,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Take what Lynis found inside a server."""
    from auditor.model.imported import ImportKind
    from auditor.usecases.importing import import_inside

    _tell(import_inside(_desk(inventory, policy, workspace), ImportKind.LYNIS, file, server))


def import_openscap(
    file: Annotated[Path, typer.Argument(help="XCCDF results or ARF report.")],
    server: _OneServer,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Take the results of an OpenSCAP evaluation of a server."""
    from auditor.model.imported import ImportKind
    from auditor.usecases.importing import import_inside

    _tell(import_inside(_desk(inventory, policy, workspace), ImportKind.OPENSCAP, file, server))


def evaluate_openscap(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="Id of the server in the inventory.")],
    content: Annotated[str, typer.Option("--content", help="Path of the SCAP content on the server.")],
    profile: Annotated[str, typer.Option("--profile", help="Id of the profile; by default none.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Let oscap on a server evaluate content that lies there, and store the result as an import."""
    from auditor.cli.auditing import ask_secret
    from auditor.usecases.audit import alone, refuse_when_stopped
    from auditor.usecases.importing_openscap import evaluate
    from scanners.host.connection import run_over_ssh

    desk = _desk(inventory, policy, workspace)
    refuse_when_stopped(desk.workspace)
    with alone(desk.workspace):
        _tell(evaluate(desk, server, content, profile, run_over_ssh, ask_secret))


def list_imports(
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what was handed in, and what of it the next audit takes over."""
    from auditor.policy.loading import load_policy
    from auditor.store.workspace import open_workspace
    from auditor.usecases.importing_listing import COLUMNS, listing

    days = load_policy(chosen_policy(policy)).import_days
    rows = listing(open_workspace(workspace).imports.all(), days, datetime.now(UTC))
    print_listing(rows, COLUMNS, form, "nothing was handed in")


def show_import(
    file: Annotated[str, typer.Argument(metavar="DIGEST", help="SHA-256 of the file, or how it begins.")],
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what a file says: ports, warnings, or rules with the controls that the content hints at."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.importing_listing import SHOWN, chosen, contents

    entries = chosen(open_workspace(workspace).imports.all(), file)
    print_listing(contents(entries), SHOWN[entries[0].kind], form, "it says nothing that is shown here")


def _desk(inventory: Path, policy: Path | None, workspace: Path) -> Desk:
    from auditor.store.workspace import open_workspace
    from auditor.usecases.importing import make_desk
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    return make_desk(open_workspace(workspace), inputs.inventory)


def _tell(handed: Handed) -> None:
    for one in handed.added:
        where = f"{one.task.server} {one.task.address}".strip()
        say(f"stored {one.task.scanner} of {where}, measured {one.finished_at:%Y-%m-%d %H:%M} UTC")
        if one.failure is not None:
            warn(f"{where}: no evidence: {one.failure.detail}")
    if handed.known:
        say(f"{len(handed.known)} of this file was there already; nothing of that was changed")
    for address, why in handed.left_out.items():
        warn(f"not stored: {address}: {why}")
    for remark in handed.remarks:
        warn(f"Warning: {remark}")
    say(f"File {handed.file[:12]}. Next: auditor audit, or without measuring: auditor audit --imported-only")
