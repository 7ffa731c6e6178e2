"""Read what starts with the host, what failed, and which desktop it has. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_UNIT = re.compile(r"[\w@.:\\-]+\.[a-z]+")
_MANAGERS = ("systemd", "init")
_DEFAULT_IDLE_SECONDS = 300
"""GNOME blanks the screen after this time, and locks it then, unless told otherwise (org.gnome.desktop)."""


def _enabled(report: Report) -> JSON:
    lines = report.lines("machine-enabled")
    if lines[:1] == ["from upstart"]:
        raise Unread(Reason.NOT_UNDERSTOOD, "jobs of upstart are not read")
    if lines[:1] != ["from links"]:
        raise Unread(Reason.NOT_UNDERSTOOD, "neither systemd nor SysV starts services")
    return [*sorted({_unit(name) for name in lines[1:]})]


def _unit(name: str) -> str:
    if not _UNIT.fullmatch(name):
        raise ValueError(f"not a unit: {name[:80]}")
    return name


def _failed(report: Report) -> JSON:
    section = report.section("machine-failed")
    if section.state is State.ABSENT:
        raise Unread(Reason.TOOL_MISSING, "systemctl")
    if section.exit_code:
        raise Unread(Reason.NOT_UNDERSTOOD, f"systemctl ended with {section.exit_code}")
    # Old releases put a dot before the name, whatever they are told.
    return [*sorted(_unit(line.lstrip("●* ").split()[0]) for line in report.lines("machine-failed"))]


def _manager(report: Report) -> JSON:
    name = report.text("machine-init").strip()
    return name if name in _MANAGERS else "other"


def _lock_seconds(report: Report) -> JSON:
    """Return after how many seconds the screen locks by itself, None for never; raise Unread off GNOME.

    The settings of the system are read (dconf(7), key files below /etc/dconf/db); the last one counts.
    """
    managers = report.lines("machine-desktops")
    if not managers:
        return None
    if not {*managers} <= {"gdm", "gdm3"}:
        raise Unread(Reason.NOT_UNDERSTOOD, f"when {', '.join(managers)} locks the screen is not read")
    idle, locks, delay = _DEFAULT_IDLE_SECONDS, True, 0
    for line in report.lines("machine-locks"):
        name, _, value = (part.strip() for part in line.partition("="))
        number = re.search(r"\d+$", value)
        if name == "idle-delay" and number:
            idle = int(number[0])
        elif name == "lock-delay" and number:
            delay = int(number[0])
        elif name == "lock-enabled":
            locks = value == "true"
    return idle + delay if locks and idle else None


def _automount(report: Report) -> JSON:
    enabled = _enabled(report)
    return isinstance(enabled, list) and "autofs.service" in enabled


READERS: dict[str, Reader] = {
    "host.unit_manager": _manager,
    "host.unit_enabled": _enabled,
    "host.unit_failed": _failed,
    "host.unit_automount": _automount,
    "host.desktop_managers": lambda report: [*report.lines("machine-desktops")],
    "host.desktop_lock_seconds": _lock_seconds,
}
