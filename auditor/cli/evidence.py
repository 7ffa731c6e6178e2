"""evidence verify|show|raw."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import WORKSPACE, FormatOption, WorkspaceOption
from auditor.cli.output import Format, print_json, print_listing, say


def register(app: typer.Typer) -> None:
    """Add these commands."""
    evidence = typer.Typer(
        help="The evidence chain: check it, and follow a number down to it.", no_args_is_help=True
    )
    evidence.command("verify")(verify)
    evidence.command("show")(show)
    app.add_typer(evidence, name="evidence")


def verify(workspace: WorkspaceOption = WORKSPACE, form: FormatOption = Format.TABLE) -> None:
    """Find any evidence row, decision or result that was changed, dropped, inserted or moved."""
    from auditor.store.shape import ForeignPartsError
    from auditor.store.workspace import open_workspace
    from auditor.usecases.integrity import readable_problems

    try:
        store = open_workspace(workspace)
    except ForeignPartsError as error:
        rows = [{"row": 0, "problem": f"{part}, so nothing further is read"} for part in error.parts]
        print_listing(rows, ("row", "problem"), form, "")
        raise typer.Exit(Exit.INCOMPLETE) from None
    rows = [{"row": one.sequence, "problem": one.problem} for one in readable_problems(store)]
    if rows or form is not Format.TABLE:
        print_listing(rows, ("row", "problem"), form, "")
    if rows:
        raise typer.Exit(Exit.INCOMPLETE)
    sequence, head = store.evidence.head()
    if form is Format.TABLE:
        decided, last = store.decisions.head()
        say(f"{sequence} rows, all as written; head {head}")
        say(f"{decided} decisions, all as written; head {last}")
        if pruned := store.prunings.all():
            last_day = f"{pruned[-1].pruned_at:%Y-%m-%d}"
            say(f"{len(pruned)} raw outputs pruned by policy, the last on {last_day} (UTC)")


def show(
    sequence: Annotated[
        int, typer.Argument(help="Number of the row, as findings and cards name it.", min=1, max=2**63 - 1)
    ],
    raw: Annotated[
        str, typer.Option("--raw", help="Print this raw output instead, exactly as received.")
    ] = "",
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Show one evidence row: what was measured, when, with what, and what came back."""
    from auditor.store.records import EVIDENCE
    from auditor.store.workspace import open_workspace
    from auditor.usecases.errors import UsageProblem

    store = open_workspace(workspace)
    row = store.evidence.get(sequence)
    if row is None:
        raise UsageProblem(f"there is no evidence row {sequence}", "see: auditor findings show FINDING")
    if not raw:
        print_json(EVIDENCE.plain(row))
        return
    content = store.evidence.raw(row.raw[raw]) if raw in row.raw else None
    pruned = store.prunings.get(row.raw[raw]) if raw in row.raw else None
    if content is None and pruned is not None:
        raise UsageProblem(
            f"raw output {raw} of row {sequence} was pruned on {pruned.pruned_at:%Y-%m-%d} by policy: "
            f"{pruned.reason}",
            "its facts are kept: leave out --raw; a backup from before may hold it",
        )
    if content is None:
        raise UsageProblem(
            f"row {sequence} keeps no raw output {raw}", f"it keeps: {', '.join(row.raw) or 'none'}"
        )
    sys.stdout.buffer.write(content)
