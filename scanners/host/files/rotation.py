"""Read which logs may grow without end between two rotations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report

_MAIN = "/etc/logrotate.conf"
_SIZE = re.compile(r"(size|maxsize)\b[\s=]*\d+[kMG]?")
_SCRIPT = re.compile(r"(prerotate|postrotate|firstaction|lastaction|preremove)\b")


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a file of logrotate(8), scripts and comments left out, `{` and `}` alone."""
    script = False
    for raw in text.splitlines():
        line = raw.strip()
        if script:
            script = line != "endscript"
        elif _SCRIPT.match(line):
            script = True
        elif line and not line.startswith("#"):
            yield from (part.strip() for part in re.split(r"([{}])", line) if part.strip())


def unbounded(text: str, bounded: bool) -> tuple[list[str], bool]:
    """Return the logs of a file that no size bounds, and whether it bounds those that come after it.

    `bounded`: a size was set before this file. Raise ValueError for a block that does not end.
    """
    found: list[str] = []
    names: list[str] = []
    inside, block = False, False
    for statement in _statements(text):
        if statement == "{":
            inside, block = True, bounded
        elif statement == "}":
            found.extend([] if block else names)
            inside, names = False, []
        elif _SIZE.fullmatch(statement):
            block, bounded = True, bounded or not inside
        elif not inside and statement[0] in "/\"'":
            names.extend(one.strip("\"'") for one in statement.split())
    if inside:
        raise ValueError("a block of logrotate that does not end")
    return found, bounded


def _unbounded(report: Report) -> JSON:
    files = report.files("files-logrotate")
    if _MAIN not in files:
        return [f"no rotation: {_MAIN} is not there"]
    found, bounded = unbounded(files[_MAIN], False)
    for path, text in files.items():
        if path != _MAIN:
            found.extend(unbounded(text, bounded)[0])
    return [*sorted(set(found))]


READERS: dict[str, Reader] = {"host.mount_logs_unbounded": _unbounded}
