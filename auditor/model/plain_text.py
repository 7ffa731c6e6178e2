"""What may stand in a text that people write and other people read."""

from __future__ import annotations

import re

# Controls (but for tab and line ends), soft hyphen, zero-width and bidirectional controls, line and
# paragraph separators, tags and non-characters: they change what a reader sees without being seen.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_SHOWN_CHARACTERS = 60


def find_hidden(text: str) -> int | None:
    """Return the offset of the first character that a reader would not see, or None."""
    found = _HIDDEN.search(text)
    return None if found is None else found.start()


def name_character(character: str) -> str:
    """Return the code point as `U+202E`."""
    return f"U+{ord(character):04X}"


def show(text: str) -> str:
    """Return the text in double quotes for a message: cut to 60 characters, hidden characters spelt out."""
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
    cut = _HIDDEN.sub(lambda found: f"<{name_character(found.group())}>", cut)
    return '"' + cut.replace("\n", "⏎").replace("\r", "⏎").replace("\t", "⇥") + '"'
