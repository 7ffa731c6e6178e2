"""The records that people sign, as PDF: statements, trials, admissions and re-tests."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.formats.base import RenderedFile
from reports.retest.pages import render_retest
from reports.statement.registry import render_statements
from reports.trial.pages import render_admission, render_trial
from tests.reports import test_retest as retests
from tests.reports import trials
from tests.reports.statements import statement_data

RECORDS: dict[str, Callable[[bool], tuple[RenderedFile, ...]]] = {
    "closing": lambda pdf: render_trial(trials.trial_report(), pdf=pdf),
    "admission": lambda pdf: render_admission(trials.admission_report(), pdf=pdf),
    "retest": lambda pdf: render_retest(retests.report(retests.item()), pdf=pdf),
}


@pytest.fixture(scope="module", params=sorted(RECORDS))
def record(request: pytest.FixtureRequest) -> tuple[tuple[RenderedFile, ...], tuple[RenderedFile, ...]]:
    """Return the files of a record without PDF and with it."""
    return RECORDS[request.param](False), RECORDS[request.param](True)


def test_each_page_is_followed_by_its_pdf(
    record: tuple[tuple[RenderedFile, ...], tuple[RenderedFile, ...]],
) -> None:
    without, with_pdf = record
    wanted = []
    for file in without:
        wanted.append(file.name)
        if file.name.endswith(".html"):
            wanted.append(file.name.replace(".html", ".pdf"))
    assert [file.name for file in with_pdf] == wanted
    assert tuple(file for file in with_pdf if not file.name.endswith(".pdf")) == without


def test_a_record_on_paper_is_tagged_in_its_language_with_room_for_names(
    record: tuple[tuple[RenderedFile, ...], tuple[RenderedFile, ...]],
) -> None:
    languages = []
    for file in record[1]:
        if file.name.endswith(".pdf"):
            paper = PdfReader(BytesIO(file.content))
            languages.append(paper.trailer["/Root"]["/Lang"])
            assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
            assert "NIP" in "".join(one.extract_text() for one in paper.pages)
    assert sorted(languages) == ["en", "id"]


def test_a_statement_lies_on_its_side_and_counts_its_sheets() -> None:
    (file,) = render_statements(statement_data(), ["pdf"], [None], "id", "2022")
    assert file.name == "pernyataan-keberlakuan-2022.pdf"
    paper = PdfReader(BytesIO(file.content)).pages
    for number, page in enumerate(paper, start=1):
        assert page.mediabox.width > page.mediabox.height
        assert f"Halaman {number} dari {len(paper)}" in page.extract_text()
