"""Read who may read and change the files that hold accounts. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report

_LINE = re.compile(r"([-bcdlps])([-rwxsStT]{9})([.+@]?)\s+\d+\s+(\S+)\s+(\S+)\s.*\s(/\S+)")
_SECRET = ("shadow", "opasswd")
"""Files with these words in their name hold hashes of passwords."""
_MASKS = {True: 0o137, False: 0o133}
"""Bits that no file may have: all but 0640 where hashes are, all but 0644 elsewhere (CIS 7.1.1 to 7.1.10)."""


def mode_of(letters: str) -> int:
    """Return the mode that nine letters of ls(1) mean, such as rw-r-----."""
    granted = sum(1 << (8 - place) for place, letter in enumerate(letters) if letter not in "-ST")
    special = (letters[2] in "sS", letters[5] in "sS", letters[8] in "tT")
    return granted | sum(0o4000 >> place for place, given in enumerate(special) if given)


def _loose(report: Report) -> JSON:
    seen: set[str] = set()
    loose: list[str] = []
    for line in report.lines("files-accounts"):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"not a line of ls: {line[:80]}")
        kind, letters, mark, owner, group, path = match.groups()
        seen.add(path)
        hashes = any(word in path for word in _SECRET)
        mode = mode_of(letters)
        groups = ("root", "shadow") if hashes else ("root",)
        if kind != "-" or mode & (_MASKS[hashes] | 0o7000) or owner != "root" or group not in groups:
            loose.append(f"{path} {mode:04o} {owner}:{group}")
        elif mark == "+":
            loose.append(f"{path} {mode:04o} {owner}:{group}, with an access list")
    if not {"/etc/passwd", "/etc/group"} <= seen:
        raise ValueError("neither /etc/passwd nor /etc/group was told")
    return [*loose]


READERS: dict[str, Reader] = {"host.file_accounts_loose": _loose}
