"""Read which logs may grow without end between two rotations. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host import rotation
from scanners.host.area import Reader
from scanners.host.report import Report

_SIZE = re.compile(r"(size|maxsize) \d+[kMG]?")


def _unbounded(report: Report) -> JSON:
    files = report.files(rotation.SECTION)
    if rotation.MAIN not in files:
        return [f"no rotation: {rotation.MAIN} is not there"]
    free = (one for one in rotation.rotations(files) if not any(map(_SIZE.fullmatch, one.settings)))
    return [*sorted({path for one in free for path in one.paths})]


READERS: dict[str, Reader] = {"host.mount_logs_unbounded": _unbounded}
