"""The words that Indonesian texts hold, as far as they are prose, and those that they should not hold."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_WORDS = Path(__file__).with_name("wanted_words.yaml")
_QUOTED = r"`[^`]*`|\"[^\"]*\"|'[^']*'|\{[^}]*\}|%\(\w+\)s"
_NAMES = r"\S*[/\\_.@=$]\S+|\w+-\w+-[\w-]+|\w+ = |\w+:\w+"
_NO_PROSE = re.compile(f"{_QUOTED}|{_NAMES}")
"""Commands, settings, paths, names and placeholders."""


@cache
def _unwanted() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return tuple((re.compile(rf"(?i)(?<![\w-]){word}(?![\w-])"), wanted) for word, wanted in table.items())


def unwanted(text: str) -> list[str]:
    """Return each word of the text that has a better one, with that one: `porta → port`."""
    prose = _NO_PROSE.sub(" ", text)
    hits = ((hit[0], wanted) for word, wanted in _unwanted() for hit in word.finditer(prose))
    return [f"{found} → {wanted}" for found, wanted in hits if not found.isupper()]
