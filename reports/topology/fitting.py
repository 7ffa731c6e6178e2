"""Fit text into a width without a font at hand: widths are those of Noto Sans, rounded up. Pure.

Other fonts of the pages' list are narrower or hardly wider; what is cut here stands whole in the title of its
element and in the table below the map.
"""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("ijlI|.,:;'!()[]-/ ·ft")
_WIDE = frozenset("mwMW@%&…—")
_NARROWEST = 0.37
_BOLD = 1.08
ELLIPSIS = "…"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return at most how wide a text is, in the unit of `size`."""
    return sum(map(_character_width, text)) * size * (_BOLD if bold else 1)


def _character_width(character: str) -> float:
    if character in _NARROW:
        return _NARROWEST
    if character in _WIDE:
        return 0.95
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.73 if character.isupper() else 0.62


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text that fits, cut with an ellipsis where it does not."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text[: int(width / size / _NARROWEST) + 1]
    while kept and text_width(kept + ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def two_lines(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, str]:
    """Return a text on two lines, broken between words where it can be; the second may be empty."""
    words = text.split(" ")
    taken = 0
    while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, bold=bold) <= width:
        taken += 1
    taken = taken or 1
    first, second = " ".join(words[:taken]), " ".join(words[taken:])
    return fitted(first, width, size, bold=bold), fitted(second, width, size, bold=bold)
