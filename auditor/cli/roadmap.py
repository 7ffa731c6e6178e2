"""roadmap: what is left to do as packages of work, with person-days and cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.options import WORKSPACE, EditionOption, LanguageOption, WorkspaceOption
from auditor.cli.output import say

if TYPE_CHECKING:
    from auditor.model.roadmap import Roadmap


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(roadmap)


def roadmap(
    run_id: Annotated[
        str, typer.Argument(metavar="[RUN]", help="The audit; the newest judged by default.")
    ] = "",
    workspace: WorkspaceOption = WORKSPACE,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")] = Path("reports-out"),
    opd: Annotated[str, typer.Option("--opd", help="Only this OPD; all by default.")] = "",
    formats: Annotated[
        str, typer.Option("--format", "-f", help="html, pdf, xlsx, json; separated by commas.")
    ] = "html,xlsx",
    capacity: Annotated[
        float | None,
        typer.Option("--capacity", help="Person-days of the centre in a quarter, instead of the policy's."),
    ] = None,
    opd_capacity: Annotated[
        float | None,
        typer.Option("--opd-capacity", help="Person-days of each OPD in a quarter, instead of the policy's."),
    ] = None,
    years: Annotated[
        int | None,
        typer.Option("--years", min=1, max=10, help="How far it reaches, else as the policy says."),
    ] = None,
    language: LanguageOption = "",
    edition: EditionOption = "",
) -> None:
    """Write what is left to do as a roadmap, with person-days and cost."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import catalogue_for
    from auditor.usecases.reporting import judged_run, refuse_wrong_choices, report_data
    from auditor.usecases.roadmap import what_if_rules, with_roadmap, write_roadmap

    store = open_workspace(workspace)
    run = judged_run(store, run_id)
    data = report_data(store, run, catalogue_for(store.runs.inputs(run.id).policy))
    refuse_wrong_choices(data.frameworks, language, edition)
    rules = what_if_rules(data.policy.roadmap, centre_days=capacity, opd_days=opd_capacity, years=years)
    planned = with_roadmap(data, rules)
    written = write_roadmap(
        planned,
        output,
        formats=[name.strip() for name in formats.split(",") if name.strip()],
        opd=opd or None,
        language=language or data.policy.language,
        edition=edition or data.policy.default_edition,
    )
    if planned.roadmap is not None:
        say(_told(planned.roadmap, opd or None))
    say(f"{len(written)} files written to {output.resolve()}; start with {written[0].resolve()}")


def _told(plan: Roadmap, opd: str | None) -> str:
    """Say in one line what a plan comes to, so that plans with other capacities can be compared."""
    from reports.roadmap.totals import chosen, sums

    packages = chosen(plan, opd)
    total = sums(packages, plan.edition)
    last = max((one.ends for one in packages if one.ends), default=None)
    placed = f"done by {last.isoformat()}" if last else "nothing placed"
    without_room = sum(one.quarter is None for one in packages)
    return (
        f"{total.packages} packages, {total.days:g} person-days, {placed}; "
        f"deadlines that cannot be met: {total.late}, without room: {without_room}"
    )
