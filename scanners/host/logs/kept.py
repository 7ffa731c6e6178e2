"""Read how old, how open and how long kept the log files are. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from auditor.model.facts import JSON
from scanners.host.logs.running import running
from scanners.host.logs.syslog import journal_setting
from scanners.host.report import Reason, Report, Unread
from scanners.host.rotation import SECTION, Rotation, rotations

_SYSTEM = ("syslog", "messages")
_LOGINS = ("auth.log", "secure")
_SHOWN = 100
_HARMLESS = (
    *("wtmp*", "lastlog*", "faillog*", "dpkg.log*", "alternatives.log*", "apt/*", "bootstrap.log", "README"),
    *(
        "fontconfig.log",
        "cloud-init*.log*",
        "installer/*",
        "dnf*.log*",
        "yum.log*",
        "hawkey.log*",
        "kdump.log",
    ),
    *("tuned/*", "anaconda/*", "dist-upgrade/*", "sysstat/*", "sa/*", "ubuntu-advantage*.log*", "Xorg*.log*"),
    *("ubuntu-pro*.log*", "landscape/sysinfo.log*", "boot.log*", "dmesg*", "kdump.log"),
)
"""Below /var/log, what tells nothing about people or failures; everybody may read it."""
_GROUPS = frozenset({"root", "adm", "syslog", "utmp", "systemd-journal"})
_PERIODS = {"hourly": 0, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
_MONTHS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "month": 2629800, "y": 31557600}


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    mode: int
    owner: str
    group: str
    changed: float
    size: int
    path: str


def instant(seconds: float) -> str:
    """Return a time of a file as RFC 3339."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(report: Report) -> list[tuple[float, int, str]]:
    """Return time of change, size and path of the logs of the system and of logins."""
    lines = report.lines("logs-files")
    if "!denied" in lines:
        raise Unread(Reason.NEEDS_ROOT, "/var/log")
    found = []
    for line in lines:
        numbers, _, path = line.partition(":")
        changed, size = numbers.split()
        found.append((float(changed), int(size), path))
    return found


def _tree(report: Report) -> list[_File]:
    found = []
    for line in report.lines("logs-tree"):
        words, _, path = line.partition(":")
        kind, mode, owner, group, changed, size = words.split()
        found.append(_File(kind, int(mode, 8), owner, group, float(changed), int(size), path))
    if not any(one.path == "/var/log" for one in found):
        raise ValueError("/var/log is not in it")
    return found


def _family(path: str) -> str:
    """Return auth.log, secure, syslog or messages for a file or a rotated one, journal, or nothing."""
    if ".journal" in path:
        return "journal"
    name = path.rpartition("/")[2]
    found = re.fullmatch(r"(auth\.log|secure|syslog|messages)([.-][\w.-]*)?", name)
    return found[1] if found else ""


def open_files(report: Report) -> JSON:
    """Return what is more open than the benchmark has it, and audit or login logs of a wrong owner."""
    listed = _tree(report)
    closed = tuple(one.path + "/" for one in listed if one.kind == "d" and not one.mode & 0o001)
    found = []
    for one in listed:
        reached = not one.path.startswith(closed)
        if (reached and _is_open(one)) or _is_foreign(one):
            found.append(f"{one.path} {one.mode:o} {one.owner}:{one.group}")
    return [*sorted(found)[:_SHOWN]]


def _is_open(one: _File) -> bool:
    if one.mode & 0o002 and not (one.kind == "d" and one.mode & 0o1000):
        return True
    if one.kind == "d":
        return one.path == "/var/log/audit" and bool(one.mode & 0o007)
    if one.mode & 0o020 and one.group not in _GROUPS and one.group != one.owner:
        return True
    below = re.sub(r"^/(var|run)/log/", "", one.path)
    return bool(one.mode & 0o004) and not any(fnmatchcase(below, name) for name in _HARMLESS)


def _is_foreign(one: _File) -> bool:
    guarded = one.path.startswith("/var/log/audit") or _family(one.path) not in ("", "journal")
    return guarded and not (one.owner in ("root", "syslog") and one.group in _GROUPS)


def oldest(report: Report) -> JSON:
    """Return the day that logs reach back to at least: when the oldest file was last written."""
    times = [changed for changed, size, path in _files(report) if size and _family(path)]
    heads = [head for _, _, path in _files(report) if (head := _journal_head(path))]
    return instant(min(times + heads)) if times else None


def _journal_head(path: str) -> float:
    # An archived journal is named by the instant of its first entry, in microseconds (journald's naming).
    found = re.search(r"@[0-9a-f]{32}-[0-9a-f]{16}-([0-9a-f]{16})\.journal$", path)
    return int(found[1], 16) / 1e6 if found else 0.0


def system_newest(report: Report) -> JSON:
    """Return when the system log was last written, null where there is none."""
    return _newest(report, _SYSTEM)


def auth_newest(report: Report) -> JSON:
    """Return when the log of logins was last written, null where there is none."""
    return _newest(report, _LOGINS)


def _newest(report: Report, families: tuple[str, ...]) -> JSON:
    wanted = families if running(report) & {"rsyslogd", "syslog-ng", "syslogd"} else (*families, "journal")
    seen = _files(report)
    if "journal" in wanted and not any(_family(path) == "journal" for _, _, path in seen):
        # A journal that lies in memory alone shows to root only.
        seen = [*seen, *((one.changed, one.size, one.path) for one in _tree(report) if one.kind == "f")]
    times = [changed for changed, size, path in seen if size and _family(path) in wanted]
    return instant(max(times)) if times else None


_SERVICES = {
    "nginx": ("/var/log/nginx/",),
    "apache": ("/var/log/apache2/", "/var/log/httpd/"),
    "auditd": ("/var/log/audit/",),
}


def services(report: Report) -> JSON:
    """Return the services whose logs have entries, with the newest one."""
    files = [one for one in _tree(report) if one.kind == "f" and one.size]
    found: list[JSON] = []
    for name, folders in _SERVICES.items():
        times = [one.changed for one in files if one.path.startswith(folders)]
        if times:
            found.append({"name": name, "newest": instant(max(times))})
    return found


def rotation_set(report: Report) -> JSON:
    """Return when the settings for rotation were last changed."""
    times = []
    for line in report.lines("logs-rotation-set"):
        seconds, _, path = line.partition(" ")
        if re.search(r"logrotate\.conf|syslog|journald", path):
            times.append(int(seconds))
    return instant(max(times)) if times else None


def rotation_days(report: Report) -> JSON:
    """Return the fewest days that one of these logs is kept, null where nothing is removed by its age."""
    written = sorted({_family(path) for _, size, path in _files(report) if size} - {"", "journal"})
    if not written or not running(report) & {"rsyslogd", "syslog-ng", "syslogd"}:
        return _journal_days(report)
    rules = rotations(report.files(SECTION))
    days = [found for name in written if (found := _days(f"/var/log/{name}", rules)) is not None]
    return min(days) if days else None


def _days(path: str, rules: list[Rotation]) -> int | None:
    for rule in rules:
        if any(fnmatchcase(path, pattern) for pattern in rule.paths):
            return _kept_days(rule)
    return None


def _kept_days(rule: Rotation) -> int:
    """Return for how many days old files are kept; raise Unread where size decides."""
    period, kept, age = 1, 0, 0
    by_size = False
    for line in rule.settings:
        word, _, value = line.partition(" ")
        if word in _PERIODS:
            period, by_size = _PERIODS[word], False
        elif word == "rotate":
            kept = int(value)
        elif word == "maxage":
            age = int(value)
        elif word in ("size", "maxsize"):
            by_size = True
    if by_size:
        raise Unread(Reason.NOT_UNDERSTOOD, f"the size of {rule.paths[0]} decides when it is rotated")
    if kept < 0:
        return age or 36500
    return min(period * kept, age) if age else period * kept


def _journal_days(report: Report) -> int | None:
    text = journal_setting(report, "MaxRetentionSec")
    total = 0.0
    for number, unit in re.findall(r"(\d+)\s*([a-zA-Z]*)", text):
        total += int(number) * _seconds(unit)
    return int(total // 86400) if total else None


def _seconds(unit: str) -> int:
    # systemd.time(7): a bare number is seconds; "m" is a minute and "M" a month.
    if unit == "M" or unit.startswith("month"):
        return _MONTHS["month"]
    if not unit:
        return 1
    return _MONTHS[unit.lower()[0]]
