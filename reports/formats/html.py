"""Self-contained HTML: no script, nothing loaded from anywhere, prints on A4."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment

from auditor.model.report import ReportData
from reports.formats.base import RenderedFile, selected
from reports.names import INDEX, file_name
from reports.templating import environment
from reports.view.context import Context, make_context
from reports.view.fixes import centre_list_view, fix_list_view
from reports.view.identity import letterhead
from reports.view.index import index_view
from reports.view.scorecard import scorecard_view
from reports.view.servers import severity_names
from reports.view.summary import summary_view
from reports.visible import shown_block

MEDIA_TYPE = "text/html; charset=utf-8"
CENTRE = "/centre"
"""Key of the centre's list among the names of pages; no id of an OPD holds a slash."""


def css_text(value: str) -> str:
    """Return the inside of a CSS string: every character but letters and digits as a hexadecimal escape."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in value)


def _visible(value: object) -> object:
    # str subclasses stay what they are, so text that is already escaped is not escaped again.
    return shown_block(value) if isinstance(value, str) else value


@cache
def _environment(language: str) -> Environment:
    made = environment(language, autoescape=True, finalize=_visible)
    made.filters["css_text"] = css_text
    return made


def render_page(context: Context, template: str, view: object, names: dict[str, str]) -> bytes:
    """Return a page of a packaged template; `names` is OPD id → file to link to."""
    page = _environment(context.words.language).get_template(template)
    return page.render(view=view, names=names, severities=severity_names(context)).encode()


def fill(template: str, language: str, **values: object) -> str:
    """Return a packaged template filled in, for what is not about one run; everything is escaped."""
    return _environment(language).get_template(template).render(**values)


def render_template(language: str, template: str, view: object) -> bytes:
    """Return a page that no scorecard stands behind."""
    return _environment(language).get_template(template).render(view=view).encode()


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return card and fix list of each OPD; for all OPD also the summary and an index of these pages."""
    context = make_context(data, language, edition)
    files = [page for one in selected(data, opd_id) for page in _opd_pages(context, one)]
    if opd_id is not None:
        return tuple(files)
    files[:0] = _whole_pages(context)
    return (index(data, language, edition, [file.name for file in files]), *files)


def _whole_pages(context: Context) -> tuple[RenderedFile, ...]:
    """Return the pages over all OPD: the summary, and what the centre has to do."""
    data, language = context.data, context.words.language
    summary_name, centre_name = (file_name(data, kind, "html", language) for kind in ("summary", "centre"))
    view = summary_view(context)
    cards = {row.id: file_name(data, "scorecard", "html", language, row.id) for row in view.rows}
    summary = render_page(context, "summary.html", view, {**cards, CENTRE: centre_name})
    centre = render_page(context, "fixes.html", centre_list_view(context), {})
    return (
        RenderedFile(summary_name, MEDIA_TYPE, summary),
        RenderedFile(centre_name, MEDIA_TYPE, centre),
    )


def _opd_pages(context: Context, opd_id: str) -> tuple[RenderedFile, RenderedFile]:
    names = {
        kind: file_name(context.data, kind, "html", context.words.language, opd_id)
        for kind in ("scorecard", "fixes")
    }
    card = render_page(context, "scorecard.html", scorecard_view(context, opd_id), names)
    fixes = render_page(context, "fixes.html", fix_list_view(context, opd_id), names)
    return (
        RenderedFile(names["scorecard"], MEDIA_TYPE, card),
        RenderedFile(names["fixes"], MEDIA_TYPE, fixes),
    )


def index(data: ReportData, language: str, edition: str, names: Iterable[str]) -> RenderedFile:
    """Return the page that links the files with these names, OPD by OPD."""
    context = make_context(data, language, edition)
    view = index_view(context, letterhead(context), tuple(names))
    return RenderedFile(INDEX, MEDIA_TYPE, render_page(context, "index.html", view, {}))
