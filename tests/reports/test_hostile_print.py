"""Printing opens no file and no address, whatever stands in the texts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import count

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from auditor.model.report import ReportData
from reports.formats.pdf import imprint
from reports.pages import Page, pages
from reports.pdf import NothingFetched, print_pdf
from reports.view.context import make_context
from tests.reports.hostile_data import Planter, full_data, plant
from tests.reports.hostile_texts import hostile_texts

_LIVE = {
    *("/JS", "/JavaScript", "/Launch", "/AA", "/RichMedia", "/GoToR", "/GoToE"),
    *("/EmbeddedFile", "/EmbeddedFiles"),
}
_EVENTS = ("open", "socket.", "subprocess.", "os.", "urllib.", "ctypes.dlopen")
_seen: list[list[str]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _seen and event.startswith(_EVENTS):
        _seen[-1].append(f"{event} {arguments[:1]}")


sys.addaudithook(_hook)  # it cannot be taken off again, and does nothing outside of `watched`


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect which files, addresses and programs Python opens meanwhile."""
    _seen.append([])
    try:
        yield _seen[-1]
    finally:
        _seen.pop()


def pages_of(data: ReportData) -> list[Page]:
    return list(pages(make_context(data, "id", "2022"), "dinkes", "pdf"))


@pytest.fixture(scope="module")
def links() -> dict[str, set[str]]:
    """Return page → what its PDF links to, about harmless texts; printing also loads what it always needs."""
    data = plant(full_data(), Planter(f"x{number}" for number in count()))
    return {page.name: targets(print_pdf(page.html, imprint(data))) for page in pages_of(data)}


def test_printing_opens_nothing_and_links_nowhere_else(links: dict[str, set[str]]) -> None:
    planter, fetcher = Planter(hostile_texts()), NothingFetched()
    data = plant(full_data(), planter)
    for page in pages_of(data):
        with watched() as opened:
            content = print_pdf(page.html, imprint(data), fetcher)
        assert opened == [], page.name
        assert targets(content) == links[page.name]
    assert fetcher.refused == []
    assert len(planter.given) >= 300


def test_what_breaks_out_is_refused_and_noticed() -> None:
    fetcher, mark = NothingFetched(), imprint(full_data())
    start = "<html lang=id><title>x</title><body>"
    asks = "<img src='file:///etc/passwd' alt=x><link rel=attachment href='file:///etc/hosts'>"
    content = print_pdf(f"{start}<p>x{asks}".encode(), mark, fetcher)
    assert {"file:///etc/passwd", "file:///etc/hosts"} <= set(fetcher.refused)
    assert b"root:" not in content
    assert targets(print_pdf(f"{start}<a href='http://a.test'>x</a>".encode(), mark)) == {"http://a.test"}


def test_a_file_opened_meanwhile_would_be_noticed() -> None:
    with watched() as opened, open("/dev/null", encoding="utf-8"):
        pass
    assert opened


def targets(content: bytes) -> set[str]:
    """Return what a PDF links to; it runs nothing and holds no files."""
    found: set[str] = set()
    reader = PdfReader(BytesIO(content))
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        one = reader.get_object(number)
        for entry in _dictionaries(one):
            assert not _LIVE & (set(entry) | {str(entry.get("/S"))})
            if "/URI" in entry and entry.get("/S") == "/URI":
                found.add(str(entry["/URI"]))
    return found


def _dictionaries(value: object) -> Iterator[DictionaryObject]:
    if isinstance(value, IndirectObject):
        return
    if isinstance(value, DictionaryObject):
        yield value
        for one in value.values():
            yield from _dictionaries(one)
    elif isinstance(value, ArrayObject):
        for one in value:
            yield from _dictionaries(one)
