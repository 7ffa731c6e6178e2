"""Read memory, load and the texts shown at login. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report

_ESCAPES = re.compile(r"\\[mrsvS]")
"""What getty(8) fills in: machine, kernel release, system and version."""
_SYSTEMS = re.compile(
    r"\b(Ubuntu|Debian|CentOS|Red Hat|RHEL|Rocky Linux|AlmaLinux|Oracle Linux|Fedora|GNU/Linux|kernel)\b",
    re.IGNORECASE,
)
_NOTICES = ("/etc/issue", "/etc/issue.net", "/etc/motd")


def _memory(report: Report) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in report.lines("machine-memory"):
        name, _, rest = line.partition(":")
        if rest.endswith(" kB"):
            found[name] = int(rest.removesuffix(" kB"))
    if found["MemTotal"] <= 0:
        raise ValueError("no memory at all")
    return found


def _available_percent(report: Report) -> JSON:
    """Return memory that programs can still have; before Linux 3.14 what is free or can be freed."""
    found = _memory(report)
    older = found.get("MemFree", 0) + found.get("Buffers", 0) + found.get("Cached", 0) - found.get("Shmem", 0)
    return 100 * found.get("MemAvailable", max(older, 0)) // found["MemTotal"]


def _swap_percent(report: Report) -> JSON:
    found = _memory(report)
    total = found["SwapTotal"]
    return 100 * (total - found["SwapFree"]) // total if total else None


def _load_percent(report: Report) -> JSON:
    over_fifteen_minutes = float(report.text("machine-load").split()[2])
    processors = int(report.text("machine-processors"))
    if processors < 1:
        raise ValueError("no processor")
    return int(100 * over_fifteen_minutes / processors)


def _notice(path: str) -> Reader:
    return lambda report: " ".join(report.files("machine-notices").get(path, "").split())


def _details(report: Report) -> JSON:
    texts = report.files("machine-notices")
    told = []
    for path in _NOTICES:
        text = texts.get(path, "")
        escapes = _ESCAPES.findall(text) if path != "/etc/motd" else []
        found = dict.fromkeys([*escapes, *(match[0] for match in _SYSTEMS.finditer(text))])
        if found:
            told.append(f"{path}: {', '.join(found)}")
    return [*told]


READERS: dict[str, Reader] = {
    "host.memory_available_percent": _available_percent,
    "host.memory_swap_percent": _swap_percent,
    "host.memory_load_percent": _load_percent,
    "host.notice_local": _notice("/etc/issue"),
    "host.notice_network": _notice("/etc/issue.net"),
    "host.notice_details": _details,
}
