"""init, validate, doctor, and the commands about the inventory file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.mapping import draw_map
from auditor.cli.options import INVENTORY, FormatOption, InventoryOption, PolicyOption, chosen_policy
from auditor.cli.output import Format, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.inventory import Inventory, Opd
    from auditor.usecases.doctor import Examined


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(validate)
    app.command()(doctor)
    inventory = typer.Typer(help="Work on the inventory file.", no_args_is_help=True)
    inventory.command("import")(import_servers)
    inventory.command("map")(draw_map)
    app.add_typer(inventory, name="inventory")


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")] = Path(),
    systemd: Annotated[
        Path | None, typer.Option("--systemd", help="Write units for systemd into this folder too.")
    ] = None,
) -> None:
    """Write commented starting files: inventory, policy and their schemas. Never overwrites."""
    from auditor.usecases.starting import write_starting_files
    from auditor.usecases.units import SERVICE, TIMER, write_units

    written, kept = write_starting_files(folder, datetime.now(UTC).date())
    if systemd is not None:
        units = write_units(systemd, folder)
        written, kept = [*written, *units[0]], [*kept, *units[1]]
    for path in written:
        say(f"wrote {path}")
    for path in kept:
        say(f"kept {path}, which was there already")
    say("Next: fill in inventory.yaml, then run: auditor validate")
    if systemd is not None:
        say(f"Then, of {SERVICE} and {TIMER}, enable one: systemctl enable --now {SERVICE}")


def validate(inventory: InventoryOption = INVENTORY, policy: PolicyOption = None) -> None:
    """Check inventory and policy, and tell every problem with file, line and column."""
    from auditor.inventory.advice import advise
    from auditor.model.inventory import Kind
    from auditor.policy.advice import advise_on_checks
    from auditor.usecases.calendar import local_day
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    for opd in inputs.inventory.opds:
        _say_opd(inputs.inventory, opd)
    servers = sum(len(opd.machines()) for opd in inputs.inventory.opds)
    domains = sum(one.kind is Kind.DOMAIN for one in inputs.inventory.servers())
    counted = [
        f"{count} {noun}{'' if count == 1 else 's'}"
        for count, noun in ((servers, "server"), (domains, "domain"))
    ]
    say(f"Valid: {len(inputs.inventory.opds)} OPD, {', '.join(counted)}.")
    if not inputs.inventory.vantage:
        say("Not written: vantage, the zone the scanner stands in. What other zones can reach is not judged.")
    if not inputs.inventory.organization.centre:
        say("Not written: organization.centre. No zone is searched for servers that nobody registered.")
    say("Next: auditor plan")
    today = local_day(datetime.now(UTC), inputs.inventory.organization)
    for line in (
        *advise(inputs.inventory, inputs.policy, today),
        *advise_on_checks(inputs.policy, inputs.catalogue.checks),
    ):
        warn(f"Warning: {line}")


def _say_opd(inventory: Inventory, opd: Opd) -> None:
    """Print an OPD with its servers, domains and zones, and its names on servers of others."""
    from auditor.model.inventory import Kind

    say(f"{opd.id}: {opd.name}")
    for server in opd.servers:
        where = ", ".join(str(address) for address in server.addresses) or ", ".join(server.hostnames)
        if server.kind is Kind.SERVER:
            say(f"  {server.id}: {where}, zone {server.zone}, {server.category}")
        else:
            say(f"  {server.id}: {server.kind}, {server.category}")
    for server in inventory.servers():
        for name, owner in server.name_owners.items():
            if owner == opd.id:
                say(f"  {name}: name on {server.id} of {server.opd}")


def doctor(
    host: Annotated[
        str, typer.Option("--host", help="Try the way into this server instead: one login, one collection.")
    ] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Tell what is installed, what is missing, and how to get it."""
    from auditor.usecases.doctor import examine

    findings = _try_host(host, inventory, policy) if host else examine()
    rows = [
        {
            "part": one.part,
            "state": "ok" if one.ok else "missing",
            "found": one.found,
            "next": one.next_step,
        }
        for one in findings
    ]
    print_listing(rows, ("part", "state", "found", "next"), form, "nothing examined")
    if not all(one.ok for one in findings):
        raise typer.Exit(Exit.INCOMPLETE)


def _try_host(server: str, inventory: Path, policy: Path | None) -> tuple[Examined, ...]:
    from auditor.cli.auditing import ask_secret
    from auditor.usecases.host_access import try_access
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    return try_access(inputs, server, datetime.now(UTC), ask_secret)


def import_servers(
    table: Annotated[Path, typer.Argument(help="CSV file with one server per line.")],
    inventory: InventoryOption = INVENTORY,
    output: Annotated[Path, typer.Option("--output", "-o", help="New inventory file to write.")] = Path(
        "inventory-imported.yaml"
    ),
) -> None:
    """Add the servers of a CSV file to the inventory, as a new file; never overwrites."""
    from auditor.usecases.starting import import_csv

    count = import_csv(table, inventory, output)
    say(f"wrote {output} with {count} more {'server' if count == 1 else 'servers'}")
    warn(f"Next: compare it with {inventory}, then: auditor validate --inventory {output}")
