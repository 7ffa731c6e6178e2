"""controls list|show|coverage|not-automated|lint."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import FormatOption
from auditor.cli.output import Format, print_json, print_listing, say

ChosenEdition = Annotated[str, typer.Option("--edition", help="2013 or 2022.")]
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
    app.add_typer(controls, name="controls")


def list_controls(
    edition: ChosenEdition = "2022", language: ChosenLanguage = "id", form: FormatOption = Format.TABLE
) -> None:
    """List every control of an edition with how far a machine judges it."""
    from auditor.usecases.controls import control_rows

    columns = ("control", "title", "coverage", "implements", "related", "other_edition")
    print_listing(control_rows(edition, language), columns, form, "no controls")


def show(
    name: Annotated[str, typer.Argument(help="A control such as A.8.24, or the id of a check.")],
    edition: ChosenEdition = "2022",
    language: ChosenLanguage = "id",
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one control, or one check, whole."""
    from auditor.usecases.controls import describe

    described: dict[str, Any] = describe(name, edition, language)
    if form is Format.JSON:
        print_json(described)
        return
    rows = [{"field": key, "value": value} for key, value in described.items()]
    print_listing(rows, ("field", "value"), form, "")


def coverage(form: FormatOption = Format.TABLE) -> None:
    """Count, per edition, how many controls a machine can judge and how many checks speak to them."""
    from auditor.usecases.controls import coverage_rows

    columns = ("edition", "coverage", "controls", "with_checks", "without_checks")
    print_listing(coverage_rows(), columns, form, "no controls")


def not_automated(language: ChosenLanguage = "id", form: FormatOption = Format.TABLE) -> None:
    """List what no check decides, with the reason and what to do instead."""
    from auditor.usecases.controls import not_automated_rows

    columns = ("area", "question", "reason", "instead")
    print_listing(not_automated_rows(language), columns, form, "nothing")


def lint(form: FormatOption = Format.TABLE) -> None:
    """Hold every check file against the rules, its examples included."""
    from auditor.usecases.controls import lint_rows

    checks, rows = lint_rows()
    if rows or form is not Format.TABLE:
        print_listing(rows, ("rule", "check", "message"), form, "")
    if rows:
        raise typer.Exit(Exit.USAGE)
    if form is Format.TABLE:
        say(f"{checks} checks, no problem.")
