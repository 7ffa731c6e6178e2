"""Read which jobs are scheduled, which of them fetch code, and which transfer in the clear. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, Unread

_SHELL = r"(?:sudo\s+(?:\*\*\*\s+)?)?(?:/\S*/)?(?:ba|da|z|k|a)?sh\b|(?:/\S*/)?(?:python[\d.]*|perl|php)\b"
_DOWNLOADS = re.compile(
    rf"\b(?:curl|wget|fetch)\b[^;&]*\|\s*(?:{_SHELL})"
    rf"|\b(?:ba|da|z|k)?sh\s+(?:-c\s+)?[\"'\s]*(?:[$<]\(|`|<<<)[\"'(`$\s]*(?:curl|wget)\b"
    r"|\beval\b.*\b(?:curl|wget)\b"
    rf"|\bbase64\s+(?:-d|-D|--decode)\b[^;&]*\|\s*(?:{_SHELL})"
    r"|/dev/tcp/"
    r"|\b(?:curl|wget)\b[^|;&]*(?:-o|-O|>|-P)\s*/?(?:tmp|dev/shm|var/tmp)/"
)
_OWN = r"(?!(?:localhost|127\.|\[::1\]))"
_PLAIN = re.compile(
    r"(?:^|[|;&(`]\s*|\s/\S*/|\b(?:nice|sudo|timeout|exec|then|do|if|!)\s+(?:-\S+\s+|\d+\s+|\*\*\*\s+)*)"
    r"(?:ftp|ncftp|ncftpput|ncftpget|tftp|rcp|rsh|rlogin|telnet)\s+\S"
    rf"|\blftp\b(?!.*\b(?:sftp|ftps|https)://)"
    rf"|\bftp://{_OWN}"
    rf"|\b(?:curl|wget)\b.*\bhttp://{_OWN}"
    rf"|\brsync\b.*(?:rsync://{_OWN}|\s{_OWN}[\w.@-]+::)"
)
_RUN_PARTS = re.compile(r"^(?:cd / && )?(?:test -x /usr/sbin/anacron \|\| )?.*\brun-parts\b")
_FOLDERS = re.compile(r"^/etc/cron\.(?:hourly|daily|weekly|monthly)/")
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class _Line:
    """One command: `kind` is cron, at, or line for one inside a script."""

    kind: str
    owner: str
    path: str
    command: str


def _printed(report: Report, section: str = "watch-jobs") -> list[str]:
    lines = report.lines(section)
    if not lines or lines[-1] != "!done":
        raise Unread(Reason.NOT_UNDERSTOOD, f"{section}: not read to the end")
    return lines[:-1]


def _commands(lines: list[str]) -> Iterator[_Line]:
    for line in lines:
        head, tab, command = line.partition("\t")
        if tab:
            kind, owner, path = head.split(" ", 2)
            yield _Line(kind, owner, path, " ".join(command.split()))


def _owners(lines: list[str]) -> dict[str, str]:
    """Return path → account for the files of the scheduler."""
    found = (re.match(r"file (\S+):(/.+)$", line) for line in lines)
    return {one[2]: one[1] for one in found if one is not None}


def _unchanged(report: Report, lines: list[str]) -> set[str]:
    """Return the files that came with a package and are as they came, as the host itself compared them."""
    if "!unknown" in report.lines("watch-packaged"):
        raise Unread(Reason.TOOL_MISSING, "neither dpkg nor rpm tells what came with a package")
    return {line.removeprefix("same ") for line in lines if line.startswith("same /")}


def own(report: Report) -> JSON:
    """Return the jobs that no package brought, or that were changed."""
    lines = _printed(report)
    unchanged = _unchanged(report, lines)
    owners = _owners(lines)
    found = [("cron", "root", path) for path in owners if _FOLDERS.match(path) and path not in unchanged]
    found = [one for one in found if not one[2].endswith("/.placeholder")]
    for line in _commands(lines):
        standing = line.kind == "cron" and line.path not in unchanged
        if line.kind == "at" or (standing and not _RUN_PARTS.match(line.command)):
            owner = owners.get(line.path, "-") if line.kind == "at" else line.owner
            found.append((line.kind, owner, line.command))
    found += [("timer", "root", name) for name in _timers(report)]
    return [{"kind": kind, "owner": owner, "command": command} for kind, owner, command in sorted(set(found))]


def _timers(report: Report) -> list[str]:
    """Return the names of timer units that no package brought."""
    packaged = {line[6:] for line in report.lines("watch-packaged") if line.startswith("timer ")}
    names = {path.rpartition("/")[2] for path in packaged}
    found = []
    for line in _printed(report, "watch-timers"):
        path = line.removeprefix("timer ")
        name = path.rpartition("/")[2]
        # With merged folders, /lib and /usr/lib are one; a unit in /etc goes over the package's.
        vendor = path.startswith(("/lib/", "/usr/lib/")) and name in names
        if line.startswith("timer ") and path not in packaged and not vendor:
            found.append(name)
    return sorted(set(found))


def _all(report: Report) -> list[_Line]:
    lines = _printed(report)
    unchanged = _unchanged(report, lines)
    both = [*_commands(lines), *_commands(_printed(report, "watch-timers"))]
    return [line for line in both if line.path not in unchanged]


def downloading(report: Report) -> JSON:
    """Return the scheduled commands that fetch code and run it."""
    scheduled = [line for line in _all(report) if line.kind != "line" or _is_scheduled(line.path)]
    return [*_shown(line for line in scheduled if _DOWNLOADS.search(line.command))]


def _is_scheduled(path: str) -> bool:
    return path.startswith(("/etc/cron", "/etc/systemd/", "/usr/local/lib/systemd/"))


def plain(report: Report) -> JSON:
    """Return the commands that transfer without encryption."""
    return [*_shown(line for line in _all(report) if _PLAIN.search(line.command))]


def _shown(lines: Iterator[_Line]) -> list[str]:
    return sorted({f"{line.path}: {line.command[:200]}" for line in lines})[:_SHOWN]
