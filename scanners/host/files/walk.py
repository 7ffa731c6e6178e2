"""Read what the walk over the local file systems told. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_LINE = re.compile(r"([0-7]{1,4}):(\d+):(\d+):([^:]*):([^:]*):([a-zA-Z?]):(/.*)")
_ENDED = (0, 1)
"""Exit status of find(1): 1 when a file vanished under it or could not be looked at."""
SECTION = "files-walk"


@dataclass(frozen=True, slots=True)
class Found:
    """One file or directory that the walk told of; owner and group are numbers where nobody has them."""

    mode: int
    uid: int
    gid: int
    owner: str
    group: str
    kind: str
    """f file, d directory, l link …"""
    path: str

    @property
    def is_unowned(self) -> bool:
        """Whether the host knows no account or no group of its number."""
        return self.owner == str(self.uid) or self.group == str(self.gid)

    @property
    def is_privileged(self) -> bool:
        """Whether a program runs with the rights of its owner or group (SUID, SGID)."""
        return self.kind == "f" and bool(self.mode & 0o6000)

    @property
    def is_world_writable(self) -> bool:
        """Whether everybody may write to it, a directory in which files are protected (sticky) aside."""
        if not self.mode & 0o002:
            return False
        return self.kind == "f" or (self.kind == "d" and not self.mode & 0o1000)

    @property
    def shown(self) -> str:
        """Return path, mode and owner, as a person reads them."""
        return f"{self.path} {self.mode:04o} {self.owner}:{self.group}"


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found; `loose` and `unowned` count also what is not told one by one."""

    found: tuple[Found, ...]
    loose: int
    unowned: int
    broken: Unread | None
    """Why the walk ended early: what it found is true, what it did not find is not known."""

    def whole(self) -> tuple[Found, ...]:
        """Return all that was found; raise Unread when the walk ended early."""
        if self.broken is not None:
            raise self.broken
        return self.found

    def offenders(self, found: list[str]) -> list[str]:
        """Return what was found wrong; raise Unread when nothing was and the walk ended early."""
        if self.broken is not None and not found:
            raise self.broken
        return found


def walk(report: Report) -> Walk:
    """Return the walk; raise Unread where it did not begin."""
    section = report.sections.get(SECTION)
    if section is None or section.state is not State.RAN:
        report.text(SECTION)
        raise Unread(Reason.BROKEN_OFF, SECTION)
    broken: Unread | None = None
    try:
        report.section(SECTION)
        if section.exit_code not in _ENDED:
            broken = Unread(Reason.BROKEN_OFF, f"find ended with {section.exit_code}")
    except Unread as error:
        broken = error
    lines = section.text.splitlines()
    found = tuple(_found(match) for line in lines if (match := _LINE.fullmatch(line)))
    if not any(one.path == "/" for one in found):
        raise broken or Unread(Reason.NOT_UNDERSTOOD, "the file system of / was not walked")
    counted = [line.split(":")[1:] for line in lines if re.fullmatch(r"all:\d+:\d+", line)]
    if len(counted) == 1:
        loose, unowned = (int(one) for one in counted[0])
    elif broken is not None:
        loose, unowned = sum(one.is_world_writable for one in found), sum(one.is_unowned for one in found)
    else:
        raise ValueError("no count at the end")
    return Walk(found, loose, unowned, broken)


def _found(match: re.Match[str]) -> Found:
    mode, uid, gid, owner, group, kind, path = match.groups()
    return Found(int(mode, 8), int(uid), int(gid), owner, group, kind, path)


def _world_writable(report: Report) -> JSON:
    told = walk(report)
    return [*told.offenders([one.shown for one in told.found if one.is_world_writable])]


def _world_writable_count(report: Report) -> JSON:
    told = walk(report)
    told.offenders([one.path for one in told.found if one.is_world_writable])
    return told.loose


def _unowned(report: Report) -> JSON:
    told = walk(report)
    return [*told.offenders([one.shown for one in told.found if one.is_unowned])]


def _unowned_count(report: Report) -> JSON:
    told = walk(report)
    told.offenders([one.path for one in told.found if one.is_unowned])
    return told.unowned


def _privileged(report: Report) -> JSON:
    return [*sorted(one.path for one in walk(report).whole() if one.is_privileged)]


READERS: dict[str, Reader] = {
    "host.file_world_writable": _world_writable,
    "host.file_world_writable_count": _world_writable_count,
    "host.file_unowned": _unowned,
    "host.file_unowned_count": _unowned_count,
    "host.file_privileged": _privileged,
}
