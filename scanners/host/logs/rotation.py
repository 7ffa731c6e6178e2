"""Read the settings of logrotate (logrotate(8)). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanners.host.report import Reason, Unread

_PERIODS = {"hourly": 0, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
_SCRIPT = re.compile(
    r"^\s*(prerotate|postrotate|firstaction|lastaction|preremove)\b.*?^\s*endscript", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one block says about its paths, the settings for all included."""

    paths: tuple[str, ...]
    settings: tuple[str, ...]
    """Lines, the later ones over the earlier."""

    def days(self) -> int:
        """Return for how many days old files are kept; raise Unread where size decides."""
        period, kept, age = 1, 0, 0
        by_size = False
        for line in self.settings:
            word, _, value = line.partition(" ")
            if word in _PERIODS:
                period, by_size = _PERIODS[word], False
            elif word == "rotate":
                kept = int(value)
            elif word == "maxage":
                age = int(value)
            elif word in ("size", "maxsize"):
                by_size = True
        if by_size:
            raise Unread(Reason.NOT_UNDERSTOOD, f"the size of {self.paths[0]} decides when it is rotated")
        if kept < 0:
            return age or 36500
        return min(period * kept, age) if age else period * kept


def rotations(files: dict[str, str]) -> list[Rotation]:
    """Return every block of the settings, those of /etc/logrotate.conf for all others."""
    plain = {path: _plain(text) for path, text in files.items()}
    own = re.sub(r"[^\n{}]*\{[^{}]*\}", "", plain.get("/etc/logrotate.conf", ""))
    for_all = tuple(_lines(own))
    return [Rotation(paths, (*for_all, *lines)) for text in plain.values() for paths, lines in _blocks(text)]


def _plain(text: str) -> str:
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    return _SCRIPT.sub("", text)


def _blocks(text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for head, body in re.findall(r"([^{}]*)\{([^{}]*)\}", text):
        paths = tuple(re.findall(r"\"?(/[^\s\"]+)", head))
        yield paths, tuple(_lines(body))


def _lines(text: str) -> list[str]:
    return [" ".join(line.replace("=", " ").split()) for line in text.splitlines() if line.strip()]
