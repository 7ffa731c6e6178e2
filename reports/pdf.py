"""A page of this package as PDF: tagged, with its fonts in it, the same bytes for the same page.

WeasyPrint lays it out; nothing but the installed fonts is read. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reports.errors import ReportError
from reports.formats.base import RenderedFile
from reports.templating import style_sheet

if TYPE_CHECKING:
    from types import ModuleType

MEDIA_TYPE = "application/pdf"
VARIANT = "pdf/ua-1"
"""ISO 14289-1: structure, reading order, language, and a text for every picture."""

_ALSO_PAPER = re.compile(r"@media[^{]*,\s*print\s*\{")

LIBRARIES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
"""Packages of Debian and Ubuntu that lay out text, with the font that the pages are drawn in."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a PDF says of itself beside its title and language, which are those of the page."""

    made: datetime
    """The moment that the document speaks of, never that of printing."""
    author: str = ""


class NothingFetched:
    """Stand where WeasyPrint asks for files and addresses, and refuse every one.

    Pages hold all they need. `refused` lists what was asked for: nothing, unless a text broke out of its
    place.
    """

    _fail_on_errors = False  # asked for by WeasyPrint: a refusal leaves the picture out, not the page

    def __init__(self) -> None:
        self.refused: list[str] = []

    def __call__(self, url: str) -> Any:
        """Refuse an address of any scheme, `file:` and `data:` among them, by ValueError."""
        self.refused.append(url)
        raise ValueError("pages fetch nothing")


def print_pdf(html: bytes, imprint: Imprint, fetcher: NothingFetched | None = None) -> bytes:
    """Return a page of `page.py` as PDF/UA-1; raise ReportError where the layout libraries are missing."""
    weasyprint = _weasyprint()
    from reports.pdf_shapes import style_shapes

    page = weasyprint.HTML(string=html.decode(), url_fetcher=fetcher or NothingFetched())
    _add_sheet(page.etree_element)
    style_shapes(page.wrapper_element)
    document = page.render(pdf_variant=VARIANT)
    made = imprint.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document.metadata.created = document.metadata.modified = made
    document.metadata.authors = [imprint.author] if imprint.author else []
    document.metadata.generator = "Tilik"
    identifier = hashlib.sha256(html + made.encode()).hexdigest()[:32].encode()
    written = document.write_pdf(finisher=_finish, pdf_variant=VARIANT, pdf_identifier=identifier)
    return bytes(written)


def printed(page: RenderedFile, imprint: Imprint) -> RenderedFile:
    """Return an HTML page as PDF under the same name."""
    name = page.name.removesuffix(".html") + ".pdf"
    return RenderedFile(name, MEDIA_TYPE, print_pdf(page.content, imprint))


def with_pdf(files: Iterable[RenderedFile], imprint: Imprint) -> Iterator[RenderedFile]:
    """Yield files, each HTML page followed by its PDF."""
    for file in files:
        yield file
        if file.name.endswith(".html"):
            yield printed(file, imprint)


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except OSError as error:  # how it tells that Pango or HarfBuzz cannot be loaded
        raise ReportError(
            f"PDF needs libraries that are not installed; next: apt-get install {' '.join(LIBRARIES)}"
        ) from error
    module: ModuleType = weasyprint
    return module


def _add_sheet(root: Any) -> None:
    """Put what only WeasyPrint needs after the page's own style sheets, which it would else lose against.

    WeasyPrint drops all of a list of media of which it does not know one; what is also for paper is
    named so alone.
    """
    for one in root.iter("style"):
        one.text = _ALSO_PAPER.sub("@media print {", one.text or "")
    sheet = root.makeelement("style", {})
    sheet.text = style_sheet("pdf.css")
    root.find("body").append(sheet)


def _finish(_document: object, pdf: Any) -> None:
    """Read out nothing for shapes that only repeat the word beside them (ISO 14289-1, 7.3)."""
    import pydyf

    for one in pdf.objects:
        if isinstance(one, dict) and one.get("S") == "/Figure" and "Alt" not in one:
            one["ActualText"] = pydyf.String("")
