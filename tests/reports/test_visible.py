"""What a server says is shown with its hidden characters made visible."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from reports.visible import clipped, shown, shown_block

HIDDEN = (
    "\x00\x07\x1b\x7f\x9b\t\r\n\u061c\u200b\u200e\u202a\u202e\u2066\u2069\ufeff\u2028\U000e0041\ud800\uffff"
)


def test_every_hidden_character_becomes_a_visible_escape() -> None:
    text = shown(HIDDEN)
    assert text.isprintable()
    assert text.startswith(r"\x00\x07\x1b\x7f\x9b\x09\x0d\x0a\u061c\u200b")
    assert text.endswith(r"\u2028\U000e0041\ud800\uffff")


def test_ordinary_text_is_left_alone() -> None:
    ordinary = "nginx/1.22 – “Peladen” é 漢字 <b>&amp;"
    assert shown(ordinary) == ordinary


@given(st.text(st.characters()))
def test_nothing_hidden_is_left_and_the_text_can_be_encoded(text: str) -> None:
    result = shown(text)
    result.encode()
    assert not {unicodedata.category(c) for c in result} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_long_text_is_cut_and_says_so() -> None:
    assert clipped("x" * 300) == "x" * 300
    assert clipped("x" * 301) == "x" * 300 + "…"


def test_a_block_keeps_line_feeds_only() -> None:
    assert shown_block("a\n\tb\r\u202e") == "a\n\\x09b\\x0d\\u202e"


def test_escaped_text_stays_escaped_text() -> None:
    assert isinstance(shown_block(Markup("<b>\x1b</b>")), Markup)
