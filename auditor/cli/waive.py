"""waive request|approve|reject|revoke|list|show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    OpdOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_json, print_listing, say

if TYPE_CHECKING:
    from auditor.usecases.waive import Desk, Outcome

_COLUMNS = (
    *("id", "state", "remarks", "check", "opd", "server", "address", "port", "server_name"),
    *("valid_from", "valid_until", "days_left", "requested_by", "approved_by"),
)
WaiverArgument = Annotated[str, typer.Argument(metavar="WAIVER", help="Its id, such as W-0123abcd.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decides, by name and office. Has to be said.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence. Has to be said.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    waive = typer.Typer(
        help="Accept the risk of a failing check, in writing and for a time. It stays a failure.",
        no_args_is_help=True,
    )
    for command in (request, approve, reject, revoke, show):
        waive.command()(command)
    waive.command("list")(list_waivers)
    app.add_typer(waive, name="waive")


def request(
    check: Annotated[str, typer.Option("--check", help="The check that fails.")] = "",
    opd: Annotated[str, typer.Option("--opd", help="The OPD that answers for it.")] = "",
    server: Annotated[str, typer.Option("--server", help="Only this server.")] = "",
    address: Annotated[str, typer.Option("--address", help="Only this address.")] = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Only this port of it.")] = 0,
    name: Annotated[str, typer.Option("--name", help="Only this host name there.")] = "",
    finding: Annotated[
        str, typer.Option("--finding", help="This one finding, instead of check and places.")
    ] = "",
    reason: ReasonOption = "",
    compensating: Annotated[
        str, typer.Option("--compensating", help="What keeps the risk small meanwhile. Has to be said.")
    ] = "",
    requested_by: Annotated[
        str, typer.Option("--requested-by", help="Who asks, by name and office. Has to be said.")
    ] = "",
    first: Annotated[str, typer.Option("--from", help="First day (YYYY-MM-DD); today by default.")] = "",
    last: Annotated[str, typer.Option("--until", help="Last day (YYYY-MM-DD). Has to be said.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Ask for a waiver. It counts only once another person has approved it."""
    from auditor.usecases.waive import Request
    from auditor.usecases.waive import request as ask
    from auditor.usecases.waive_listing import describe
    from auditor.usecases.waive_rules import day_of
    from auditor.usecases.waive_scope import Wish

    wanted = Request(
        Wish(check, opd, server, address, port, name, finding),
        reason,
        compensating,
        requested_by,
        day_of(first, "from"),
        day_of(last, "until"),
    )
    desk = _desk(inventory, policy, workspace)
    asked = ask(desk, wanted)
    waiver = asked.waiver
    say(f"{waiver.id} requested, from {waiver.valid_from} until {waiver.valid_until}.")
    covered = describe(desk, waiver.id)
    if covered["run"] and not covered["findings"]:
        say(f"Nothing that it covers fails in {covered['run']}; it was taken in all the same.")
    _tell_overlaps(asked)
    say(f"Next: another person approves it: auditor waive approve {waiver.id} --by NAME")


def approve(
    waiver: WaiverArgument,
    by: ByOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Approve a waiver that another person asked for."""
    from auditor.usecases.waive import approve as let

    desk = _desk(inventory, policy, workspace)
    approved = let(desk, waiver, by)
    one = approved.waiver
    say(f"{one.id} approved: in force from {one.valid_from} until the end of {one.valid_until}.")
    _tell_overlaps(approved)
    if one.valid_from > desk.today:
        say("Next: nothing; audits from its first day on count it. Audits before it keep their numbers.")
    else:
        say("Next: judge an audit of today again: auditor assess. Audits of earlier days keep their numbers.")


def reject(
    waiver: WaiverArgument,
    by: ByOption = "",
    reason: ReasonOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Reject what was asked for."""
    from auditor.usecases.waive import reject as refuse

    refused = refuse(_desk(inventory, policy, workspace), waiver, by, reason).waiver
    say(f"{refused.id} rejected. Next: fix what fails: auditor findings list --check {refused.check}")


def revoke(
    waiver: WaiverArgument,
    by: ByOption = "",
    reason: ReasonOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """End an approved waiver, from today on. To change one, revoke it and ask anew."""
    from auditor.usecases.waive import revoke as end

    ended = end(_desk(inventory, policy, workspace), waiver, by, reason).waiver
    say(f"{ended.id} revoked: it does not hold from {ended.ended_on} on.")
    say("Next: judge an audit of today again: auditor assess. Audits of earlier days keep their numbers.")


def list_waivers(
    opd: OpdOption = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="Only these, such as requested, in_force or ending; may be repeated."),
    ] = None,
    check: Annotated[list[str] | None, typer.Option("--check", help="Only these checks.")] = None,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every waiver ever asked for with what it comes to today, what ends first on top."""
    from auditor.usecases.waive_listing import waiver_rows

    wanted: dict[str, Sequence[str]] = {"opd": opd or (), "state": state or (), "check": check or ()}
    rows = waiver_rows(_desk(inventory, policy, workspace), wanted)
    print_listing([_shown(row, form) for row in rows], _COLUMNS, form, "No waivers.")


def _shown(row: dict[str, object], form: Format) -> dict[str, object]:
    return row if form is Format.JSON else {**row, "port": row["port"] or ""}


def show(
    waiver: WaiverArgument,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one waiver whole: who did what and when, and which findings lie in its scope."""
    from auditor.usecases.waive_listing import describe

    described = describe(_desk(inventory, policy, workspace), waiver)
    if form is Format.JSON:
        print_json(described)
        return
    history, findings = described.pop("history"), described.pop("findings")
    rows = [{"field": key, "value": value} for key, value in _shown(described, form).items()]
    rows += [
        {"field": f"entry {e.pop('sequence')}", "value": list(filter(None, e.values()))} for e in history
    ]
    rows += [
        {"field": f"finding {f['id']}", "value": (f["subject"], "waived" if f["waived"] else "not waived")}
        for f in findings
    ]
    print_listing(rows, ("field", "value"), form, "")


def _tell_overlaps(outcome: Outcome) -> None:
    if outcome.overlaps:
        say(f"Note: a part of the same is covered or asked for by {', '.join(outcome.overlaps)}.")


def _desk(inventory: Path, policy: Path | None, workspace: Path) -> Desk:
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.waive import make_desk

    # A mistake in the files must be told before a workspace is made.
    inputs = load_inputs(inventory, chosen_policy(policy))
    return make_desk(open_workspace(workspace), inputs)
