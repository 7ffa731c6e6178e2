"""Read which programs open a screen or a tunnel to this host, and who comes in through a VPN. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_SERVER = re.compile(r"(server|server-bridge|mode server)\b")


def _tools(report: Report) -> JSON:
    lines = report.lines("remote-tools")
    if "processes seen" not in lines:
        raise Unread(Reason.NEEDS_ROOT, "processes of other accounts")
    return [*sorted({line.partition(" ")[2] for line in lines if line != "processes seen"})]


def _told(report: Report, word: str) -> list[str]:
    return [rest for name, _, rest in (line.partition(" ") for line in report.lines("vpn")) if name == word]


def _openvpn(report: Report) -> dict[str, list[str]]:
    """Return file → directives of the OpenVPN servers."""
    if "vpn-openvpn" not in report.sections:
        return {}
    files: dict[str, list[str]] = {}
    for line in report.optional_lines("vpn-openvpn"):
        path, _, directive = line.partition(":")
        files.setdefault(path, []).append(directive.strip())
    return {path: told for path, told in files.items() if any(_SERVER.match(one) for one in told)}


def _vpn(report: Report) -> JSON:
    """Return the ways in by VPN: WireGuard interfaces, OpenVPN servers, and other VPN programs that run."""
    others = [one for one in _told(report, "runs") if one != "openvpn"]
    return [
        *(f"wireguard {name}" for name in _told(report, "wireguard")),
        *(f"openvpn {path}" for path in sorted(_openvpn(report))),
        *sorted(others),
    ]


def _shared(report: Report) -> JSON:
    """Return settings by which several people may come in as one."""
    _only_known(report)
    found = []
    for path, told in sorted(_openvpn(report).items()):
        by_name = any(one.startswith(("auth-user-pass-verify", "plugin")) for one in told)
        for directive in told:
            without = re.match(r"client-cert-not-required|verify-client-cert\s+(none|optional)", directive)
            if directive == "duplicate-cn" or (without and not by_name):
                found.append(f"{directive} ({path})")
    return [*found]


def _only_known(report: Report) -> None:
    others = [one for one in _told(report, "runs") if one != "openvpn"]
    if others:
        raise Unread(Reason.NOT_UNDERSTOOD, f"who comes in through {others[0]}")


def _peers(report: Report) -> JSON:
    """Return the peers of WireGuard with the days since each was last here; without any, since the start."""
    _only_known(report)
    if _openvpn(report):
        raise Unread(Reason.NOT_UNDERSTOOD, "OpenVPN keeps no record of when each certificate was last used")
    if not _told(report, "wireguard"):
        return []
    networks = _by_peer(report, "vpn-networks")
    now = datetime.strptime(report.text("clock").strip(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    up = timedelta(seconds=int(_told(report, "up")[0]))
    return [
        {
            "interface": interface,
            "peer": peer[:10],
            "networks": networks.get((interface, peer), ""),
            "idle_days": _idle(now, int(seconds), up).days,
        }
        for (interface, peer), seconds in _by_peer(report, "vpn-wireguard").items()
    ]


def _idle(now: datetime, seconds: int, up: timedelta) -> timedelta:
    return now - datetime.fromtimestamp(seconds, UTC) if seconds else up


def _by_peer(report: Report, name: str) -> dict[tuple[str, str], str]:
    """Return interface and public key → the rest of the line (wg(8), show all)."""
    section = report.section(name)
    if section.state is State.ABSENT or section.exit_code != 0:
        raise Unread(Reason.TOOL_MISSING, "wg")
    rows = [line.split(None, 2) for line in report.lines(name)]
    return {(interface, peer): rest for interface, peer, rest in rows}


READERS: dict[str, Reader] = {
    "host.remote_tools": _tools,
    "host.vpn": _vpn,
    "host.vpn_shared": _shared,
    "host.vpn_peers": _peers,
}
