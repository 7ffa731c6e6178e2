"""Read rendered files the way their readers do."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element

import html5lib
from pypdf import PdfReader

from auditor.model.report import ReportData
from reports.formats.base import RenderedFile
from reports.registry import RENDERERS
from tests.reports.workbooks import parts


def rendered(data: ReportData, format_: str, language: str = "id", edition: str = "2022") -> dict[str, str]:
    """Return name → text of every file of one format."""
    files = RENDERERS[format_](data, None, language, edition)
    return {file.name: file.content.decode("utf-8-sig") for file in files}


def tree(page: str) -> Element:
    return html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)  # type: ignore[no-any-return]


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element with the names of its attributes: what data must never change."""
    return [(str(one.tag), tuple(sorted(map(str, one.attrib)))) for one in tree(page).iter()]


def texts(page: str) -> Iterator[str]:
    """Yield every piece of text that a reader sees or hears, without style sheets."""
    for one in tree(page).iter():
        if one.tag != "style":
            yield from (part.strip() for part in (one.text or "", one.tail or "") if part.strip())
        elif one.tail:
            yield one.tail.strip()
        yield from (one.attrib[name] for name in ("aria-label", "title", "data-label") if name in one.attrib)


def plain_text(file: RenderedFile) -> str:
    """Return everything that a file of any format says."""
    if file.name.endswith(".xlsx"):
        return "\n".join(parts(file.content).values())
    if file.name.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)
    return file.content.decode("utf-8-sig")
