"""Write statements of applicability of a judged run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from auditor.model.report import ReportData
from auditor.usecases.reporting import refuse_unknown
from auditor.usecases.writing import write_files
from reports.statement.registry import render_statements


def write_statements(
    data: ReportData,
    folder: Path,
    *,
    formats: Iterable[str],
    opds: Sequence[str],
    organization: bool,
    language: str,
    edition: str,
) -> tuple[Path, ...]:
    """Render and write statements: of the OPD named and the organisation, or of all when neither is wanted.

    Raise UsageProblem for an OPD that is not registered, ReportError for another wrong choice. Nothing is
    written before everything was rendered; names are made here.
    """
    refuse_unknown(data, {"opd": opds})
    chosen: list[str | None] = [None] if organization else []
    chosen.extend(opds)
    files = render_statements(data, formats, chosen or None, language, edition)
    return write_files(files, folder)
