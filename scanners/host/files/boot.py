"""Read how the boot loader is protected. Pure."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.files.commands import BOOT_FILES
from scanners.host.files.walk import Found, walk
from scanners.host.report import Reason, Report, State, Unread

_RAN = (0, 1, 2)
"""Exit status of grep(1): 2 when one of the places is not there."""


def _files(report: Report) -> list[Found]:
    below = [one for one in walk(report).found if one.path.startswith("/boot/")]
    found = [one for one in below if one.path.rpartition("/")[2] in BOOT_FILES]
    if not found:
        walk(report).whole()
        raise Unread(Reason.NOT_UNDERSTOOD, "no file of the boot loader GRUB below /boot")
    return found


def _loose(report: Report) -> JSON:
    found = _files(report)
    walk(report).whole()
    return [*(one.shown for one in found if one.mode & 0o077 or one.uid != 0)]


def _password(report: Report) -> JSON:
    _files(report)
    section = report.section("files-boot-password")
    if section.state is State.ABSENT:
        raise Unread(Reason.TOOL_MISSING, "grep")
    if section.exit_code not in _RAN:
        raise Unread(Reason.BROKEN_OFF, f"grep ended with {section.exit_code}")
    return any(line.startswith("/boot/") for line in section.text.splitlines())


READERS: dict[str, Reader] = {"host.boot_files_loose": _loose, "host.boot_password": _password}
