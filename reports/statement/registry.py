"""Every format of a statement by name: one line per format."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.model.report import ReportData
from reports.errors import ReportError
from reports.formats.base import RenderedFile, selected
from reports.statement import html, json, pdf, xlsx
from reports.statement.lines import Statement, make_statement
from reports.view.context import Context, make_context

FORMATS: dict[str, Callable[[Context, Statement], RenderedFile]] = {
    "html": html.render,
    "pdf": pdf.render,
    "xlsx": xlsx.render,
    "json": json.render,
}


def render_statements(
    data: ReportData,
    formats: Iterable[str],
    opds: Iterable[str | None] | None,
    language: str,
    edition: str,
) -> tuple[RenderedFile, ...]:
    """Return one file per statement and format, statement by statement in the order asked for.

    `opds` holds OPD ids, and None for the whole organisation; None instead of a list means the organisation
    and every OPD. Raise ReportError for an unknown format, OPD, language or edition.
    """
    asked = tuple(dict.fromkeys(formats))
    unknown = [name for name in asked if name not in FORMATS]
    if unknown or not asked:
        raise ReportError(f"unknown format {', '.join(unknown) or '(none)'}; choose of: {', '.join(FORMATS)}")
    context = make_context(data, language, edition)
    wanted = (None, *selected(data, None)) if opds is None else tuple(dict.fromkeys(opds))
    statements = [make_statement(context, one) for one in wanted]
    return tuple(FORMATS[name](context, statement) for statement in statements for name in asked)
