"""Colours keep the contrast that WCAG 2.2 asks for at level AA (1.4.3), and never stand alone (1.4.1)."""

from __future__ import annotations

import re

import pytest

from tests.reports.messages import PACKAGE
from tests.reports.pages import rendered, tree
from tests.reports.whole import whole_data

SHEET = (PACKAGE / "templates" / "style.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", SHEET))
TEXT = [name for name in COLOURS if name not in ("line", "hair", "paper", "desk", "tint", "track", "ceiling")]


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("background", ["paper", "tint"])
@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read_on_paper_and_tint(name: str, background: str) -> None:
    assert contrast(COLOURS[name], COLOURS[background]) >= 4.5


def test_white_text_on_the_grade_and_the_numbers_of_the_heat_map_can_be_read() -> None:
    assert contrast(COLOURS["paper"], COLOURS["navy"]) >= 4.5
    for background, text in re.findall(r"\.h-\d \{ background: (#\w{6});(?: color: (#\w{6}))?", SHEET):
        assert contrast(text or COLOURS["ink"], background) >= 4.5


def test_every_badge_has_a_shape_and_a_word() -> None:
    for page in rendered(whole_data(), "html").values():
        for badge in (one for one in tree(page).iter("span") if "b " in one.attrib.get("class", "")):
            (shape,) = (child for child in badge if str(child.tag).endswith("svg"))
            assert len(shape) > 0
            assert (shape.tail or "").strip()
