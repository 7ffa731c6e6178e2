"""wall."""

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


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(wall)


def wall(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")],
    language: LanguageOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write the wall screen, a JSON feed for other systems and Prometheus metrics, as of now."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.reporting import refuse_wrong_choices
    from auditor.usecases.wall import write_wall

    inputs = load_inputs(inventory, chosen_policy(policy))
    refuse_wrong_choices((), language)
    for path in write_wall(open_workspace(workspace), inputs, output, SYSTEM_CLOCK.now(), language):
        say(f"wrote {path}")
