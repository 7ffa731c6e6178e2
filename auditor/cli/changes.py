"""findings changes|history: what became of all findings between two moments, and of one over its life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.options import WORKSPACE, FormatOption, LanguageOption, OpdOption, WorkspaceOption
from auditor.cli.output import Format, print_listing

if TYPE_CHECKING:
    from auditor.model.changes import ChangedFinding, Changes

_COLUMNS = (
    *("change", "id", "severity", "status", "opd", "server", "address", "port", "server_name", "check"),
    *("due", "days", "reason"),
)
_LISTS = ("fixed", "new", "redetected", "not_measured", "out_of_scope")


def register(findings: typer.Typer) -> None:
    """Add these commands to those about findings."""
    findings.command("changes")(changes)
    findings.command("history")(history)


def changes(
    since: Annotated[
        str,
        typer.Option(
            "--since",
            help="After this audit, or from this day on (YYYY-MM-DD); by default since the audit before.",
        ),
    ] = "",
    workspace: WorkspaceOption = WORKSPACE,
    opd: OpdOption = None,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = "",
) -> None:
    """List what was fixed (with the days it took), is new, came back, or was not measured.

    Re-tests count too. What is out of scope was closed because nobody looks there any more, not fixed.
    """
    from auditor.store.workspace import open_workspace
    from auditor.usecases.changes import changes_between, since_when
    from auditor.usecases.compare import chosen_opds
    from auditor.usecases.inputs import Inputs, catalogue_for
    from auditor.usecases.reporting import judged_run, refuse_wrong_choices

    refuse_wrong_choices((), language)
    store = open_workspace(workspace)
    newest = judged_run(store, "")
    stored = store.runs.inputs(newest.id)
    wanted = chosen_opds((one.id for one in stored.inventory.opds), opd or ())
    after = since_when(store, since, newest, stored.inventory)
    last = store.runs.all()[-1].started_at
    found = changes_between(
        store, Inputs(stored.inventory, stored.policy, catalogue_for(stored.policy)), after, last
    )
    rows = list(_rows(found, wanted if opd else None, language or stored.policy.language))
    print_listing(rows, _COLUMNS, form, "Nothing changed.")


def history(
    finding: Annotated[str, typer.Argument(help="Id of the finding, such as F-0123456789ab.")],
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what every audit and re-test saw of one finding, oldest first, however long it has been closed."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.changes import life_of

    columns = ("run", "at", "observed", "status", "address", "port", "server_name")
    print_listing(life_of(open_workspace(workspace), finding), columns, form, "")


def _rows(found: Changes, opds: Iterable[str] | None, language: str) -> Iterator[dict[str, Any]]:
    wanted = None if opds is None else frozenset(opds)
    for name in _LISTS:
        for one in getattr(found, name):
            if wanted is None or one.opd in wanted:
                yield _row(name, one, language)


def _row(name: str, one: ChangedFinding, language: str) -> dict[str, Any]:
    from auditor.model.subject import Subject

    subject = Subject.from_key(one.subject)
    return {
        "change": name,
        "id": one.finding,
        "severity": one.severity.value,
        "status": one.status.value,
        "opd": one.opd,
        "server": one.server,
        "address": subject.address,
        "port": subject.port,
        "server_name": subject.server_name,
        "check": one.check,
        "due": one.due.isoformat(),
        "days": one.days,
        "reason": one.reason.get(language, ""),
        "run": one.run,
        "at": one.at.isoformat(timespec="seconds"),
    }
