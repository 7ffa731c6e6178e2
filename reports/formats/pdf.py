"""PDF: every page as paper, tagged and with its fonts in it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.report import ReportData
from reports.formats.base import RenderedFile
from reports.pages import pages
from reports.pdf import MEDIA_TYPE, Imprint, print_pdf
from reports.view.context import make_context


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> Iterator[RenderedFile]:
    """Yield the pages of one OPD, or for all OPD also those over all; they link each other as PDF."""
    context = make_context(data, language, edition)
    mark = imprint(data)
    for page in pages(context, opd_id, "pdf"):
        yield RenderedFile(page.name, MEDIA_TYPE, print_pdf(page.html, mark))


def imprint(data: ReportData) -> Imprint:
    """Return what the documents of a run say of themselves: its end, and whose servers were measured."""
    return Imprint(data.run.finished_at or data.run.started_at, data.inventory.organization.name)
