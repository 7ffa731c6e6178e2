"""The wall screen in a browser: fits without scrolling, shows everybody in turn, and notices what is old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from auditor.model.wall import Wall
from reports.wall.files import render_wall
from tests.reports.walls import AT, wall

FULL_HD = {"width": 1920, "height": 1080}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=FULL_HD)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def written(made: Wall, folder: Path) -> str:
    for file in render_wall(made):
        (folder / file.name).write_bytes(file.content)
    return (folder / "layar-pemantauan.html").as_uri()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("count", [1, 12, 24, 50])
def test_nobody_scrolls_at_a_wall(page: Page, tmp_path: Path, count: int, language: str) -> None:
    made = render_wall(wall(count, language=language))[0]
    (tmp_path / made.name).write_bytes(made.content)
    page.goto((tmp_path / made.name).as_uri())
    shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert shown == [FULL_HD["width"], FULL_HD["height"]]


def test_every_screen_has_its_turn_and_then_it_is_late(page: Page, tmp_path: Path) -> None:
    page.goto(written(wall(50), tmp_path))
    shown = """seconds => {
        document.getAnimations().forEach(one => { one.pause(); one.currentTime = seconds * 1000; });
        const seen = one => getComputedStyle(one).visibility === "visible";
        return [[...document.querySelectorAll(".screen")].map(seen).indexOf(true),
            [...document.querySelectorAll(".screen")].filter(seen).length,
            seen(document.getElementById("late"))];
    }"""
    turns = [page.evaluate(shown, second) for second in (1, 16, 31, 46, 61, 76)]
    assert turns == [[number % 5, 1, False] for number in range(6)]
    assert page.evaluate(shown, 662)[2] is True


def test_a_page_that_nobody_renewed_says_so_when_it_is_turned_to_again(page: Page, tmp_path: Path) -> None:
    written(wall(3), tmp_path)
    mark = f"#r{AT:%Y%m%d%H%M%S}"
    told = page.get_by_text("Belum diperbarui sejak 23 November 2026 08.15 WIB").first
    page.goto((tmp_path / "layar-pemantauan.html").as_uri())
    assert not told.is_visible()
    page.goto((tmp_path / "layar-pemantauan-2.html").as_uri() + mark)
    assert told.is_visible()
    written(replace(wall(3), at=AT + timedelta(minutes=5)), tmp_path)
    page.goto((tmp_path / "layar-pemantauan.html").as_uri() + mark)
    assert page.get_by_text("Belum diperbarui").first.is_hidden()


def test_a_phone_shows_every_agency_without_scrolling_sideways(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(written(wall(50), tmp_path))
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0
    names = page.locator("tbody .name")
    assert names.count() == 50 and all(one.is_visible() for one in names.all())
