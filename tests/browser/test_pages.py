"""Every page in a real browser: usable with a screen reader, on a phone, and loading nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from reports.formats import html
from tests.reports.whole import whole_data

DATA = whole_data()
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@cache
def pages(language: str) -> dict[str, str]:
    return {file.name: file.content.decode() for file in html.render(DATA, None, language, "2022")}


CASES = [(language, name) for language in ("id", "en") for name in pages(language)]


@pytest.fixture
def asked() -> list[str]:
    """Return where every address is written that a page asks for."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str]) -> Iterator[Page]:
    # The pages allow no script at all; what looks at them has to get past that.
    context = browser.new_context(bypass_csp=True)

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route("**/*", refuse)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("language", "name"), CASES)
def test_nothing_is_in_the_way_of_anybody(page: Page, asked: list[str], language: str, name: str) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.set_content(pages(language)[name])
    found = Axe().run(page)
    told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]
    assert told == []
    assert asked == []


@pytest.mark.parametrize(("language", "name"), CASES)
def test_a_phone_scrolls_in_one_direction_only(page: Page, language: str, name: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_content(pages(language)[name])
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0


def test_what_is_wrong_would_be_found(page: Page) -> None:
    page.set_content('<html><body><img src="x"><p style="color:#eee;background:#fff">pale</p></body></html>')
    found = {one["id"] for one in Axe().run(page).response["violations"]}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= found
