"""Comments in the commands and settings of the catalogue, in the language of the reader."""

from __future__ import annotations

import re
from functools import partial

from reports.words import comment_translations

COMMENT = re.compile(r"(?m)(^|\s)(#|;|//|--) +(\S.*?)[ \t]*$")
PLAIN_SITE = "http:// on a plain HTTP site"
"""What stands behind many comments, after a semicolon."""


def in_language(text: str, language: str) -> str:
    """Return commands or settings with their comments translated; what is no known comment stays as it is."""
    return COMMENT.sub(partial(_translated, language), text)


def _translated(language: str, match: re.Match[str]) -> str:
    before, sign, comment = match.groups()
    known = comment_translations(language)
    said, plain, _ = comment.partition(f"; {PLAIN_SITE}")
    parts = [known.gettext(said), *([known.gettext(PLAIN_SITE)] if plain else [])]
    return f"{before}{sign} {'; '.join(parts)}" if parts != [comment] else match[0]
