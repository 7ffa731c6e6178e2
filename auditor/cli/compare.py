"""compare: why the scores moved between two audits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.options import WORKSPACE, EditionOption, LanguageOption, OpdOption, WorkspaceOption
from auditor.cli.output import Format, print_json, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.movement import Comparison, Movement
    from auditor.model.run import AuditRun
    from auditor.store.workspace import Workspace
    from auditor.usecases.compare import FindingChanges
    from reports.words import Words

_DIGITS = 2
_NUMBERS = ("without_exceptions", "with_exceptions")
_PARTS = ("posture", "scope", "coverage", "exceptions", "rule_pack")
_COLUMNS = ("opd", "score", "before", "after", "change", *_PARTS, "new", "fixed", "not_judged")
_BEHIND = {
    "checks_added": "Checks added",
    "checks_removed": "Checks removed",
    "checks_changed": "Checks changed",
    "servers_added": "Servers added, or put back into service",
    "servers_removed": "Servers removed, or taken out of service (retired)",
}
_ALL = "(organization)"


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(compare)


def compare(
    before: Annotated[str, typer.Argument(metavar="[RUN]", help="The earlier audit.")] = "previous",
    after: Annotated[str, typer.Argument(metavar="[RUN]", help="The later audit.")] = "latest",
    workspace: WorkspaceOption = WORKSPACE,
    opd: OpdOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write a report to, instead of a table.")
    ] = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="table, json or csv; of a report html, pdf, xlsx, json with commas, html by default.",
        ),
    ] = "",
    language: LanguageOption = "",
    edition: EditionOption = "",
) -> None:
    """Say why scores moved between two audits: five parts, in percentage points, that add up to the change.

    Besides their ids, audits can be named latest, previous, or by a day (2026-11-30): the newest complete one
    until then.
    """
    from auditor.store.workspace import open_workspace
    from auditor.usecases.compare_runs import chosen_runs
    from auditor.usecases.reporting import refuse_wrong_choices

    refuse_wrong_choices((), language)
    form = _listing_format(formats) if output is None else Format.TABLE
    store = open_workspace(workspace)
    runs = chosen_runs(store, before, after)
    if output is not None:
        _write(store, runs, output, formats, tuple(opd or ()), language, edition)
        return
    if runs[1].started_at < runs[0].started_at:
        warn(f"Backwards in time: {runs[1].id} came before {runs[0].id}. Name the earlier audit first.")
    _print(store, runs, opd or (), form, language)


def _listing_format(name: str) -> Format:
    from auditor.usecases.errors import UsageProblem

    try:
        return Format(name or Format.TABLE)
    except ValueError:
        known = ", ".join(Format)
        raise UsageProblem(
            f"--format {name} is not one of {known}", "for html, pdf and xlsx, name a folder with -o"
        ) from None


def _write(
    store: Workspace,
    runs: tuple[AuditRun, AuditRun],
    output: Path,
    formats: str,
    opds: tuple[str, ...],
    language: str,
    edition: str,
) -> None:
    """Write the report of a comparison and say where it lies."""
    from auditor.usecases.compare import chosen_opds
    from auditor.usecases.compare_report import compared_audits, write_comparison
    from auditor.usecases.reporting import refuse_wrong_choices

    compared = compared_audits(store, *runs)
    policy, known = compared.after.policy, compared.after.scorecards
    refuse_wrong_choices(compared.after.frameworks, language, edition)
    written = write_comparison(
        compared,
        output,
        formats=[name.strip() for name in (formats or "html").split(",") if name.strip()],
        opds=chosen_opds({**compared.before.scorecards, **known}, opds) if opds else (),
        language=language or policy.language,
        edition=edition or policy.default_edition,
    )
    say(
        f"{runs[0].id} and {runs[1].id}: {len(written)} files written to {output.resolve()}; "
        f"start with {written[0].resolve()}"
    )


def _print(
    store: Workspace, runs: tuple[AuditRun, AuditRun], opds: Iterable[str], form: Format, language: str
) -> None:
    """Print why scores moved."""
    from auditor.usecases.compare import chosen_opds, finding_changes, side_of
    from controls.movement import movements
    from reports.words import Words

    first, second = (side_of(store, run) for run in runs)
    compared = movements(first, second)
    chosen = {one: compared[one] for one in chosen_opds(compared, tuple(opds))}
    changes = finding_changes(first, second)
    inventory = store.runs.inputs(second.run).inventory
    if form is Format.JSON:
        print_json([_record(one, changes) for one in chosen.values()])
        return
    rows = [_row(one, number, changes) for one in chosen.values() for number in _NUMBERS]
    if form is Format.CSV:
        # A leading plus would be taken for a formula, and be quoted.
        plain = [{name: str(value).lstrip("+") for name, value in row.items()} for row in rows]
        print_listing(plain, (*_COLUMNS, "same_rules"), form, "")
        return
    words = Words(language or second.policy.language, inventory.organization.timezone)
    _say_what_is_compared(compared[""], words)
    print_listing(rows, _COLUMNS, form, "")
    _say_what_the_parts_mean(words)
    _say_what_lies_behind(chosen.values())


def _movements(compared: Comparison) -> dict[str, Movement]:
    return {"without_exceptions": compared.without_exceptions, "with_exceptions": compared.with_exceptions}


def _numbers(movement: Movement) -> dict[str, Decimal]:
    """Return the numbers as they are shown; what is printed adds up exactly."""
    from reports.apportion import change_shown, parts_shown
    from reports.words import truncated

    parts = parts_shown(movement, _DIGITS)
    return {
        "before": truncated(float(movement.before), _DIGITS),
        "after": truncated(float(movement.after), _DIGITS),
        "change": change_shown(movement, _DIGITS),
        **{cause.value: part for cause, part in parts.items()},
    }


def _counts(opd: str, changes: Mapping[str, FindingChanges]) -> dict[str, int]:
    from auditor.usecases.compare import FindingChanges

    counted = changes.get(opd, FindingChanges())
    return {"new": counted.new, "fixed": counted.fixed, "not_judged": counted.not_judged}


def _row(compared: Comparison, number: str, changes: Mapping[str, FindingChanges]) -> dict[str, Any]:
    return {
        "opd": compared.opd or _ALL,
        "score": number.replace("_", " "),
        **{name: _signed(name, value) for name, value in _numbers(_movements(compared)[number]).items()},
        **_counts(compared.opd, changes),
        "same_rules": "yes" if compared.same_rules else "no",
    }


def _signed(name: str, value: Decimal) -> str:
    """Return a percentage, or a change of one with a minus that no spreadsheet takes for a formula."""
    sign = "−" if value < 0 else "+" if value > 0 and name not in ("before", "after") else ""
    return f"{sign}{abs(value):.{_DIGITS}f}"


def _record(compared: Comparison, changes: Mapping[str, FindingChanges]) -> dict[str, Any]:
    return {
        "opd": compared.opd,
        "before_run": compared.before_run,
        "after_run": compared.after_run,
        "same_rules": compared.same_rules,
        **{
            name: {key: float(value) for key, value in _numbers(movement).items()}
            for name, movement in _movements(compared).items()
        },
        "findings": _counts(compared.opd, changes),
        **{name: list(getattr(compared, name)) for name in _BEHIND},
        "weights_changed": compared.weights_changed,
        "grading_changed": compared.grading_changed,
    }


def _say_what_is_compared(compared: Comparison, words: Words) -> None:
    """Say first of all whether the two audits can be compared."""
    say(f"From audit {compared.before_run} to audit {compared.after_run}, in percentage points of the floor.")
    if not compared.same_rules:
        say(
            words.say(
                "The two audits were judged by different rules: their scores are not comparable, and their "
                "difference is neither progress nor a setback."
            )
        )
    if compared.weights_changed:
        say("The weights of severities or categories changed.")
    if compared.grading_changed:
        say("The bands or caps of grades, or the coverage that a grade needs, changed.")
    say("")


def _say_what_the_parts_mean(words: Words) -> None:
    from auditor.model.movement import Cause
    from reports.view.labels import CAUSES

    say("")
    for cause in Cause:
        name, meaning = CAUSES[cause]
        say(f"{cause.value.replace('_', ' ')}: {words.say(name)}. {words.say(meaning)}")


def _say_what_lies_behind(chosen: Iterable[Comparison]) -> None:
    """Name what came, went and changed: checks once, servers of everything that is listed."""
    listed = list(chosen)
    for name, said in _BEHIND.items():
        found = sorted({one for compared in listed for one in getattr(compared, name)})
        if found:
            say(f"{said}: {', '.join(found)}")
