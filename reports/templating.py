"""The packaged templates with one language's words: what every page and script is filled in from."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.words import translations


def environment(language: str, *, autoescape: bool, **more: Any) -> Environment:
    """Return an environment over the packaged templates; `more` goes to Jinja as it is."""
    made = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=autoescape,  # noqa: S701 - pages are escaped; the one shell script quotes each value itself
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        **more,
    )
    catalogue = translations(language)
    install = made.install_gettext_callables  # type: ignore[attr-defined]
    install(catalogue.gettext, catalogue.ngettext, newstyle=True)
    return made


@cache
def style_sheet(name: str) -> str:
    """Return a packaged style sheet as it is."""
    loader = PackageLoader("reports", "templates")
    return loader.get_source(Environment(autoescape=True), name)[0]
