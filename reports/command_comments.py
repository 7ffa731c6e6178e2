"""Comments in the commands and settings of the catalogue, in the language of the reader."""

from __future__ import annotations

import re

from reports.comments_id import COMMENTS

_COMMENT = re.compile(r"(?m)(^|\s)(#|;|//|--) +(\S.*?)[ \t]*$")


def in_language(text: str, language: str) -> str:
    """Return commands or settings with their comments translated; what is no known comment stays as it is."""
    return text if language != "id" else _COMMENT.sub(_translated, text)


def _translated(match: re.Match[str]) -> str:
    before, sign, comment = match.groups()
    return f"{before}{sign} {COMMENTS[comment]}" if comment in COMMENTS else match[0]
