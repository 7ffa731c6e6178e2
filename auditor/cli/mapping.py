"""inventory map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    InventoryOption,
    LanguageOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import say


def draw_map(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write: a page (.html, .pdf) or a drawing (.svg).")
    ] = Path("topology-map.html"),
    opd: Annotated[str, typer.Option("--opd", help="Only what this OPD may see.")] = "",
    language: LanguageOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Draw zones, servers and OPD of the inventory, with the ports that the newest audit found."""
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.topology import draw_inventory

    inputs = load_inputs(inventory, chosen_policy(policy))
    drawn = draw_inventory(inputs, workspace, output, opd=opd, language=language)
    seen = f"audit {drawn.run.id}" if drawn.run else "no audit yet, so nothing but what is registered"
    say(f"wrote {drawn.path}: {drawn.servers} servers, {seen}")
