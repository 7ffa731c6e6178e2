"""Every report format by name: one line per format."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.model.report import ReportData
from reports.errors import ReportError
from reports.formats import csv, html, json, oscal, pdf, sarif, xlsx
from reports.formats.base import RenderedFile, Renderer
from reports.names import INDEX

RENDERERS: dict[str, Renderer] = {
    "html": html.render,
    "pdf": pdf.render,
    "csv": csv.render,
    "json": json.render,
    "xlsx": xlsx.render,
    "oscal": oscal.render,
    "sarif": sarif.render,
}


def render_all(
    data: ReportData,
    formats: Iterable[str],
    opd_id: str | None,
    language: str,
    edition: str,
    made: Callable[[RenderedFile], None] = lambda _file: None,
) -> tuple[RenderedFile, ...]:
    """Return the files of several formats, led by an index that links exactly those files.

    `opd_id` None renders every OPD and the summary; `made` is told each file as soon as it is there. Raise
    ReportError for an unknown format, OPD, language or edition.
    """
    asked = tuple(dict.fromkeys(formats))
    unknown = [name for name in asked if name not in RENDERERS]
    if unknown or not asked:
        raise ReportError(
            f"unknown format {', '.join(unknown) or '(none)'}; choose of: {', '.join(RENDERERS)}"
        )
    files = []
    for name in asked:
        for file in RENDERERS[name](data, opd_id, language, edition):
            if file.name != INDEX:
                files.append(file)
                made(file)
    return (html.index(data, language, edition, [file.name for file in files]), *files)
