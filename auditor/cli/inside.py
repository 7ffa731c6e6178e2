"""local, host-access, record: looking at a server from inside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    LanguageOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_listing, say, say_lines, warn


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("host-access")(host_access)
    app.command("local")(local)
    app.command("record")(record)


def host_access(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="Id of the server in the inventory.")],
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--from", help="Address that the auditor comes from; may be repeated."),
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option("--public-key", help="Public key, where the private one is not at hand.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of printing.")
    ] = None,
    language: LanguageOption = "",
) -> None:
    """Print the script by which the owner of a server lets the auditor look at its inside."""
    from auditor.cli.auditing import ask_secret
    from auditor.usecases.host_access import access_script, read_public_key, read_sources
    from auditor.usecases.inputs import load_inputs

    sources = read_sources(source or ())
    key = read_public_key(public_key) if public_key else ""
    inputs = load_inputs(inventory, chosen_policy(policy))
    script = access_script(inputs, server, datetime.now(UTC), sources, key, language, ask_secret)
    if output is None:
        say_lines(script)
    else:
        output.write_text(script, encoding="utf-8")
        say(f"wrote {output}. Next: its owner reads it, runs it as root on {server} and sends the host keys")


def record(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="Id of the server in the inventory.")],
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Print what was found inside a server as a record to review and to put into the inventory."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.record_skeleton import record_skeleton

    say_lines(record_skeleton(open_workspace(workspace), server))


def local(
    policy: PolicyOption = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Only PASS, FAIL, UNKNOWN, ERROR or NOT_APPLICABLE; else FAIL."),
    ] = None,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = "",
) -> None:
    """Look at the inside of this very machine, now, and list what fails. Stores nothing; best run as root."""
    from auditor.policy.loading import load_policy
    from auditor.usecases.local_audit import (
        audit_this_machine,
        is_grave,
        is_incomplete,
        local_rows,
        summary,
        wanted_statuses,
    )
    from auditor.usecases.reporting import refuse_wrong_choices
    from controls.loading import load_catalogue

    refuse_wrong_choices(load_catalogue().frameworks, language, "")
    loaded = load_policy(chosen_policy(policy))
    wanted = wanted_statuses(status)
    audit = audit_this_machine(loaded)
    if audit.failure is not None:
        warn(f"this machine could not be looked at whole: {audit.failure.kind.value} {audit.failure.detail}")
    rows = local_rows(audit, wanted, language or loaded.language)
    print_listing(
        rows, ("check", "severity", "status", "title", "observed", "fix"), form, "nothing of this kind"
    )
    warn(summary(audit))
    if is_grave(audit, loaded):
        raise typer.Exit(Exit.FINDINGS)
    if is_incomplete(audit):
        raise typer.Exit(Exit.INCOMPLETE)
