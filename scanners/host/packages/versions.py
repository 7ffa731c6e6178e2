"""Order versions of packages as dpkg and rpm do. Pure."""

from __future__ import annotations

import re
from itertools import zip_longest

_DEB_PARTS = re.compile(r"(\D*)(\d*)", re.ASCII)
_RPM_PARTS = re.compile(r"[0-9]+|[a-zA-Z]+|~|\^")
_DIGITS = 20
"""More digits than any version has; a longer number is cut."""


def is_newer(version: str, than: str, rpm: bool = False) -> bool:
    """Return whether a version `epoch:upstream-revision` is newer than another."""
    return _compare(version, than, rpm) > 0


def _compare(left: str, right: str, rpm: bool) -> int:
    for one, other in zip(_split(left), _split(right), strict=True):
        found = _compare_rpm(one, other) if rpm else _compare_deb(one, other)
        if found:
            return found
    return 0


def _split(version: str) -> tuple[str, str, str]:
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return epoch or "0", upstream, revision or "0"


def _compare_deb(left: str, right: str) -> int:
    """Compare as deb-version(7) says: a tilde before everything, even the end; letters before other signs."""
    one, other = _deb_key(left), _deb_key(right)
    return (one > other) - (one < other)


def _deb_key(text: str) -> list[tuple[list[int], int]]:
    parts = [match for match in _DEB_PARTS.findall(text) if match != ("", "")]
    return [([*map(_weight, word), 0], int(number[:_DIGITS] or 0)) for word, number in [*parts, ("", "")]]


def _weight(sign: str) -> int:
    if sign == "~":
        return -1
    return ord(sign) if sign.isalpha() else ord(sign) + 256


def _compare_rpm(left: str, right: str) -> int:
    """Compare as rpmvercmp does: `~` first, `^` after the end and before more, numbers over words."""
    for one, other in zip_longest(_RPM_PARTS.findall(left), _RPM_PARTS.findall(right)):
        if one == other:
            continue
        for mine, its, sign in ((one, other, 1), (other, one, -1)):
            if mine == "~":
                return -sign
            if mine == "^":
                return sign if its is None else -sign
        if one is None or other is None:
            return -1 if one is None else 1
        if one.isdigit() != other.isdigit():
            return 1 if one.isdigit() else -1
        if one.isdigit():
            number, its_number = int(one[:_DIGITS]), int(other[:_DIGITS])
            if number != its_number:
                return 1 if number > its_number else -1
            continue
        return 1 if one > other else -1
    return 0
