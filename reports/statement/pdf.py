"""The statement on paper, A4 landscape: its page as PDF."""

from __future__ import annotations

from reports.formats.base import RenderedFile
from reports.formats.pdf import imprint
from reports.pdf import printed
from reports.statement import html
from reports.statement.lines import Statement
from reports.view.context import Context


def render(context: Context, statement: Statement) -> RenderedFile:
    """Return the PDF of a statement."""
    return printed(html.render(context, statement), imprint(context.data))
