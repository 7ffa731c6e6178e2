"""The roadmap as PDF: the page, printed."""

from __future__ import annotations

from auditor.model.roadmap import Roadmap
from reports.formats.base import RenderedFile
from reports.formats.pdf import imprint
from reports.pdf import printed
from reports.roadmap import html
from reports.view.context import Context


def render(context: Context, plan: Roadmap, opd_id: str | None) -> RenderedFile:
    """Return the printed page of one OPD, or of all for None."""
    return printed(html.render(context, plan, opd_id), imprint(context.data))
