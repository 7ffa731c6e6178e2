"""Whether a server program is there at all. Pure."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report


def is_installed(report: Report, software: str) -> bool:
    """Return whether the host has a program of this name; raise Unread."""
    return software in report.lines("software")


def where_installed(software: str, reader: Reader, otherwise: JSON) -> Reader:
    """Return a reader that tells `otherwise` on a host without the software."""
    return lambda report: reader(report) if is_installed(report, software) else otherwise
