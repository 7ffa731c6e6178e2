"""Every format of a comparison by name: one line per format."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.model.comparison_report import ComparedAudits
from reports import page, pdf
from reports.comparison import json, xlsx
from reports.comparison.pair import Pair, make_pair
from reports.comparison.view import comparison_view
from reports.errors import ReportError
from reports.formats.base import RenderedFile
from reports.formats.pdf import imprint
from reports.names import slug

_STEMS = {"id": "perbandingan", "en": "comparison"}


def _html(pair: Pair) -> bytes:
    return page.render_page(pair.after, "comparison.html", comparison_view(pair))


def _pdf(pair: Pair) -> bytes:
    return pdf.print_pdf(_html(pair), imprint(pair.after.data))


FORMATS: dict[str, tuple[str, Callable[[Pair], bytes]]] = {
    "html": (page.MEDIA_TYPE, _html),
    "pdf": (pdf.MEDIA_TYPE, _pdf),
    "xlsx": (xlsx.MEDIA_TYPE, xlsx.render),
    "json": (json.MEDIA_TYPE, json.render),
}


def render_comparison(
    compared: ComparedAudits, formats: Iterable[str], opds: tuple[str, ...], language: str, edition: str
) -> tuple[RenderedFile, ...]:
    """Return a comparison in several formats; `opds` empty: of all OPD.

    Raise ReportError for an unknown format, language, edition or OPD. Names are made here.
    """
    asked = tuple(dict.fromkeys(formats))
    unknown = [name for name in asked if name not in FORMATS]
    if unknown or not asked:
        raise ReportError(f"unknown format {', '.join(unknown) or '(none)'}; choose of: {', '.join(FORMATS)}")
    pair = make_pair(compared, opds, language, edition)
    one_opd = (slug(pair.after.data, opds[0]),) if len(opds) == 1 else ()
    stem = "-".join((_STEMS[language], *one_opd))
    return tuple(
        RenderedFile(f"{stem}.{name}", media_type, render(pair))
        for name in asked
        for media_type, render in (FORMATS[name],)
    )
