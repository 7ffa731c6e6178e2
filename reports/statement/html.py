"""The statement as a self-contained page that prints on A4 landscape."""

from __future__ import annotations

from reports.formats.base import RenderedFile
from reports.page import MEDIA_TYPE, render_page
from reports.statement.lines import Statement
from reports.statement.names import statement_name
from reports.statement.view import statement_view
from reports.view.context import Context


def render(context: Context, statement: Statement) -> RenderedFile:
    """Return the page of a statement."""
    page = render_page(context, "statement.html", statement_view(context, statement))
    return RenderedFile(statement_name(context, "html", statement.opd), MEDIA_TYPE, page)
