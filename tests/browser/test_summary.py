"""The leadership summary on paper and on a phone, of few agencies and of many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from benchmarks.made_up_reports import made_up_report
from reports.page import render_page
from reports.view.context import make_context
from reports.view.summary import summary_view


@cache
def summary(opds: int, edition: str = "2022", language: str = "id") -> str:
    context = make_context(made_up_report(opds, 20), language, edition)
    return render_page(context, "summary.html", summary_view(context)).decode()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.route("**/*", lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_twelve_agencies_stand_on_one_page_of_paper(page: Page, language: str) -> None:
    page.set_content(summary(12, language=language))
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    first, second = (" ".join(one.extract_text().split()) for one in paper.pages[:2])
    for opd in made_up_report(12, 20).inventory.opds:
        assert opd.name in first
    annex = {"id": "Gabungan seluruh OPD", "en": "All OPD together"}[language]
    assert annex not in first and annex in second


@pytest.mark.parametrize(("opds", "edition"), [(12, "2022"), (50, "2022"), (50, "2013")])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nobody_scrolls_sideways(page: Page, width: int, opds: int, edition: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(summary(opds, edition))
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0


def test_of_fifty_agencies_every_one_stands_in_the_table(page: Page) -> None:
    page.set_content(summary(50))
    names = page.locator("table.all tbody th").all_inner_texts()
    assert sorted(name.strip() for name in names) == sorted(
        opd.name for opd in made_up_report(50, 20).inventory.opds
    )
