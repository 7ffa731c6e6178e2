"""Read which service sets the clock, from where and how well. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.logs.running import those_of
from scanners.host.logs.syslog import in_order
from scanners.host.report import Reason, Report, Unread

_SERVICES = ("chronyd", "ntpd", "systemd-timesyncd", "ptp4l")
_CHRONY = re.compile(r"^/etc/chrony|^/run/chrony")
_NTP = re.compile(r"^/etc/(ntp\.conf|ntpsec/|openntpd/|ntpd\.conf)")
_INCLUDES = re.compile(r"^\s*(?:confdir|sourcedir|include|includefile)\s+(\S+)", re.MULTILINE)
_READ = re.compile(
    r"/etc/chrony/(conf\.d|sources\.d)/?|/run/chrony(-dhcp|\.d)/?|/etc/chrony\.d(/\*\.conf)?/?|/etc/ntpsec/ntp\.d/?.*"
)
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "min": 60_000.0}


def services(report: Report) -> JSON:
    """Return the time services that run."""
    return [*those_of(report, _SERVICES)]


def synchronised(report: Report) -> JSON:
    """Return whether one that runs follows a source."""
    found = those_of(report, _SERVICES)
    readers = {"chronyd": _chrony_follows, "ntpd": _ntp_follows, "systemd-timesyncd": _timesync_follows}
    if found == ["ptp4l"]:
        raise Unread(Reason.TOOL_MISSING, "ptp4l tells its state to root alone")
    return any(readers[name](report) for name in found if name in readers)


def _chrony(report: Report) -> str:
    text = report.text("logs-chrony")
    if "Leap status" not in text:
        raise Unread(Reason.NOT_UNDERSTOOD, "chronyc did not reach chronyd")
    return text


def _chrony_follows(report: Report) -> bool:
    text = _chrony(report)
    # 7F7F0101 is chronyd's name for its own clock.
    return re.search(r"^Leap status\s*: (Normal|Insert|Delete)", text, re.MULTILINE) is not None and (
        re.search(r"^Reference ID\s*: (7F7F0101|127\.127\.1\.1|00000000)", text, re.MULTILINE) is None
    )


def _peers(report: Report) -> list[str]:
    lines = report.text("logs-ntp").splitlines()
    if not any(line.startswith("====") for line in lines):
        raise Unread(Reason.NOT_UNDERSTOOD, "ntpq did not reach ntpd")
    return [line for line in lines if line.startswith(("*", "o")) and ".LOCL." not in line]


def _ntp_follows(report: Report) -> bool:
    return bool(_peers(report))


def _timesync_follows(report: Report) -> bool:
    text = report.text("logs-timesync")
    if re.search(r"^synchronized$|synchronized: yes", text, re.MULTILINE):
        return True
    if re.search(r"synchronized: no|Packet count: 0", text):
        return False
    raise Unread(Reason.TOOL_MISSING, "systemd-timesyncd does not tell")


def offset_milliseconds(report: Report) -> JSON:
    """Return the distance from the source that is followed, null where none is or it does not tell."""
    found = those_of(report, _SERVICES)
    if "chronyd" in found:
        if not _chrony_follows(report):
            return None
        told = re.search(r"^System time\s*: ([\d.]+) seconds", _chrony(report), re.MULTILINE)
        return None if told is None else round(float(told[1]) * 1000)
    if "ntpd" in found:
        return next((round(abs(float(line.split()[8]))) for line in _peers(report)), None)
    if "systemd-timesyncd" in found:
        parts = re.search(r"Offset: [+-]?((?:[\d.]+(?:us|ms|s|min)\s?)+)", report.text("logs-timesync"))
        pairs = re.findall(r"([\d.]+)(us|ms|min|s)", parts[1]) if parts else []
        return round(sum(float(number) * _MILLISECONDS[unit] for number, unit in pairs)) if pairs else None
    return None


def servers(report: Report) -> JSON:
    """Return the sources that the running services are told to follow."""
    found = those_of(report, _SERVICES)
    files = report.files("logs-time-settings")
    names: set[str] = set()
    if "chronyd" in found:
        names |= _named(files, _CHRONY)
    if "ntpd" in found:
        names |= _named(files, _NTP)
    if "systemd-timesyncd" in found:
        names |= _timesync_servers(report, files)
    return [*sorted(names)]


def _named(files: dict[str, str], wanted: re.Pattern[str]) -> set[str]:
    text = "\n".join(text for path, text in files.items() if wanted.match(path))
    for places in _INCLUDES.findall(text):
        if not _READ.fullmatch(places):
            raise Unread(Reason.NOT_UNDERSTOOD, f"settings of the time service include {places}")
    found = re.findall(r"^\s*(?:server|servers|pool|peer)\s+(?:-[46]\s+)?(\S+)", text, re.MULTILINE)
    clocks = re.findall(r"^\s*refclock\s+(\S+)", text, re.MULTILINE)
    # 127.127.1.x is ntpd's name for the machine's own clock.
    sources = {name for name in found if not name.startswith("127.127.1.")}
    return sources | {f"refclock {one}" for one in clocks}


def _timesync_servers(report: Report, files: dict[str, str]) -> set[str]:
    texts = in_order(files, "timesyncd.conf")
    names = _assigned(texts, "NTP") or _assigned(texts, "FallbackNTP")
    if not names:
        # The file that is shipped names the built-in servers in a comment.
        names = re.findall(r"^#FallbackNTP=(.*)$", "\n".join(texts), re.MULTILINE)[:1]
        names = names[0].split() if names else []
    followed = re.search(r"Server: \S+ \(([^)]+)\)", report.text("logs-timesync"))
    found = {*names, *([followed[1]] if followed else [])}
    if not found:
        raise Unread(Reason.NOT_UNDERSTOOD, "the built-in time servers are not named")
    return found


def _assigned(texts: list[str], name: str) -> list[str]:
    found: list[str] = []
    for value in re.findall(rf"^\s*{name}\s*=(.*)$", "\n".join(texts), re.MULTILINE):
        # systemd: an empty value takes back what was said before.
        found = [*found, *value.split()] if value.strip() else []
    return found


def zone(report: Report) -> JSON:
    """Return the name of the time zone."""
    text = report.text("logs-zone")
    linked = re.search(r"zoneinfo/(?:posix/|right/)?(\S+)", text.splitlines()[0] if text.strip() else "")
    named = re.search(r"^(?:ZONE=)?\"?([A-Z][\w+-]*(?:/[\w+-]+)*)\"?$", text, re.MULTILINE)
    found = linked or named
    if found is None:
        raise ValueError("no time zone in it")
    return found[1]
