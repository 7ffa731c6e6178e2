"""prune, backup, restore: how long things are kept, and where else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.exits import Exit
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
    from auditor.store.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(prune)
    app.command()(backup)
    app.command()(restore)


def prune(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be removed.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Remove raw outputs that are older than the policy keeps them and that nothing rests on."""
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.pruning import prune as remove

    store = _existing(workspace)
    inputs = load_inputs(inventory, chosen_policy(policy))
    pruned = remove(store, inputs, datetime.now(UTC), dry_run=dry_run)
    told = "would be removed" if dry_run else "removed"
    rows = [{"what": told, "outputs": pruned.outputs, "bytes": pruned.size_bytes}] + [
        {"what": f"kept for {need}", "outputs": count, "bytes": None} for need, count in pruned.kept.items()
    ]
    if form is Format.TABLE:
        say(f"Old enough: measured before {pruned.before:%Y-%m-%d %H:%M} UTC.")
    print_listing(rows, ("what", "outputs", "bytes"), form, "")


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="File to write; by default a new one in the policy's folder."),
    ] = None,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write everything stored into one file, also while an audit runs."""
    from auditor.policy.loading import load_policy
    from auditor.usecases.backup import backup as write

    store = _existing(workspace)
    made = write(store, load_policy(chosen_policy(policy)), datetime.now(UTC), file)
    manifest = made.manifest
    say(f"{made.path}: {made.size_bytes} bytes, {len(manifest.entries)} files, SHA-256 {made.sha256}")
    say(f"{manifest.evidence} rows of evidence, head {manifest.evidence_head}")
    for old in made.removed:
        say(f"removed {old}: enough newer ones are kept")
    if not made.encrypted:
        warn("It holds the signing key and is not encrypted: keep it like the workspace itself.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that auditor backup wrote.")],
    workspace: WorkspaceOption = WORKSPACE,
    identity: Annotated[
        Path | None, typer.Option("--identity", help="File with the age identity of an encrypted backup.")
    ] = None,
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Take a workspace that was damaged when it was copied as it is.")
    ] = False,
) -> None:
    """Make a workspace of a backup again, in a folder that is empty: verified as a whole, or not at all."""
    from auditor.usecases.restore import restore as make

    made = make(file, workspace, identity, damaged=damaged)
    manifest = made.manifest
    say(f"{workspace.resolve()}: as of {manifest.made_at}, {len(manifest.entries)} files, all as listed")
    say(f"{manifest.evidence} rows of evidence, head {manifest.evidence_head}")
    say(f"{manifest.decisions} decisions, head {manifest.decisions_head}")
    say(f"signed with the key {made.public_key or 'none'}")
    say("Next: compare key and heads with what was noted when the backup was made")
    for problem in made.problems:
        warn(f"row {problem.sequence}: {problem.problem}")
    if made.problems:
        raise typer.Exit(Exit.INCOMPLETE)


def _existing(folder: Path) -> Workspace:
    """Open a workspace that is there; a wrong name must not make a new one."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.errors import UsageProblem

    if not (folder / "audit.db").is_file():
        raise UsageProblem(f"there is no workspace in {folder}", "name it with --workspace")
    return open_workspace(folder)
