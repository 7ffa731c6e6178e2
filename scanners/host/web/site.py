"""One site of a web server, whichever server it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_LONGEST_PATTERN = 200
_LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class Site:
    """A virtual host: who serves it, under which names, from where, and what becomes of a path below it."""

    server: str
    names: tuple[str, ...]
    root: str | None
    """None where nothing is served from files."""
    also: frozenset[str]
    """Other folders that files are served from."""
    pools: frozenset[str]
    """Where its scripts run: sockets of PHP pools, or `user NAME` for the web server's own process."""
    refuses: Callable[[str], bool] = field(compare=False)
    """Whether a path below the root is refused; raise ValueError where it is unclear."""
    runs: Callable[[str], bool] = field(compare=False)
    """Whether a script at that path is run."""
    overrides: Callable[[str], bool] = field(compare=False, default=lambda _: False)
    """Whether a file `.htaccess` at that path counts."""


@dataclass(frozen=True, slots=True)
class Server:
    """What one web server's configuration says as a whole."""

    name: str
    sites: tuple[Site, ...]
    version_shown: tuple[str, ...]
    user: str
    certificates: frozenset[str]
    firewall: str
    """on, detection only, off or absent."""
    rules: int
    """How many rules its application firewall has."""
    renews: bool = False
    """Whether it renews certificates by itself."""


def matches(pattern: str, path: str, *, ignore_case: bool = False) -> bool:
    """Return whether a regular expression is found in a path; raise ValueError when unsure.

    A host names both: what could keep this machine busy (long patterns, repeated groups, several unbounded
    repetitions) is not tried.
    """
    if len(pattern) > _LONGEST_PATTERN or len(path) > _LONGEST_PATH:
        raise ValueError(f"a pattern that is not tried: {pattern[:40]}")
    plain = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern)
    if re.search(r"\)\s*[*+{]", plain) or len(re.findall(r"[*+]|\{\d*,\}", plain)) > 2:
        raise ValueError(f"a pattern that is not tried: {pattern[:40]}")
    try:
        return re.search(pattern, path, re.IGNORECASE if ignore_case else 0) is not None
    except re.error as error:
        raise ValueError(f"{pattern[:40]}: {error}") from None


def below(path: str, folder: str) -> bool:
    """Return whether a path is a folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
