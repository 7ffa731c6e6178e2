"""Self-contained HTML: no script, nothing loaded from anywhere, prints on A4."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model.report import ReportData
from reports.formats.base import RenderedFile
from reports.page import MEDIA_TYPE
from reports.pages import Page, index_page, pages
from reports.view.context import make_context


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return the pages of one OPD; for all OPD also those over all, and an index of these pages."""
    context = make_context(data, language, edition)
    files = tuple(map(_file, pages(context, opd_id, "html")))
    if opd_id is not None:
        return files
    return (index(data, language, edition, [file.name for file in files]), *files)


def index(data: ReportData, language: str, edition: str, names: Iterable[str]) -> RenderedFile:
    """Return the page that links the files with these names, OPD by OPD."""
    return _file(index_page(make_context(data, language, edition), names))


def _file(page: Page) -> RenderedFile:
    return RenderedFile(page.name, MEDIA_TYPE, page.html)
