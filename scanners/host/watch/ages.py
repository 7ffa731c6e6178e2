"""Read ages of files that a find printed. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from scanners.host.report import Report

_LINE = re.compile(r"^(\d+)(?:\.\d+)? \d+:(/.*)$")


def instant(seconds: float) -> str:
    """Return a time of a file as RFC 3339."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ages(report: Report, name: str) -> dict[str, int]:
    """Return path → seconds since 1970 of its last change; none where the section is absent; raise Unread."""
    found = (_LINE.match(line) for line in report.optional_lines(name))
    return {one[2]: int(one[1]) for one in found if one is not None}
