"""controls list|show|coverage|not-automated|lint|new-check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.cli.catalogue_words import print_told, word
from auditor.cli.exits import Exit
from auditor.cli.options import FormatOption, PolicyOption, chosen_policy
from auditor.cli.output import Format, print_json, print_listing, say

ChosenLanguage = Annotated[str, typer.Option("--language", "-l", help="id or en.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    controls = typer.Typer(
        help="The controls of both editions and the checks behind them.", no_args_is_help=True
    )
    controls.command("list")(list_controls)
    controls.command("show")(show)
    controls.command("coverage")(coverage)
    controls.command("not-automated")(not_automated)
    controls.command("lint")(lint)
    controls.command("new-check")(new_check)
    app.add_typer(controls, name="controls")


def list_controls(
    edition: Annotated[str, typer.Option("--edition", help="2013, 2022 or both.")] = "2022",
    coverage: Annotated[
        list[str] | None,
        typer.Option("--coverage", help="Only technical, partial, supporting or attestation."),
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option("--group", help="Only this clause or theme, such as A.8.")
    ] = None,
    responsible: Annotated[
        list[str] | None, typer.Option("--responsible", help="Only centre, opd or shared.")
    ] = None,
    without_checks: Annotated[
        bool, typer.Option("--without-checks", help="Only those that no check implements.")
    ] = False,
    policy: PolicyOption = None,
    language: ChosenLanguage = "id",
    form: FormatOption = Format.TABLE,
) -> None:
    """List controls with how far a machine judges them, who answers and how many checks speak to them."""
    from auditor.usecases.controls import BOTH, Wanted, catalogue_with, control_rows

    wanted = Wanted(coverage or (), group or (), responsible or (), without_checks)
    rows = control_rows(catalogue_with(chosen_policy(policy)), edition, language, wanted)
    columns = ("control", "title", "coverage", "responsible", "implements", "related", "other_edition")
    print_told(rows, ("edition", *columns) if edition == BOTH else columns, form, language)


def show(
    name: Annotated[str, typer.Argument(help="A control such as A.8.24, or the id of a check.")],
    edition: Annotated[
        str, typer.Option("--edition", help="2013 or 2022; the one that has the control by default.")
    ] = "",
    policy: PolicyOption = None,
    language: ChosenLanguage = "id",
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one control, or one check, whole."""
    from auditor.usecases.control_detail import describe
    from auditor.usecases.controls import catalogue_with, policy_with

    chosen, catalogue = chosen_policy(policy), catalogue_with(chosen_policy(policy))
    described = describe(catalogue, name, edition, language, policy_with(chosen, catalogue))
    if form is Format.JSON:
        print_json(described)
        return
    rows = [{"field": key, "value": line} for key, value in described.items() for line in _lines(key, value)]
    if form is Format.TABLE:
        rows = [
            {**row, "value": word(row["value"], language)} if row["field"] in _CODED else row for row in rows
        ]
    print_told(rows, ("field", "value"), form, language)


_CODED = ("coverage", "responsible")
"""Fields whose value is a word of ours, told in the language."""


def _lines(key: str, value: Any) -> Iterator[str]:
    """Yield one line for each row: a line break would be shown escaped, and could not be copied."""
    if isinstance(value, list) and key in ("implemented by", "related checks"):
        yield from (f"{one['check']}: {one['title']}" for one in value)
    elif isinstance(value, list) and key == "crosswalk":
        yield from value
    elif isinstance(value, list):
        yield ", ".join(value)
    else:
        yield from str(value).splitlines()


def coverage(
    by: Annotated[str, typer.Option("--by", help="coverage or group.")] = "coverage",
    policy: PolicyOption = None,
    language: ChosenLanguage = "id",
    form: FormatOption = Format.TABLE,
) -> None:
    """Count, per edition, how many controls a machine can judge and how many checks implement."""
    from auditor.usecases.controls import catalogue_with, coverage_rows

    rows = coverage_rows(catalogue_with(chosen_policy(policy)), by, language)
    counted = ("with_checks", "without_checks", "explained")
    parts = {
        "coverage": ("coverage", "controls"),
        "group": ("group", "title", "controls", "technical", "partial", "supporting", "attestation"),
    }
    print_told(rows, ("edition", *parts[by], *counted), form, language)


def not_automated(language: ChosenLanguage = "id", form: FormatOption = Format.TABLE) -> None:
    """List what no check decides, with the reason and what to do instead."""
    from auditor.usecases.controls import not_automated_rows

    print_told(not_automated_rows(language), ("area", "question", "reason", "instead"), form, language)


def lint(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with local checks; the shipped files by default.")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Hold every file of the catalogue, or every local check, against the rules, its examples included."""
    from auditor.usecases.check_files import lint_rows, rule_rows

    if rules:
        print_listing(rule_rows(), ("rule", "demands"), form, "")
        return
    files, rows = lint_rows(folder)
    if rows or form is not Format.TABLE:
        print_listing(rows, ("rule", "where", "message"), form, "")
    if rows:
        raise typer.Exit(Exit.USAGE)
    if form is Format.TABLE:
        say(f"{files} {'file' if files == 1 else 'files'}, no problem.")


def new_check(
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id, such as local-http-status-hidden.")],
    subject: Annotated[
        str,
        typer.Option("--subject", help="address, service, tls, certificate, ssh, http, domain or network."),
    ],
    severity: Annotated[str, typer.Option("--severity", help="critical, high, medium, low or info.")],
    folder: Annotated[Path, typer.Option("--folder", help="Folder to write to.")] = Path("my-checks"),
) -> None:
    """Begin a check: write a commented file that is to be filled in. Never overwrites."""
    from auditor.usecases.check_files import new_check as begin

    path = begin(name, subject, severity, folder)
    say(f"wrote {path}")
    say(f"Next: fill in what stands in angle brackets, then run: auditor controls lint {folder}")
