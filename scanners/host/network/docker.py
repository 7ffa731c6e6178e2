"""Read on which addresses the Docker daemon takes orders without asking for a certificate. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.network.listening import listening
from scanners.host.report import Reason, Report, Unread

_DAEMONS = frozenset({"dockerd", "docker", "docker-current", "dockerd-curren", "dockerd-current"})
_API = frozenset({2375, 2376})
_OTHERS = frozenset({2377, 7946, 9323})
"""Ports of the daemon that take no orders from clients: swarm and metrics."""


def _open_addresses(report: Report) -> JSON:
    lines = report.optional_lines("docker-options")
    denied = [line for line in lines if line.startswith("denied ")]
    if denied:
        raise Unread(Reason.NEEDS_ROOT, denied[0].removeprefix("denied "))
    if _asks_certificate(lines):
        return []
    told = {value for line in lines for value in re.findall(r"tcp://[^\s\"',\]]*", line)}
    return [*sorted(told | _listening(report))]


def _asks_certificate(lines: list[str]) -> bool:
    on_command_line = any(re.fullmatch(r"option --tlsverify(=true|=1)?", line) for line in lines)
    return on_command_line or any(re.search(r'"tlsverify" *: *true', line) for line in lines)


def _listening(report: Report) -> set[str]:
    """Return where a daemon listens, also one whose socket systemd holds or whose program is not shown."""
    return {
        f"tcp://{one.address}:{one.port}"
        for one in listening(report)
        if one.protocol == "tcp"
        and one.port not in _OTHERS
        and (one.program in _DAEMONS or (one.program in ("systemd", None) and one.port in _API))
    }


READERS: dict[str, Reader] = {"host.docker_open_addresses": _open_addresses}
