"""findings acknowledge|unacknowledge|export|import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    InventoryOption,
    LanguageOption,
    OpdOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import say, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.usecases.acknowledge import Taken
    from auditor.usecases.waive import Desk

FindingsArgument = Annotated[
    list[str], typer.Argument(metavar="FINDING...", help="Ids of findings, such as F-0123456789ab.")
]
ByOption = Annotated[str, typer.Option("--by", help="Who says so, by name and office. Has to be said.")]


def register(findings: typer.Typer) -> None:
    """Add these commands to those about findings."""
    findings.command("acknowledge")(acknowledge)
    findings.command("unacknowledge")(unacknowledge)
    findings.command("export")(export)
    findings.command("import")(import_answers)


def acknowledge(
    findings: FindingsArgument,
    owner: Annotated[str, typer.Option("--owner", help="Who mends it. Has to be said.")] = "",
    plan: Annotated[str, typer.Option("--plan", help="How, in a few words. Has to be said.")] = "",
    until: Annotated[str, typer.Option("--until", help="Planned for this day (YYYY-MM-DD).")] = "",
    by: ByOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Say who mends findings, how and until when. They stay open, and their deadlines stay as they are."""
    from auditor.usecases.acknowledge import acknowledge as take_on

    _tell(take_on(_desk(inventory, policy, workspace), findings, owner, plan, until, by))


def unacknowledge(
    findings: FindingsArgument,
    by: ByOption = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, in a few words. Has to be said.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Take back that somebody mends findings."""
    from auditor.usecases.acknowledge import withdraw

    ended = withdraw(_desk(inventory, policy, workspace), findings, by, reason)
    say(f"Nobody has taken on {', '.join(ended)} any more.")


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="New file to write (.xlsx or .csv).")],
    opd: OpdOption = None,
    closed: Annotated[bool, typer.Option("--closed", help="Also what does not stand any more.")] = False,
    language: LanguageOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write the findings that stand to a table whose last columns can be filled in. Never overwrites."""
    from auditor.usecases.findings_exchange import hand_out
    from auditor.usecases.findings_table import findings_table
    from auditor.usecases.reporting import refuse_wrong_choices

    desk = _desk(inventory, policy, workspace)
    refuse_wrong_choices((), language)
    refuse_unknown_opds(desk, opd or ())
    made = findings_table(desk, language or desk.inputs.policy.language, tuple(opd or ()), closed)
    hand_out(made, output)
    say(f"wrote {output} with {_count(len(made.rows), 'finding')}")
    say(f"Next: have it filled in, then: auditor findings import {output} --by NAME")


def import_answers(
    file: Annotated[Path, typer.Argument(help="A table of findings that was filled in (.xlsx or .csv).")],
    by: ByOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Take in who mends what, how and until when: all of it, or nothing. Other columns are not looked at."""
    from auditor.usecases.findings_exchange import bring_in

    brought = bring_in(_desk(inventory, policy, workspace), file, by)
    _tell(brought.taken)
    if brought.taken.closed:
        warn(f"not taken in, because they do not stand any more: {_few(brought.taken.closed)}")
    if brought.emptied:
        warn(
            f"empty now, and kept as they were: {_few(brought.emptied)};"
            " take them back with: auditor findings unacknowledge"
        )


def refuse_unknown_opds(desk: Desk, opds: Sequence[str]) -> None:
    """Raise UsageProblem for an OPD that is not registered: an empty file would look like good news."""
    from auditor.usecases.errors import UsageProblem, choices_near

    known = {opd.id for opd in desk.inputs.inventory.opds}
    for opd in opds:
        if opd not in known:
            raise UsageProblem(f"there is no OPD {opd}", choices_near(opd, known))


def _tell(taken: Taken) -> None:
    if not taken.made:
        say("Nothing is new; nothing was changed.")
        return
    say(f"Taken on: {_count(len(taken.made), 'finding')} ({_few([one.finding for one in taken.made])}).")
    if taken.known:
        say(f"Known already: {_count(len(taken.known), 'finding')}.")
    if taken.late:
        warn(f"planned for after the deadline, which stays as it is: {_few(taken.late)}")
    say("They stay open until they are measured again and pass: auditor verify FINDING")


def _few(ids: Sequence[str]) -> str:
    return ", ".join(ids[:8]) + (f" and {len(ids) - 8} more" if len(ids) > 8 else "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _desk(inventory: Path, policy: Path | None, workspace: Path) -> Desk:
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.waive import make_desk

    inputs = load_inputs(inventory, chosen_policy(policy))
    return make_desk(open_workspace(workspace), inputs)
