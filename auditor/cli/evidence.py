"""evidence verify|show|export|check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import WORKSPACE, EditionOption, FormatOption, LanguageOption, WorkspaceOption
from auditor.cli.output import Format, print_json, print_listing, say


def register(app: typer.Typer) -> None:
    """Add these commands."""
    evidence = typer.Typer(
        help="The evidence chain: check it, and follow a number down to it.", no_args_is_help=True
    )
    evidence.command("verify")(verify)
    evidence.command("show")(show)
    evidence.command("export")(export)
    evidence.command("check")(check)
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


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write, such as dinkes.zip.")],
    opd: Annotated[str, typer.Option("--opd", help="Of this OPD alone; of all by default.")] = "",
    run: Annotated[str, typer.Option("--run", help="Of this audit; the newest by default.")] = "",
    first: Annotated[str, typer.Option("--from", help="Of every audit since this day (YYYY-MM-DD).")] = "",
    last: Annotated[str, typer.Option("--to", help="Of every audit until this day (YYYY-MM-DD).")] = "",
    formats: Annotated[
        str, typer.Option("--format", "-f", help="Formats of the cards in it, separated by commas.")
    ] = "html,json,csv",
    language: LanguageOption = "",
    edition: EditionOption = "",
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Seal also what does not verify, and tell in it what is wrong.")
    ] = False,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write a sealed file with cards, verdicts, evidence and decisions, and a program that verifies it."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.evidence_pack import Asked, export_pack
    from auditor.usecases.waive_rules import day_of

    store = open_workspace(workspace)
    asked = Asked(
        opd=opd,
        run=run,
        first=day_of(first, "from"),
        last=day_of(last, "to"),
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        language=language,
        edition=edition,
        damaged=damaged,
    )
    made = export_pack(store, asked, output, SYSTEM_CLOCK.now())
    say(
        f"{made.path}: {made.size_bytes / 1e6:.1f} MB, {made.audits} audits, {made.retests} re-tests, "
        f"{made.rows} rows of evidence"
    )
    if made.withheld:
        say(f"{made.withheld} rows of other OPD are in it as hashes only")
    say(f"SHA-256 of the file      {made.sha256}")
    say(f"public key               {made.public_key}")
    say(f"SHA-256 of its verify.py {made.verifier}")
    say("Hand on the key by another way than the file. To verify it: auditor evidence check FILE --key KEY")


def check(
    pack: Annotated[Path, typer.Argument(help="A file that auditor evidence export wrote.")],
    key: Annotated[str, typer.Option("--key", help="The public key that it must be sealed with.")] = "",
) -> None:
    """Verify an evidence pack: every byte of it; the same that verify.py inside it does."""
    from auditor.usecases.evidence_pack import verify_pack

    verified = verify_pack(pack, key)
    for line in (*verified.problems, *verified.summary):
        say(line)
    if verified.problems:
        raise typer.Exit(Exit.INCOMPLETE)
