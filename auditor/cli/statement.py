"""statement: which controls apply, why, and what each result rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import WORKSPACE, EditionOption, LanguageOption, OpdOption, WorkspaceOption
from auditor.cli.output import say


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(statement)


def statement(
    run_id: Annotated[
        str, typer.Argument(metavar="[RUN]", help="The audit; the newest judged by default.")
    ] = "",
    workspace: WorkspaceOption = WORKSPACE,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")] = Path("reports-out"),
    opd: OpdOption = None,
    organization: Annotated[
        bool, typer.Option("--organization", help="The whole organisation, with the matrix of its OPD.")
    ] = False,
    formats: Annotated[
        str, typer.Option("--format", "-f", help="html, pdf, xlsx, json; separated by commas.")
    ] = "html,xlsx",
    language: LanguageOption = "",
    edition: EditionOption = "",
) -> None:
    """Write the statement of applicability: of every OPD and the organisation, or of those named."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import catalogue_for
    from auditor.usecases.reporting import judged_run, refuse_wrong_choices, report_data
    from auditor.usecases.statement import write_statements

    store = open_workspace(workspace)
    run = judged_run(store, run_id)
    data = report_data(store, run, catalogue_for(store.runs.inputs(run.id).policy))
    refuse_wrong_choices(data.frameworks, language, edition)
    written = write_statements(
        data,
        output,
        formats=[name.strip() for name in formats.split(",") if name.strip()],
        opds=opd or (),
        organization=organization,
        language=language or data.policy.language,
        edition=edition or data.policy.default_edition,
    )
    say(f"{len(written)} files written to {output.resolve()}; start with {written[0].resolve()}")
