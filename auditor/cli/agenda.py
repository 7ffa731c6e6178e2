"""calendar."""

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
    app.command("calendar")(write)


def write(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, such as tilik.ics.")],
    opd: Annotated[str, typer.Option("--opd", help="Only what concerns this OPD.")] = "",
    days: Annotated[
        int, typer.Option("--days", min=1, max=366, help="How far ahead scan windows are written.")
    ] = 60,
    language: LanguageOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write deadlines, scan windows and times without scans for calendar programs (iCalendar).

    A file that is there is replaced: every event keeps its id, so that a program which takes the new file in
    changes what it has.
    """
    from auditor.documents.replacing import replace_file
    from auditor.store.workspace import open_workspace
    from auditor.usecases.agenda import calendar_of
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.reporting import refuse_wrong_choices
    from auditor.usecases.waive import make_desk

    inputs = load_inputs(inventory, chosen_policy(policy))
    refuse_wrong_choices((), language)
    desk = make_desk(open_workspace(workspace), inputs)
    if opd:
        from auditor.cli.acknowledge import refuse_unknown_opds

        refuse_unknown_opds(desk, [opd])
    content = calendar_of(desk, opd, language or inputs.policy.language, days)
    replace_file(output, content, 0o600)
    say(f"wrote {output} with {content.count(b'BEGIN:VEVENT')} events")
