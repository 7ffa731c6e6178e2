"""Read the settings of logrotate (logrotate(8)), which more than one area asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAIN = "/etc/logrotate.conf"
SECTION = "logrotate"
_SCRIPT = re.compile(r"(prerotate|postrotate|firstaction|lastaction|preremove)\b")


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one block says about its paths."""

    paths: tuple[str, ...]
    settings: tuple[str, ...]
    """`word value`: those for all that stand before the block, then its own; the later ones count."""


def rotations(files: Mapping[str, str]) -> list[Rotation]:
    """Return every block; what /etc/logrotate.conf says for all holds in the other files too.

    `files` is path → text. Raise ValueError for a block that does not end.
    """
    found: list[Rotation] = []
    for_all = _blocks(files.get(MAIN, ""), [], found)
    for path, text in files.items():
        if path != MAIN:
            _blocks(text, for_all, found)
    return found


def _blocks(text: str, before: list[str], found: list[Rotation]) -> list[str]:
    """Add the blocks of a file to those found; return what holds for all behind it."""
    for_all, paths, own = [*before], list[str](), list[str]()
    inside = False
    for statement in _statements(text):
        if statement == "{":
            inside, own = True, []
        elif statement == "}":
            if paths:
                found.append(Rotation(tuple(paths), (*for_all, *own)))
            inside, paths = False, []
        elif inside:
            own.append(_setting(statement))
        elif statement[0] in "/\"'":
            paths.extend(re.findall(r"/[^\s\"']+", statement))
        else:
            for_all.append(_setting(statement))
    if inside:
        raise ValueError("a block of logrotate that does not end")
    return for_all


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a file, scripts and comments left out, `{` and `}` alone."""
    script = False
    for raw in text.splitlines():
        line = raw.strip()
        if script:
            script = line != "endscript"
        elif _SCRIPT.match(line):
            script = True
        elif line and not line.startswith("#"):
            yield from (part.strip() for part in re.split(r"([{}])", line) if part.strip())


def _setting(statement: str) -> str:
    return " ".join(statement.replace("=", " ").split())
