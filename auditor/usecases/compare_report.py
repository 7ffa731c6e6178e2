"""Gather two judged audits for a report that compares them, and write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from auditor.model.comparison_report import ComparedAudits
from auditor.model.run import AuditRun
from auditor.store.workspace import Workspace
from auditor.usecases.changes import changes_between
from auditor.usecases.compare import comparisons
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs, catalogue_for
from auditor.usecases.reporting import report_data
from auditor.usecases.writing import write_files
from reports.comparison.registry import FORMATS, render_comparison


def compared_audits(workspace: Workspace, before: AuditRun, after: AuditRun) -> ComparedAudits:
    """Return two judged runs laid side by side.

    Raise UsageProblem for the same run twice, for runs named backwards, and for a run of which it was not
    recorded yet what it was judged by.
    """
    if before.id == after.id:
        raise UsageProblem(f"both name the audit {after.id}", "list audits and their days with: auditor runs")
    if after.started_at < before.started_at:
        raise UsageProblem(
            f"{after.id} came before {before.id}", f"write: auditor compare {after.id} {before.id}"
        )
    moved = comparisons(workspace, before, after)
    stored = workspace.runs.inputs(after.id)
    inputs = Inputs(stored.inventory, stored.policy, catalogue_for(stored.policy))
    changes = changes_between(workspace, inputs, before.started_at, after.started_at)
    earlier, later = (
        report_data(workspace, run, catalogue_for(workspace.runs.inputs(run.id).policy))
        for run in (before, after)
    )
    return ComparedAudits(earlier, replace(later, comparisons=moved, changes=changes))


def write_comparison(
    compared: ComparedAudits,
    folder: Path,
    *,
    formats: Iterable[str],
    opds: tuple[str, ...],
    language: str,
    edition: str,
) -> tuple[Path, ...]:
    """Render and write a comparison. `opds` empty: all of them.

    Raise UsageProblem for an unknown format, ReportError for any other wrong choice.
    """
    asked = tuple(formats)
    unknown = ", ".join(name for name in asked if name not in FORMATS)
    if unknown or not asked:
        raise UsageProblem(
            f"a comparison has no format {unknown or '(none)'}", f"choose of: {', '.join(FORMATS)}"
        )
    return write_files(render_comparison(compared, asked, opds, language, edition), folder)
