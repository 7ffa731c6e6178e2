"""The roadmap as a self-contained page."""

from __future__ import annotations

from auditor.model.roadmap import Roadmap
from reports.formats.base import RenderedFile
from reports.names import file_name
from reports.page import MEDIA_TYPE, render_page
from reports.roadmap.view import opd_roadmap_view, roadmap_view
from reports.view.context import Context


def render(context: Context, _plan: Roadmap, opd_id: str | None) -> RenderedFile:
    """Return the page of one OPD, or of all for None."""
    view = roadmap_view(context) if opd_id is None else opd_roadmap_view(context, opd_id)
    name = file_name(context.data, "roadmap", "html", context.words.language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, render_page(context, "roadmap.html", view))
