"""Compare version texts as they stand in banners: 2.4.57, 9.2p1, 1.3.5rc3, 1.0.2k, 9.10.2-P3."""

from __future__ import annotations

import re

VersionKey = tuple[tuple[int, int, str], ...]

_PART = re.compile(r"[0-9]+|[a-z]+")
_BEFORE_RELEASE = frozenset({"a", "alpha", "b", "beta", "dev", "m", "pre", "preview", "rc", "snapshot"})
_MAXIMUM_PARTS = 12
_MAXIMUM_DIGITS = 12
_END = (2, 0, "")


def version_key(text: str) -> VersionKey:
    """Return a key that orders versions: 1.3.5rc3 < 1.3.5 < 1.3.5a < 1.3.5.1.

    A letter or word behind a number is a later patch of it (9.2p1, 1.0.2k), unless it names what comes
    before a release and a number follows (rc3, beta2). Never raises; text without digits orders first.
    """
    parts = _PART.findall(text.lower())[:_MAXIMUM_PARTS]
    key: list[tuple[int, int, str]] = []
    for index, part in enumerate(parts):
        if part.isdigit():
            key.append((4, int(part[:_MAXIMUM_DIGITS]), ""))
        else:
            numbered = index + 1 < len(parts) and parts[index + 1].isdigit()
            key.append((1 if numbered and part in _BEFORE_RELEASE else 3, 0, part))
    return (*key, _END)


def numbers(text: str) -> tuple[int, ...]:
    """Return the leading dotted numbers: (9, 2) of 9.2p1, (1, 1, 1) of 1.1.1w; () when there are none."""
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", text)
    return tuple(int(part[:_MAXIMUM_DIGITS]) for part in found.group().split(".")) if found else ()


def is_within(text: str, first: str, fixed: str) -> bool:
    """Return whether a version is at least `first` and below `fixed`; an empty bound is open."""
    key = version_key(text)
    return (not first or key >= version_key(first)) and (not fixed or key < version_key(fixed))
