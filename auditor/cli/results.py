"""findings list|show, report, runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli import acknowledge, changes
from auditor.cli.options import (
    WORKSPACE,
    EditionOption,
    FormatOption,
    LanguageOption,
    OpdOption,
    PolicyOption,
    ServerOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_json, print_listing, say, warn
from auditor.cli.what_if import what_if

if TYPE_CHECKING:
    from auditor.model.report import ReportData
    from auditor.model.run import AuditRun
    from auditor.store.workspace import Workspace
    from auditor.usecases.signing_pdf import Finish

LISTED = (
    "id",
    "severity",
    "status",
    "opd",
    "server",
    "address",
    "port",
    "server_name",
    "title",
    "due",
    "overdue",
    "owner",
    "waiver",
    "retest",
)
RunArgument = Annotated[str, typer.Argument(metavar="[RUN]", help="The audit; the newest judged by default.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    findings = typer.Typer(help="What fails, where, and since when.", no_args_is_help=True)
    findings.command("list")(list_findings)
    findings.command("show")(show_finding)
    findings.command("what-if")(what_if)
    acknowledge.register(findings)
    changes.register(findings)
    app.add_typer(findings, name="findings")
    app.command()(report)
    app.command()(runs)


def list_findings(
    run_id: RunArgument = "",
    workspace: WorkspaceOption = WORKSPACE,
    opd: OpdOption = None,
    server: ServerOption = None,
    severity: Annotated[
        list[str] | None, typer.Option("--severity", help="Only these; may be repeated.")
    ] = None,
    check: Annotated[list[str] | None, typer.Option("--check", help="Only these checks.")] = None,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="Only these, such as new, open, waived or fixed.")
    ] = None,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = "",
) -> None:
    """List the findings of an audit, as re-tests since then left them. The JSON form is a stable contract."""
    from auditor.usecases.reporting import refuse_unknown
    from reports.findings import finding_record

    data = _data_now(workspace, run_id)
    spoken = _language(data, language)
    wanted = {"opd": opd, "server": server, "severity": severity, "check": check, "status": status}
    refuse_unknown(data, wanted)
    now = datetime.now(UTC)
    records: list[dict[str, Any]] = [{**finding_record(one, data, spoken, now)} for one in data.findings]
    chosen = [r for r in records if all(not values or r[key] in values for key, values in wanted.items())]
    if sys.stderr.isatty():
        machines = [one.id for opd in data.inventory.opds for one in opd.machines()]
        selected = len(set(machines) & set(data.run.scope))
        warn(f"Audit {data.run.id}, {data.run.status.value}, {selected} of {len(machines)} servers")
    print_listing([listed_row(one, form, spoken) for one in chosen], LISTED, form, "No findings.")


def listed_row(record: dict[str, Any], form: Format, language: str) -> dict[str, Any]:
    """Return what a listing shows of a finding: all of it as JSON, else with the owner beside it."""
    if form is Format.JSON:
        return record
    answer, retest = record["acknowledgement"] or {}, record["retest"]
    return {
        **record,
        "title": _title(record, language),
        "owner": answer.get("owner"),
        "overdue": "overdue" if record["overdue"] else "",
        "retest": f"{retest['result']} {retest['at']}" if retest else "",
    }


def _title(record: dict[str, Any], language: str) -> str:
    """Return the title of a check, which tells what would be right, and that it is not so where it is not."""
    from auditor.model.finding import CLOSED
    from reports.view.labels import not_met
    from reports.words import Words

    title = str(record["title"])
    return title if record["status"] in CLOSED else not_met(Words(language, "UTC"), title)


def show_finding(
    finding: Annotated[str, typer.Argument(help="Id of the finding, such as F-0123456789ab.")],
    run_id: Annotated[str, typer.Option("--run", help="The audit; the newest judged by default.")] = "",
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = "",
) -> None:
    """Show one finding whole, down to the evidence it rests on."""
    from auditor.usecases.errors import UsageProblem
    from reports.findings import finding_record

    data = _data_now(workspace, run_id)
    found = next((one for one in data.findings if one.id == finding), None)
    if found is None:
        raise UsageProblem(f"no finding {finding} in {data.run.id}", "list them with: auditor findings list")
    record: dict[str, Any] = {**finding_record(found, data, _language(data, language), datetime.now(UTC))}
    if form is Format.JSON:
        print_json(record)
        return
    rows = [{"field": key, "value": value} for key, value in flat_record(record)]
    print_listing(rows, ("field", "value"), form, "")


def flat_record(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a finding as rows of a field and its value, texts of several lines line by line."""
    rows: list[tuple[str, str]] = []
    for key, value in record.items():
        if key == "remediation":
            for remedy in value:
                for part in ("steps", "config", "verify"):
                    # One row per line: a line break would be shown escaped, and could not be copied.
                    rows.extend((f"{remedy['software']} {part}", line) for line in remedy[part].splitlines())
        elif key == "evidence":
            rows.extend(
                ("evidence", f"{e['sequence']} {e['scanner']} {e['started_at']} {e['hash']}") for e in value
            )
        elif key == "acknowledgement":
            rows.extend((part, said or "") for part, said in (value or {}).items())
        elif key == "retest":
            rows.extend((f"retest {part}", said) for part, said in (value or {}).items())
        elif isinstance(value, dict):
            rows.extend((f"{key} {name}", ", ".join(inner)) for name, inner in value.items())
        else:
            rows.append((key, "" if value is None else str(value)))
    return rows


def report(
    run_id: RunArgument = "",
    workspace: WorkspaceOption = WORKSPACE,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")] = Path("reports-out"),
    opd: Annotated[str, typer.Option("--opd", help="Only this OPD; all and the summary by default.")] = "",
    formats: Annotated[
        str,
        typer.Option("--format", "-f", help="html, pdf, csv, json, xlsx, oscal, sarif; separated by commas."),
    ] = "html",
    language: LanguageOption = "",
    edition: EditionOption = "",
    sign: Annotated[bool, typer.Option("--sign", help="Sign every PDF, as the policy says.")] = False,
    policy: PolicyOption = None,
) -> None:
    """Write scorecards, the summary and the fix lists of a judged audit."""
    from auditor.store.workspace import open_workspace

    chosen = [name.strip() for name in formats.split(",") if name.strip()]
    finish = _signer(chosen, policy) if sign else None
    write_run_reports(
        open_workspace(workspace), run_id, output, chosen, opd or None, language, edition, finish
    )


def _signer(formats: Sequence[str], policy: Path | None) -> Finish:
    """Return what signs, by the policy of today: that of the audit may name a key that ended since."""
    from auditor.cli.auditing import ask_secret
    from auditor.policy.loading import load_policy
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.errors import UsageProblem
    from auditor.usecases.signing_pdf import pdf_signer

    if "pdf" not in formats:
        raise UsageProblem("only PDF can be signed, and none is written", "add --format pdf")
    return pdf_signer(load_policy(chosen_policy(policy)).signature, SYSTEM_CLOCK.now(), ask_secret)


def write_run_reports(
    store: Workspace,
    run_id: str,
    folder: Path,
    formats: Sequence[str],
    opd: str | None,
    language: str,
    edition: str,
    finish: Finish | None = None,
) -> None:
    """Write the reports of a run and say where the first one to open lies."""
    from auditor.cli.progress import PrintingLine
    from auditor.usecases.reporting import write_reports
    from reports.pages import count_pages

    data = _report_data(store, run_id)
    with PrintingLine(count_pages(data, opd) if "pdf" in formats else 0) as bar:
        written = write_reports(
            data,
            folder,
            formats=formats,
            opd=opd,
            language=_language(data, language),
            edition=edition or data.policy.default_edition,
            finish=finish,
            made=bar.show,
        )
    say(f"{len(written)} files written to {folder.resolve()}; start with {written[0].resolve()}")


def runs(workspace: WorkspaceOption = WORKSPACE, form: FormatOption = Format.TABLE) -> None:
    """List the audits made so far, re-tests among them, oldest first."""
    from auditor.store.workspace import open_workspace

    store = open_workspace(workspace)
    rows = [
        {
            "run": run.id,
            "kind": run.kind.value,
            "status": run.status.value,
            "started_at": run.started_at.isoformat(timespec="seconds"),
            "finished_at": run.finished_at.isoformat(timespec="seconds") if run.finished_at else "",
            "servers": _machines(store, run),
        }
        for run in store.runs.all()
    ]
    print_listing(
        rows, ("run", "kind", "status", "started_at", "finished_at", "servers"), form, "No audits yet."
    )


def _machines(store: Workspace, run: AuditRun) -> int:
    """Count the servers of a run; domains and zones are chosen with them and are none."""
    from auditor.model.inventory import Kind

    inventory = store.runs.inputs(run.id).inventory
    return sum(inventory.server(chosen).kind is Kind.SERVER for chosen in run.scope)


def _data_now(workspace: Path, run_id: str) -> ReportData:
    """Return the data of an audit with its findings as re-tests since then left them."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.retests_of import findings_now

    store = open_workspace(workspace)
    data = _report_data(store, run_id)
    return replace(data, findings=findings_now(store, data))


def _report_data(store: Workspace, run_id: str) -> ReportData:
    from auditor.usecases.inputs import catalogue_for
    from auditor.usecases.reporting import judged_run, report_data

    run = judged_run(store, run_id)
    return report_data(store, run, catalogue_for(store.runs.inputs(run.id).policy))


def _language(data: ReportData, language: str) -> str:
    from auditor.usecases.reporting import refuse_wrong_choices

    refuse_wrong_choices(data.frameworks, language)
    return language or data.policy.language
