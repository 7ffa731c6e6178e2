"""Read which system a host runs. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report, State

_FAMILIES = {
    "debian": frozenset({"debian", "ubuntu"}),
    "rhel": frozenset({"rhel", "centos", "rocky", "almalinux", "ol", "fedora"}),
}


def os_release(report: Report) -> dict[str, str]:
    """Return the assignments of os-release (freedesktop.org, os-release(5)), or what CentOS 6 has instead."""
    text = report.optional("os-release")
    if text is None:
        return _before_os_release(report.text("centos-release"))
    return dict(_assignment(line) for line in text.splitlines() if re.match(r"[A-Z_]+=", line))


def _assignment(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name, value.strip().strip("\"'")


def _before_os_release(text: str) -> dict[str, str]:
    version = re.search(r"release (\d+(?:\.\d+)?)", text)
    if version is None:
        raise ValueError("no release in it")
    return {"ID": "centos", "VERSION_ID": version[1], "PRETTY_NAME": text.strip(), "ID_LIKE": "rhel fedora"}


def family(report: Report) -> str:
    """Return debian, rhel or other: who packages the software."""
    release = os_release(report)
    named = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return next((name for name, ids in _FAMILIES.items() if named & ids), "other")


def _clock(report: Report) -> JSON:
    text = report.text("clock").strip()
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    return text


def _root(report: Report) -> JSON:
    section = report.sections.get("as-root")
    return section is not None and section.state is State.RAN and section.exit_code == 0


def _installed_at(report: Report) -> JSON:
    seconds = int(report.text("installed").strip() or 0)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else None


def _virtual(report: Report) -> JSON:
    kind = report.text("virtual").strip()
    return None if kind in ("none", "") else kind


def _line(name: str) -> Reader:
    return lambda report: report.text(name).strip()


READERS: dict[str, Reader] = {
    "host.os_id": lambda report: os_release(report)["ID"],
    "host.os_version": lambda report: os_release(report).get("VERSION_ID", ""),
    "host.os_name": lambda report: os_release(report)["PRETTY_NAME"],
    "host.os_family": family,
    "host.kernel": lambda report: report.text("kernel").split()[1],
    "host.hostname": _line("hostname"),
    "host.account": _line("account"),
    "host.clock": _clock,
    "host.root": _root,
    "host.virtual": _virtual,
    "host.installed_at": _installed_at,
    "host.software": lambda report: [*sorted(set(report.lines("software")))],
}
