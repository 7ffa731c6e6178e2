"""Pages as PDF: tagged, complete, the same bytes again, and nothing fetched."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from auditor.model.report import ReportData
from reports.errors import ReportError
from reports.formats import html, pdf
from reports.formats.base import RenderedFile
from reports.pages import Page, pages
from reports.pdf import LIBRARIES, Imprint, NothingFetched, print_pdf, printed
from reports.registry import RENDERERS
from reports.view.context import make_context
from tests.reports.sample import report_data

MADE = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
PAGE = (
    '<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{head}</head>'
    "<body>{body}</body></html>"
)


def page(body: str = "<h1>Kartu</h1>", head: str = "", title: str = "Kartu", language: str = "id") -> bytes:
    return PAGE.format(body=body, head=head, title=title, language=language).encode()


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text(content: bytes) -> str:
    return "\n".join(one.extract_text() for one in read(content).pages)


def structure(content: bytes) -> Iterator[DictionaryObject]:
    """Yield every element of the structure tree."""
    waiting: list[Any] = [read(content).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, DictionaryObject) and one.get("/Type") != "/OBJR":
            if "/S" in one:
                yield one
            if "/K" in one:
                waiting.append(one["/K"])


def html_pages(data: ReportData) -> Iterator[Page]:
    return pages(make_context(data, "id", "2022"), "dinkes", "pdf")


_watched: list[list[str]] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watched:
        return
    if event in ("socket.connect", "socket.getaddrinfo"):
        _watched[-1].append(str(arguments[-1]))
    elif event == "open" and "hostname" in str(arguments[0]):
        _watched[-1].append(str(arguments[0]))


sys.addaudithook(_watch)


@contextmanager
def outside() -> Iterator[list[str]]:
    """Collect the addresses that are connected to, and each time /etc/hostname is opened."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


@pytest.fixture(scope="module")
def data() -> ReportData:
    return report_data()


@pytest.fixture(scope="module")
def files(data: ReportData) -> dict[str, RenderedFile]:
    return {file.name: file for file in pdf.render(data, None, "id", "2022")}


def test_every_page_of_the_html_format_has_its_pdf(data: ReportData, files: dict[str, RenderedFile]) -> None:
    wanted = {file.name.removesuffix(".html") + ".pdf" for file in html.render(data, None, "id", "2022")}
    assert set(files) == wanted - {"index.pdf"}


def test_the_index_links_what_was_made(data: ReportData, files: dict[str, RenderedFile]) -> None:
    index = html.index(data, "id", "2022", list(files)).content.decode()
    assert all(f'href="{name}"' in index for name in files)


def test_pdf_is_a_format_of_its_own() -> None:
    assert RENDERERS["pdf"] is pdf.render


def test_every_document_is_tagged_and_says_its_language_and_title(files: dict[str, RenderedFile]) -> None:
    for file in files.values():
        root = read(file.content).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "id"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"pdfuaid" in root["/Metadata"].get_data()
        assert read(file.content).metadata.title  # type: ignore[union-attr]
        assert {one["/S"] for one in structure(file.content)} >= {"/H1", "/H2", "/P"}


def test_cells_of_tables_name_their_heads(files: dict[str, RenderedFile]) -> None:
    cells = [one for one in structure(files["kartu-skor-dinkes.pdf"].content) if one["/S"] == "/TD"]
    assert cells
    assert sum(bool(one["/A"]["/Headers"]) for one in cells) > len(cells) / 2


def test_every_picture_has_words_or_reads_as_nothing(files: dict[str, RenderedFile]) -> None:
    figures = [one for file in files.values() for one in structure(file.content) if one["/S"] == "/Figure"]
    assert figures
    assert all(one.get("/Alt") or "/ActualText" in one for one in figures)
    assert any(one.get("/Alt") for one in figures)


def test_every_font_is_embedded(files: dict[str, RenderedFile]) -> None:
    for file in files.values():
        for one in read(file.content).pages:
            for font in one["/Resources"]["/Font"].values():
                (inner,) = font.get_object()["/DescendantFonts"]
                assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"].get_object())


def test_pages_are_counted_and_marked(data: ReportData, files: dict[str, RenderedFile]) -> None:
    for file in files.values():
        paper = read(file.content).pages
        for number, one in enumerate(paper, start=1):
            shown = one.extract_text()
            assert f"Halaman {number} dari {len(paper)}" in re.sub(r"\s+", " ", shown)
            assert data.policy.classification.upper() in shown.upper()


def test_headings_are_bookmarks(files: dict[str, RenderedFile]) -> None:
    assert read(files["kartu-skor-dinkes.pdf"].content).outline


def test_documents_link_each_other_as_pdf(files: dict[str, RenderedFile]) -> None:
    found = set()
    for one in read(files["ringkasan-pimpinan.pdf"].content).pages:
        for annotation in one.get("/Annots", ()):
            found.add(annotation.get_object().get("/A", {}).get("/URI"))
    assert "kartu-skor-dinkes.pdf" in found
    assert not {name for name in found if name and name not in files}


def test_the_same_data_gives_the_same_bytes(data: ReportData, files: dict[str, RenderedFile]) -> None:
    (card,) = (page for page in html_pages(data) if page.name == "kartu-skor-dinkes.pdf")
    assert print_pdf(card.html, pdf.imprint(data)) == files[card.name].content


def test_the_date_is_that_of_the_run(data: ReportData, files: dict[str, RenderedFile]) -> None:
    told = read(files["kartu-skor-dinkes.pdf"].content).metadata
    assert told is not None
    assert told.creation_date == (data.run.finished_at or data.run.started_at).replace(microsecond=0)
    assert told.author == data.inventory.organization.name


def test_another_moment_gives_another_identifier() -> None:
    first, second = (print_pdf(page(), Imprint(MADE + timedelta(days=day))) for day in (0, 1))
    assert read(first).trailer["/ID"] != read(second).trailer["/ID"]


def test_what_a_page_asks_for_is_counted() -> None:
    fetcher = NothingFetched()
    print_pdf(page("<img src=file:///etc/hostname>"), Imprint(MADE), fetcher)
    assert fetcher.refused == ["file:///etc/hostname"]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<link rel=stylesheet href=http://127.0.0.1:9/a.css>", ""),
        ("<link rel=attachment href=file:///etc/hostname>", ""),
        ("<style>@import url(file:///etc/hostname);</style>", ""),
        (
            "<style>@font-face { font-family: x; src: url(file:///etc/hostname) } p { font: 9pt x }</style>",
            "<p>x",
        ),
        ("<style>p { background: url(https://127.0.0.1:9/a.png) }</style>", "<p>x"),
        ("", "<img src=file:///etc/hostname>"),
        ("", "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>'>"),
        ("", "<object data=file:///etc/hostname></object>"),
        (
            "",
            "<svg viewBox='0 0 9 9' style='width:9mm'><image width='9' height='9' href='file:///etc/hostname'/></svg>",
        ),
        ("", "<svg viewBox='0 0 9 9' style='width:9mm'><use href='file:///etc/hostname#a'/></svg>"),
        ("", "<svg><style>@import url(file:///etc/hostname);</style></svg>"),
    ],
)
def test_nothing_is_fetched_even_by_a_page_that_asks_for_it(head: str, body: str) -> None:
    with outside() as asked:
        content = print_pdf(page(body, head), Imprint(MADE))
    assert asked == []
    assert "/EmbeddedFiles" not in str(read(content).trailer["/Root"].get("/Names", ""))


def test_a_hostile_name_is_words_on_paper(data: ReportData) -> None:
    name = '"; } </style><img src=file:///etc/hostname> @import url(//127.0.0.1) \\'
    opds = tuple(
        dataclasses.replace(opd, name=name) if opd.id == "dinkes" else opd for opd in data.inventory.opds
    )
    organization = dataclasses.replace(data.inventory.organization, name=name)
    inventory = dataclasses.replace(data.inventory, opds=opds, organization=organization)
    fixes = next(
        one for one in html_pages(dataclasses.replace(data, inventory=inventory)) if one.kind == "fixes"
    )
    fetcher = NothingFetched()
    shown = text(print_pdf(fixes.html, Imprint(MADE), fetcher))
    assert fetcher.refused == []
    assert "<img" in shown


def test_shapes_keep_the_colours_of_the_style_sheet() -> None:
    body = '<svg class="a" viewBox="0 0 9 9" style="width:9mm"><rect width="9" height="9"/></svg>'
    plain = print_pdf(page(body), Imprint(MADE))
    red = print_pdf(
        page(body, "<style>:root { --x: #ff0000 } .a rect { fill: var(--x) }</style>"), Imprint(MADE)
    )
    drawn = [b"".join(one.get_contents().get_data() for one in read(each).pages) for each in (plain, red)]  # type: ignore[union-attr]
    assert b"1 0 0 rg" not in drawn[0]
    assert b"1 0 0 rg" in drawn[1]


def test_shapes_take_the_colour_of_the_words_around_them() -> None:
    body = '<p class="b"><svg viewBox="0 0 9 9" style="width:9mm"><path class="m" d="M0 0h9v9z"/></svg>x</p>'
    sheet = "<style>.b { color: #00ff00 } .m { fill: currentColor }</style>"
    content = print_pdf(page(body, sheet), Imprint(MADE))
    assert b"0 1 0 rg" in read(content).pages[0].get_contents().get_data()  # type: ignore[union-attr]


def test_a_page_printed_keeps_its_name() -> None:
    assert printed(RenderedFile("kartu.html", html.MEDIA_TYPE, page()), Imprint(MADE)).name == "kartu.pdf"


def test_an_unknown_opd_is_told(data: ReportData) -> None:
    with pytest.raises(ReportError):
        tuple(pdf.render(data, "nobody", "id", "2022"))


def test_missing_libraries_are_told_with_the_packages_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')\n")
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ReportError, match="apt-get install libpango"):
        print_pdf(page(), Imprint(MADE))


def test_the_packages_are_installed_with_the_rest() -> None:
    listed = Path(__file__).parents[2].joinpath("scripts/packages.txt").read_text().splitlines()
    assert set(LIBRARIES) <= set(listed)


def test_rules_for_wide_screens_and_paper_hold_on_paper() -> None:
    sheet = "<style>@media screen and (min-width: 761px), print { p { color: #00ff00 } }</style>"
    content = print_pdf(page("<p>x</p>", sheet), Imprint(MADE))
    assert b"0 1 0 rg" in read(content).pages[0].get_contents().get_data()  # type: ignore[union-attr]
