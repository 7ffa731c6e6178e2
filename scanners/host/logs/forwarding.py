"""Read where logs are sent, and whether they arrive. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.logs.running import running, those_of
from scanners.host.logs.syslog import rsyslog_text, syslog_ng_text
from scanners.host.report import Report

_SHIPPERS = (
    *("filebeat", "elastic-agent", "fluent-bit", "fluentd", "td-agent", "promtail", "alloy", "vector"),
    *("wazuh-agentd", "wazuh-logcollector", "ossec-agentd", "splunkd", "nxlog"),
)
_OWN = frozenset({"localhost", "127.0.0.1", "::1", "ip6-localhost", "0.0.0.0"})
_LEGACY = re.compile(
    r"^[^#\n$]*?[\s;](@@?)(?:\([^)\n]*\))?(\[[^\]\n]+\]|[A-Za-z0-9._-]+)(?::(\d+))?", re.MULTILINE
)
_ACTION = re.compile(r"\baction\s*\((.*?)\)", re.DOTALL | re.IGNORECASE)
_PARAMETER = re.compile(r"([\w.]+)\s*=\s*\"([^\"]*)\"")
_NG_DESTINATION = re.compile(r"\bdestination\s+([\w-]+)\s*\{(.*?)\}\s*;", re.DOTALL)
_NG_DRIVER = re.compile(
    r"\b(network|syslog|tcp6?|udp6?)\s*\(\s*\"?([A-Za-z0-9._:-]+)\"?((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)"
)


@dataclass(frozen=True, slots=True)
class _Target:
    host: str
    port: int
    protocol: str
    encrypted: bool


def shippers(report: Report) -> JSON:
    """Return the agents that run and send logs."""
    return [*those_of(report, _SHIPPERS)]


def targets(report: Report) -> JSON:
    """Return the other machines that a running syslog sends to; none where no syslog runs."""
    names = running(report)
    found: list[_Target] = []
    if "rsyslogd" in names:
        found += _of_rsyslog(rsyslog_text(report))
    if "syslog-ng" in names:
        found += _of_syslog_ng(syslog_ng_text(report))
    tunnelled = bool(names & {"stunnel", "stunnel4"})
    shown: list[JSON] = []
    for one in dict.fromkeys(found):
        if one.host not in _OWN:
            shown.append(_record(report, one))
        elif tunnelled:
            # A tunnel on this machine takes what is sent to it elsewhere.
            shown.append(_record(report, _Target(one.host, one.port, one.protocol, True)))
    return shown


def _of_rsyslog(text: str) -> list[_Target]:
    driver = re.search(r"^\s*\$ActionSendStreamDriverMode\s+1", text, re.MULTILINE) is not None
    actions = _ACTION.findall(text)
    legacy = [
        _Target(host.strip("[]"), int(port or 514), "tcp" if sign == "@@" else "udp", driver and sign == "@@")
        for sign, host, port in _LEGACY.findall(_ACTION.sub("", text))
    ]
    return [*legacy, *(one for action in actions if (one := _of_action(action)) is not None)]


def _of_action(action: str) -> _Target | None:
    given = {name.lower(): value for name, value in _PARAMETER.findall(action)}
    kind, host = given.get("type", "").lower(), given.get("target", "")
    if kind not in ("omfwd", "omrelp") or not host:
        return None
    if kind == "omrelp":
        return _Target(host, int(given.get("port", 514)), "relp", given.get("tls", "").lower() == "on")
    protocol = given.get("protocol", "udp").lower()
    encrypted = protocol == "tcp" and given.get("streamdrivermode") == "1"
    return _Target(host, int(given.get("port", 514)), protocol, encrypted)


def _of_syslog_ng(text: str) -> list[_Target]:
    used = set(re.findall(r"\bdestination\s*\(\s*([\w-]+)\s*\)", text))
    found = []
    for name, body in _NG_DESTINATION.findall(text):
        for driver, host, rest in _NG_DRIVER.findall(body) if name in used else ():
            transport = re.search(r"transport\(\s*\"?([\w-]+)", rest)
            protocol = transport[1] if transport else driver.rstrip("6").replace("network", "tcp")
            port = re.search(r"port\(\s*\"?(\d+)", rest)
            encrypted = protocol.endswith("tls")
            usual = 6514 if encrypted else 601 if driver == "syslog" else 514
            found.append(_Target(host, int(port[1]) if port else usual, protocol, encrypted))
    return found


def _record(report: Report, target: _Target) -> JSON:
    address = _address(report, target.host)
    return {
        "host": target.host,
        "port": target.port,
        "protocol": target.protocol,
        "encrypted": target.encrypted,
        "crosses": address is None or not _attached(report, address),
        "connected": None if target.protocol.startswith("udp") else _connected(report, address, target.port),
    }


def _address(report: Report, host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address of a target, None for a name that the hosts file does not know."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    for line in "\n".join(report.files("logs-hosts").values()).splitlines():
        words = line.partition("#")[0].split()
        if host in words[1:]:
            return ipaddress.ip_address(words[0])
    return None


def _attached(report: Report, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Return whether an address is on a network that this machine is attached to."""
    if address.is_loopback or (isinstance(address, ipaddress.IPv6Address) and address.is_link_local):
        return True
    return any(address in network for network in _networks(report))


def _networks(report: Report) -> list[ipaddress.IPv4Network]:
    """Return the networks that are reached without a gateway, from /proc/net/route (proc(5))."""
    found = []
    for line in report.optional_lines("logs-routes")[1:]:
        _, destination, gateway, *rest = line.split()
        mask = rest[4]
        if int(gateway, 16) == 0 and int(mask, 16):
            # The file is in the machine's own byte order; a mask tells it by where its ones begin.
            step = -1 if mask.endswith("FF") else 1
            first, ones = bytes.fromhex(destination)[::step], bytes.fromhex(mask)[::step]
            found.append(
                ipaddress.IPv4Network((int.from_bytes(first), int.from_bytes(ones).bit_count()), strict=False)
            )
    return found


def _connected(
    report: Report, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None, port: int
) -> bool:
    """Return whether a connection to this port stands, and to this address where it is known."""
    wanted = f":{port:04X}"
    ends = [line.upper() for line in report.lines("logs-connections") if line.upper().endswith(wanted)]
    if not isinstance(address, ipaddress.IPv4Address):
        return bool(ends)
    reverse, straight = address.packed[::-1].hex().upper(), address.packed.hex().upper()
    return any(end[:-5].endswith((reverse, straight)) for end in ends)
