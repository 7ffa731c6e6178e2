"""verdicts: what every number rests on."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from auditor.cli.options import (
    WORKSPACE,
    EditionOption,
    FormatOption,
    LanguageOption,
    OpdOption,
    ServerOption,
    WorkspaceOption,
)
from auditor.cli.output import Format, print_listing, warn

_COLUMNS = (
    "check",
    "severity",
    "status",
    "opd",
    "server",
    "address",
    "port",
    "server_name",
    "reason",
    "loosened",
    "waiver",
    "evidence",
)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(verdicts)


def verdicts(
    run_id: Annotated[
        str, typer.Argument(metavar="[RUN]", help="The audit; the newest judged by default.")
    ] = "",
    workspace: WorkspaceOption = WORKSPACE,
    opd: OpdOption = None,
    server: ServerOption = None,
    check: Annotated[list[str] | None, typer.Option("--check", help="Only these checks.")] = None,
    control: Annotated[
        list[str] | None, typer.Option("--control", help="Only checks that implement these controls.")
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Only PASS, FAIL, UNKNOWN, ERROR or NOT_APPLICABLE."),
    ] = None,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = "",
    edition: EditionOption = "",
) -> None:
    """List every verdict of an audit with the rows of evidence it rests on: auditor evidence show NUMBER."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import catalogue_for
    from auditor.usecases.reporting import judged_run, refuse_wrong_choices
    from auditor.usecases.verdicts import Wanted, verdict_rows

    store = open_workspace(workspace)
    run = judged_run(store, run_id)
    policy = store.runs.inputs(run.id).policy
    catalogue = catalogue_for(policy)
    refuse_wrong_choices(catalogue.frameworks, language, edition)
    statuses = [one.upper() for one in status or ()]
    wanted = Wanted(opd or (), server or (), check or (), control or (), statuses)
    rows = verdict_rows(
        store, run, catalogue, wanted, edition or policy.default_edition, language or policy.language
    )
    if sys.stderr.isatty():
        warn(f"Audit {run.id}: {len(rows)} verdicts")
    print_listing(rows, _COLUMNS, form, "No such verdicts.")
