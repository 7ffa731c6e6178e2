"""verify: measure findings again on demand, and write the record of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    OpdOption,
    PdfOption,
    PolicyOption,
    ServerOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.retest import RetestItem, RetestRecord
    from auditor.store.workspace import Workspace

_ITEMS = ("finding", "check", "server", "place", "result", "why")
_RECORDS = (
    "run",
    "started_at",
    "asked_by",
    "opds",
    "findings",
    "fixed",
    "failing",
    "not_measurable",
    "state",
)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(verify)


def verify(
    findings: Annotated[
        list[str] | None, typer.Argument(metavar="[FINDING]…", help="Ids of the findings to measure again.")
    ] = None,
    opd: OpdOption = None,
    server: ServerOption = None,
    by: Annotated[str, typer.Option("--by", help="Who asks for it, by name.")] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in a sentence, such as what was mended.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write the record for signing to.")
    ] = None,
    pdf: PdfOption = False,
    show: Annotated[
        str, typer.Option("--show", metavar="RUN", help="Show this re-test again; measure nothing.")
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the re-tests made so far.")] = False,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Measure findings again, exactly what they need: those named, or all open ones of an OPD or server.

    Ends with 0 when all are fixed, 1 when any still fails, 3 when any could not be measured.
    """
    from auditor.store.workspace import open_workspace
    from auditor.usecases.retest_report import stored_record

    _refuse_wrong_choices([bool(findings or opd or server), bool(show), listed])
    store = open_workspace(workspace)
    if listed:
        rows = [_record_row(record) for record in store.retests.all()]
        print_listing(rows, _RECORDS, form, "No re-tests yet.")
        return
    if show:
        record = stored_record(store, show)
    else:
        record = _measure(store, inventory, policy, findings or [], opd or [], server or [], by, reason)
    print_listing([_item_row(item) for item in record.items], _ITEMS, form, "")
    if form is Format.TABLE:
        say(_summary(record))
    if output is not None:
        _write(store, record, output, pdf)
    raise typer.Exit(_exit_of(record))


def _refuse_wrong_choices(chosen: list[bool]) -> None:
    from auditor.usecases.errors import UsageProblem

    if sum(chosen) != 1:
        problem = "nothing to measure again was named" if not any(chosen) else "too many things at once"
        raise UsageProblem(
            problem, "name findings, --opd or --server; or ask for --list, or for --show RUN, alone"
        )


def _measure(
    store: Workspace,
    inventory: Path,
    policy: Path | None,
    findings: list[str],
    opds: list[str],
    servers: list[str],
    by: str,
    reason: str,
) -> RetestRecord:
    from auditor.cli.auditing import ask_secret, stop_on_signals
    from auditor.cli.progress import ProgressLine
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.retest import Wanted, retest

    inputs = load_inputs(inventory, chosen_policy(policy))
    with ProgressLine() as line:
        record = retest(
            store,
            inputs,
            Wanted(findings, opds, servers),
            by,
            reason,
            should_stop=stop_on_signals(),
            on_progress=line.show,
            ask=ask_secret,
        )
    if record.stopped:
        warn("Stopped; what had not been measured by then stays what it was.")
    return record


def _item_row(item: RetestItem) -> dict[str, Any]:
    from reports.trial.reasons import place

    return {
        "finding": item.finding,
        "check": item.check,
        "severity": item.severity,
        "opd": item.opd,
        "server": item.server,
        "place": place(item.subject),
        "result": item.result.value,
        "why": item.reason.get("en", ""),
        "before": item.before.observed.get("en", "") if item.before else "",
        "after": item.after.observed.get("en", "") if item.after else "",
        "evidence": [row.sequence for row in item.after.rows] if item.after else [],
        "waiver": item.waiver,
        "due": item.due,
    }


def _record_row(record: RetestRecord) -> dict[str, Any]:
    from auditor.model.retest import RetestResult

    ended = "stopped" if record.stopped else "complete"
    return {
        "run": record.run,
        "started_at": record.started_at.isoformat(timespec="seconds"),
        "asked_by": record.asked.by or record.asked.account,
        "opds": ", ".join(record.counts),
        "findings": len(record.items) or len(record.wanted),
        **{result.value: record.count(result) for result in RetestResult},
        "state": ended if record.finished_at else "cut off",
        "digest": record.digest,
    }


def _summary(record: RetestRecord) -> str:
    from auditor.model.retest import RetestResult

    counted = ", ".join(
        f"{record.count(result)} {words}"
        for result, words in (
            (RetestResult.FIXED, "fixed"),
            (RetestResult.FAILING, "still failing"),
            (RetestResult.NOT_MEASURABLE, "not measurable"),
        )
    )
    return f"Re-test {record.run}: {counted}."


def _write(store: Workspace, record: RetestRecord, output: Path, pdf: bool) -> None:
    from auditor.usecases.retest_report import retest_report
    from auditor.usecases.writing import write_files
    from reports.retest.pages import render_retest

    for path in write_files(render_retest(retest_report(store, record), pdf=pdf), output):
        warn(f"wrote {path}")


def _exit_of(record: RetestRecord) -> Exit:
    from auditor.model.retest import RetestResult

    if record.count(RetestResult.FAILING):
        return Exit.FINDINGS
    return Exit.INCOMPLETE if record.count(RetestResult.NOT_MEASURABLE) else Exit.CLEAN
