"""Make characters visible that a reader would not see, or that would reorder what is seen."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, format characters (bidi, zero width, tags), lone surrogates, line and paragraph separators."""


LONGEST_SHOWN = 300
"""Characters of one observation on a page. JSON and CSV carry it whole."""


def _escape(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Escapes(dict[int, str]):
    """A translation table that is worked out per character: hidden ones become escapes, others stay."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        hidden = unicodedata.category(character) in _HIDDEN or code & 0xFFFE == 0xFFFE
        return _escape(code) if hidden else character


_LINE = _Escapes()
_BLOCK = _Escapes({ord("\n"): "\n"})


def shown(text: str) -> str:
    r"""Return text with every hidden character as a visible escape such as `\x1b` or `\u202e`.

    The result is one line and encodes as UTF-8. It is not escaped for any medium: that comes after.
    """
    return text.translate(_LINE)


def clipped(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return text as `shown`, cut after some characters, with an ellipsis where it was cut."""
    return shown(text if len(text) <= longest else text[:longest] + "…")


def shown_block(text: str) -> str:
    """Return text like `shown`, keeping line feeds; keeps the subclass of `str` that it is given."""
    return text.translate(_BLOCK)
