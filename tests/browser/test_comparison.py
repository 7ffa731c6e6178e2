"""The comparison of two audits in a browser: for everybody, and on a phone without scrolling sideways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from reports.comparison.registry import render_comparison
from tests.reports.comparisons import compared

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # The pages allow no script at all; what looks at them has to get past that.
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def written(language: str) -> str:
    (file,) = render_comparison(compared(same_rules=False), ["html"], (), language, "2022")
    return file.content.decode()


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_is_in_the_way_of_anybody(page: Page, language: str) -> None:
    page.set_content(written(language))
    found = Axe().run(page)
    assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phone_scrolls_in_one_direction_only(page: Page, language: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_content(written(language))
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0
