"""Read when idle sessions end, and which files let one host trust another without a key. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, Unread

_UNITS = {
    "": 1,
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hr": 3600,
    "hour": 3600,
}
_SEARCHED = re.compile(r"/root|/(home|srv|opt)(/[^/]+)?|/var/lib(/[^/]+)?|/var/www")
"""Homes that the search as root looks into."""


def _idle(report: Report) -> JSON:
    """Return after how many seconds the shell or logind ends an idle session; null where neither does.

    Of several values the longest counts, as it is not known for whom each holds.
    """
    text = report.text("access-idle")
    shells = [int(value) for value in re.findall(r"\bTMOUT=[\"']?(\d+)", text)]
    shell = None if not shells or 0 in shells else max(shells)
    sessions = [_seconds(value) for value in re.findall(r"StopIdleSessionSec\s*=\s*([^\n]*)", text)]
    session = sessions[-1] if sessions and "logind knows" in text.splitlines() else None
    ends = [end for end in (shell, session) if end]
    return min(ends) if ends else None


def _seconds(text: str) -> int | None:
    """Return a time span of systemd.time(7) in seconds; None for `infinity`."""
    if text.strip() in ("infinity", ""):
        return None
    parts = re.findall(r"(\d+)\s*([a-z]*)\s*", text.strip())
    total = sum(int(number) * _UNITS[unit if unit in _UNITS else unit.rstrip("s")] for number, unit in parts)
    return total or None


def _rhosts(report: Report) -> JSON:
    lines = report.lines("access-trust")
    outside = [line.partition(" ")[2] for line in lines if line.startswith("hidden ")]
    outside += [
        home for line in lines if line.startswith("searched ") and not _SEARCHED.fullmatch(home := line[9:])
    ]
    if outside:
        raise Unread(Reason.NEEDS_ROOT, outside[0])
    found = {line.removeprefix("found ") for line in lines if line.startswith("found ")}
    return [*sorted(found | {line for line in report.lines("access-trust-homes") if line.startswith("/")})]


READERS: dict[str, Reader] = {
    "host.idle_session_seconds": _idle,
    "host.rhosts_files": _rhosts,
}
