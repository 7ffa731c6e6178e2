"""host-access: what it takes to look at a server from inside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import INVENTORY, InventoryOption, LanguageOption, PolicyOption, chosen_policy
from auditor.cli.output import say


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("host-access")(host_access)


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
    language: LanguageOption = "",
) -> None:
    """Print the script by which the owner of a server lets the auditor look at its inside."""
    from auditor.cli.auditing import ask_secret
    from auditor.usecases.host_access import access_script, read_public_key, read_sources
    from auditor.usecases.inputs import load_inputs

    sources = read_sources(source or ())
    key = read_public_key(public_key) if public_key else ""
    inputs = load_inputs(inventory, chosen_policy(policy))
    say(access_script(inputs, server, datetime.now(UTC), sources, key, language, ask_secret).rstrip("\n"))
