"""Read which security updates wait, how old the host's knowledge of them is, and who installs them. Pure."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from auditor.model.facts import JSON
from scanners.host.packages.installed import every_package, is_rpm
from scanners.host.packages.sources import enabled_repositories
from scanners.host.packages.versions import is_newer
from scanners.host.report import Reason, Report, State, Unread

_LTS_MONTHS = 62
"""Months after its release in which an LTS of Ubuntu gets updates without subscription, rounded up."""
_FALSE = ("", "0", "false", "no", "off", "never", "disable")


@dataclass(frozen=True, slots=True)
class _Release:
    """One suite of security updates: its file and when it was published."""

    file: str
    published: datetime


def lists_at(report: Report) -> JSON:
    """Return how old the knowledge of security updates is: the oldest of the sources that count."""
    if is_rpm(report):
        times = [*_rpm_times(report).values()]
        if not times and report.lines("rpm-caches"):
            raise Unread(Reason.NOT_UNDERSTOOD, "the repositories do not name their security updates")
        return _text(min(times)) if times else None
    counted = [one.published for one in _counting(report)]
    return _text(min(counted)) if counted else None


def _releases(report: Report) -> list[_Release]:
    found: dict[str, _Release] = {}
    file = ""
    for line in report.lines("deb-releases"):
        key, _, value = line.partition(": ")
        if key == "file":
            file = value
        elif key == "Date" and file:
            # An InRelease and a Release with its signature are the same; the later word counts.
            stem = re.sub(r"_(In)?Release$", "", file)
            found[stem] = _Release(stem, parsedate_to_datetime(value).astimezone(UTC))
    return list(found.values())


def _counting(report: Report) -> list[_Release]:
    """Return the suites that updates really come from.

    When the free support of a release ends, its own suite stands still and the extended one goes on: then the
    extended one alone counts. Before that its freshness says nothing about a mirror that stands still.
    """
    releases = _releases(report)
    own = [one for one in releases if not re.search(r"-(infra|apps)-security$|freexian", one.file)]
    extended = [one for one in releases if re.search(r"-infra-security$|freexian", one.file)]
    if extended and (not own or _free_support_is_over(report) or "freexian" in extended[0].file):
        return extended
    return own


def _free_support_is_over(report: Report) -> bool:
    release = dict(re.findall(r'^(ID|VERSION_ID)="?([^"\n]*)"?$', report.text("os-release"), re.MULTILINE))
    version = re.fullmatch(r"(\d\d)\.(\d\d)", release.get("VERSION_ID", ""))
    if release.get("ID") != "ubuntu" or version is None:
        return False
    clock = clock_of(report)
    months = (clock.year - 2000 - int(version[1])) * 12 + clock.month - int(version[2])
    return months > _LTS_MONTHS


def clock_of(report: Report) -> datetime:
    """Return the host's own time."""
    return datetime.strptime(report.text("clock").strip(), "%Y-%m-%dT%H:%M:%S%z")


def _rpm_times(report: Report) -> dict[str, datetime]:
    """Return repository → when it was last confirmed, of the enabled ones that name security updates."""
    rows = [line.split("|", 2) for line in report.lines("rpm-caches")]
    if any(kind == "denied" for kind, *_ in rows):
        raise Unread(Reason.NEEDS_ROOT, "/var/cache/dnf")
    enabled = enabled_repositories(report)
    naming = {folder for kind, _, folder in rows if kind == "advisories"}
    found: dict[str, int] = {}
    for kind, at, folder in rows:
        name = repository_of(folder)
        if folder in naming and name in enabled and kind in ("refreshed", "published"):
            found[name] = max(found.get(name, 0), int(at))
    return {name: datetime.fromtimestamp(at, UTC) for name, at in found.items()}


def repository_of(folder: str) -> str:
    """Return the id of the repository whose cache a folder is: baseos of …/baseos-0123456789abcdef."""
    return re.sub(r"-[0-9a-f]{16}$", "", folder.removesuffix("/repodata").rpartition("/")[2])


def pending(report: Report) -> JSON:
    """Return the installed packages with a security update in the lists; raise Unread without lists."""
    if is_rpm(report):
        return [*_rpm_pending(report)]
    if not _counting(report):
        raise Unread(Reason.NOT_UNDERSTOOD, "no lists of security updates")
    since = _counted_from(report)
    return [*_deb_pending(report, since)]


def _deb_pending(report: Report, since: str | None) -> Iterator[JSON]:
    offered: dict[tuple[str, str], str] = {}
    lines = report.lines("deb-candidates")
    if any(line.startswith("unread|") for line in lines):
        raise Unread(Reason.TOOL_MISSING, "a list of security updates is not there, or cannot be unpacked")
    for line in lines:
        name, version, architecture, _ = line.split("|", 3)
        for key in ((name, architecture), (name, "")):
            if key not in offered or is_newer(version, offered[key]):
                offered[key] = version
    for one in every_package(report):
        # A package may change between `all` and the machine's own architecture; others are another machine's.
        version = offered.get((one.name, one.architecture)) or offered.get((one.name, "all"), "")
        if version and is_newer(version, one.version):
            yield _waiting(one.name, one.version, version, None, since)


def _waiting(name: str, installed: str, available: str, severity: str | None, since: str | None) -> JSON:
    return {
        "package": name,
        "installed": installed,
        "available": available,
        "severity": severity,
        "since": since,
    }


def _counted_from(report: Report) -> str | None:
    """Return since when waiting is counted where the lists name no day."""
    done = _upgrades(report)
    if done:
        return _text(done)
    seconds = int((report.optional("installed") or "0").strip() or 0)
    return _text(datetime.fromtimestamp(seconds, UTC)) if seconds > 0 else None


def _rpm_pending(report: Report) -> Iterator[JSON]:
    rows = [line.split("|") for line in report.lines("rpm-advisories")]
    if any(row[0] == "unread" for row in rows):
        raise Unread(Reason.TOOL_MISSING, "a program that unpacks the advisories")
    if not _rpm_times(report):
        raise Unread(Reason.NOT_UNDERSTOOD, "the repositories do not name their security updates")
    newest: dict[tuple[str, str], str] = {}
    for one in every_package(report):
        key = (one.name, one.architecture)
        if key not in newest or is_newer(one.version, newest[key], rpm=True):
            newest[key] = one.version
    waiting: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for issued, severity, key, version in _updates(rows, report):
        if key in newest and is_newer(version, newest[key], rpm=True):
            waiting[key].append((issued, severity, version))
    for (name, architecture), updates in sorted(waiting.items()):
        latest = updates[0][2]
        for _, _, version in updates:
            latest = version if is_newer(version, latest, rpm=True) else latest
        # The longest wait of the worst kind decides.
        critical = [issued for issued, severity, _ in updates if severity == "critical"]
        issued = min(critical or [issued for issued, _, _ in updates])
        worst = "critical" if critical else updates[0][1] or None
        yield _waiting(
            name, newest[name, architecture], latest, worst, f"{issued}T00:00:00Z" if issued else None
        )


def _updates(rows: Iterable[list[str]], report: Report) -> Iterator[tuple[str, str, tuple[str, str], str]]:
    enabled, streams = enabled_repositories(report), _streams(report)
    counts = False
    for row in rows:
        if row[0] == "repository":
            counts = repository_of(row[1]) in enabled
        elif row[0] == "update" and counts:
            _, _, issued, severity, module, name, version, architecture = row
            # An advisory for another stream of a module (php:8.2 where php:8.0 is enabled) is no update.
            if not module or module in streams:
                yield _day(issued), severity.lower(), (name, architecture), version


def _day(text: str) -> str:
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ""


def _streams(report: Report) -> set[str]:
    found: set[str] = set()
    for text in report.files("dnf-modules").values():
        name, stream = (
            re.search(r"^\[(.+)\]", text, re.M),
            re.search(r"^stream *= *\"?([^\"\s]+)", text, re.M),
        )
        if name and stream and re.search(r"^state *= *enabled", text, re.M):
            found.add(f"{name[1]}:{stream[1]}")
    return found


def upgraded_at(report: Report) -> JSON:
    """Return the last complete upgrade in apt's history; Unread for rpm, whose history is a database."""
    if is_rpm(report):
        raise Unread(
            Reason.NOT_UNDERSTOOD, "dnf keeps its history in a database; advisories have days of their own"
        )
    done = _upgrades(report)
    return _text(done) if done else None


def _upgrades(report: Report) -> datetime | None:
    lines = report.lines("deb-history")
    found = [datetime.fromisoformat(f"{line}+00:00") for line in lines if line != "denied"]
    if not found and "denied" in lines:
        raise Unread(Reason.NEEDS_ROOT, "/var/log/apt/history.log")
    return max(found) if found else None


def automatic(report: Report) -> JSON:
    """Return whether the system itself installs security updates: settings, and the timer that runs."""
    units = report.lines("upgrade-units")
    enabled = {line.removeprefix("enabled ") for line in units if line.startswith("enabled ")}
    if is_rpm(report):
        return _automatic_rpm(report, enabled)
    return _automatic_deb(report, enabled, "systemd" in units)


def _automatic_deb(report: Report, enabled: set[str], systemd: bool) -> bool:
    settings = report.section("apt-settings").text
    runs = {"apt-daily-upgrade.timer"} <= enabled if systemd else "cron.daily/apt" in enabled
    if not runs and not systemd:
        # Where no systemd runs, as in a container, the timer may still be what the system starts with.
        runs = "apt-daily-upgrade.timer" in enabled
    installed_here = any(one.name == "unattended-upgrades" for one in every_package(report))
    wanted = all(
        _setting(settings, f"APT::Periodic::{name}") not in _FALSE
        for name in ("Unattended-Upgrade", "Update-Package-Lists")
    )
    on = _setting(settings, "APT::Periodic::Enable") not in _FALSE[1:]
    origins = re.findall(
        r'^Unattended-Upgrade::(?:Allowed-Origins|Origins-Pattern)::\S* "(.*)";', settings, re.M
    )
    return runs and installed_here and wanted and on and any("ecurity" in one for one in origins)


def _setting(settings: str, name: str) -> str:
    found = re.findall(rf'^{re.escape(name)} "(.*)";', settings, re.MULTILINE)
    return found[-1].lower() if found else ""


def _automatic_rpm(report: Report, enabled: set[str]) -> bool:
    if "dnf-automatic-install.timer" in enabled:
        return True
    if not enabled & {"dnf-automatic.timer", "dnf5-automatic.timer", "yum-cron.service"}:
        return False
    files = report.files("dnf-automatic")
    return any(
        re.search(r"^apply_updates *= *(yes|true|1)\s*$", text, re.MULTILINE | re.IGNORECASE)
        or (path.endswith("sysconfig/yum-cron") and not re.search(r"^(CHECK|DOWNLOAD)_ONLY=yes", text, re.M))
        for path, text in files.items()
    )


def jobs(report: Report) -> JSON:
    """Return the files of scheduled jobs that upgrade packages."""
    return [line.removeprefix("job ") for line in report.lines("upgrade-units") if line.startswith("job ")]


def kernel_installed(report: Report) -> JSON:
    """Return the newest kernel in /boot of the running one's flavour."""
    newest = _newest_kernel(report)
    return newest[0] if newest else None


def restart_pending_since(report: Report) -> JSON:
    """Return since when a restart is asked for, or a newer kernel than the running one lies in /boot."""
    rows = [line.split("|", 2) for line in report.lines("packages-restart")]
    since = [int(at) for kind, at, _ in rows if kind == "required"]
    newest, running = _newest_kernel(report), _running(report)
    if newest and newest[0] != running and is_newer(newest[0], running, rpm=True):
        since.append(newest[1])
    return _text(datetime.fromtimestamp(min(since), UTC)) if since else None


def _running(report: Report) -> str:
    return report.text("kernel").split()[1]


def _newest_kernel(report: Report) -> tuple[str, int] | None:
    """Return name and age of the newest kernel of the running one's flavour: generic, amd64, el9.x86_64."""
    flavour = _flavour(_running(report))
    newest: tuple[str, int] | None = None
    for line in report.lines("packages-restart"):
        kind, at, path = line.split("|", 2)
        name = path.rpartition("/vmlinuz-")[2]
        if kind != "kernel" or "rescue" in name or _flavour(name) != flavour:
            continue
        if newest is None or is_newer(name, newest[0], rpm=True):
            newest = (name, int(at))
    return newest


def _flavour(name: str) -> str:
    return "".join(re.findall(r"[a-z]+", re.sub(r"^[0-9][0-9.]*(-[0-9.]+)*", "", name)))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def extension(report: Report) -> JSON:
    """Return which extended support the host proves."""
    if any("freexian" in one.file for one in _proving(report)):
        return "debian-elts"
    text = report.optional("ubuntu-pro")
    status = json.loads(text) if text else {}
    if status.get("attached") is True and any(
        one.get("name") == "esm-infra" and one.get("status") == "enabled"
        for one in status.get("services", ())
    ):
        return "ubuntu-esm"
    return None


def _proving(report: Report) -> list[_Release]:
    return [] if report.section("deb-releases").state is State.ABSENT else _releases(report)
