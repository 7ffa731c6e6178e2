"""Pages from packaged templates: self-contained HTML without script, everything in it escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from jinja2 import Environment

from reports.templating import environment
from reports.view.context import Context
from reports.view.servers import severity_names
from reports.visible import shown_block

MEDIA_TYPE = "text/html; charset=utf-8"

Link = Callable[..., str]
"""Kind of page, and the id of an OPD where it is one of its pages → the file to link to; "" when not made."""


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


def no_link(_kind: str, _opd_id: str = "") -> str:
    """Link to nothing: for a page that stands alone."""
    return ""


def render_page(context: Context, template: str, view: object, link: Link = no_link) -> bytes:
    """Return a page of a packaged template about one run."""
    page = _environment(context.words.language).get_template(template)
    return page.render(view=view, link=link, severities=severity_names(context)).encode()


def fill(template: str, language: str, **values: object) -> str:
    """Return a packaged template filled in, for what is not about one run; everything is escaped."""
    return _environment(language).get_template(template).render(**values)


def render_template(language: str, template: str, view: object) -> bytes:
    """Return a page that no scorecard stands behind."""
    return _environment(language).get_template(template).render(view=view).encode()
