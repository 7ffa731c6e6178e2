"""Let nmap look at the ports that answered no question of ours, and read what it says. Pure.

nmap's version detection keeps to no rate: it opens the next connection as soon as a port has closed the one
before. It therefore looks at one port at a time, which was measured to open at most 4 connections in a
second, and it looks only where the limits allow as many.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from xml.etree.ElementTree import Element

from auditor.model.facts import JSON, Facts
from scanners.base import Limits
from scanners.nmap_engine import NmapOutputError, delay_milliseconds, document, host_of, tcp_ports
from scanners.services.answers import TEXT_CHARACTERS
from scanners.services.scripts import ALLOWED, SMB_SCRIPTS, ScriptOutput, read_scripts

UNNAMED = frozenset({"", "unknown", "tcpwrapped"})
_PROBED = "probed"
_VERSION_INTENSITY = 2
BURST_CONNECTIONS = 4
"""The most connections that one look opens in a second."""
_CPE_NAMES = 20
_TLS_NAMES = {
    "https": "http",
    "imaps": "imap",
    "pop3s": "pop3",
    "smtps": "smtp",
    "ldaps": "ldap",
    "ftps": "ftp",
}
_VARIANTS = {"http-proxy": "http", "http-alt": "http", "submission": "smtp"}


def arguments(address: str, limits: Limits) -> str:
    """Return nmap's options: fixed words and numbers of ours, never a text from outside."""
    # The first look follows upon the last knock.
    delay = delay_milliseconds(max(1.0, limits.connections_per_second - 1))
    options = [
        "-n -Pn -sT -T3 --noninteractive",
        f"--scan-delay {delay}ms --max-scan-delay {delay}ms --max-retries 2",
        "--max-parallelism 1",
        f"--host-timeout {max(1, int(limits.timeout_seconds))}s",
        f"-sV --version-intensity {_VERSION_INTENSITY}",
        f"--script {','.join(ALLOWED)}",
        "--script-args ldap.maxobjects=1",
    ]
    if ip_address(address).version == 6:
        options.append("-6")
    return " ".join(options)


def parse(xml: bytes, address: str) -> Mapping[int, Facts]:
    """Return what nmap identified, by port; raise NmapOutputError for a broken document or another host."""
    host = host_of(document(xml), address)
    if host is None or host.get("timedout") == "true":
        raise NmapOutputError("nmap did not finish with this address")
    opened = [(number, port) for number, state, port in tcp_ports(host) if state == "open"]
    smb = next((number for number in (445, 139) if number in dict(opened)), 0)
    of_host = {one.get("id", ""): one.get("output", "") for one in host.iterfind("./hostscript/script")}
    return {number: _service(port, of_host if number == smb else {}) for number, port in opened}


def _service(port: Element, of_host: ScriptOutput) -> Facts:
    found = service_of(port)
    if "service.name" not in found:
        return found
    return {
        **found,
        **read_scripts({one.get("id", ""): one.get("output", "") for one in port.iterfind("./script")}),
        **read_scripts({name: output for name, output in of_host.items() if name in SMB_SCRIPTS}),
    }


def service_of(port: Element) -> Facts:
    """Return what version detection itself says of a port; nothing, or TLS alone, where it named nothing."""
    service = port.find("./service")
    found: Element = service if service is not None else Element("service")
    name = found.get("name", "")
    if found.get("method") != _PROBED or name in UNNAMED:
        return {"service.tls": True} if found.get("tunnel") == "ssl" else {}
    cpe: list[JSON] = [one.text[:TEXT_CHARACTERS] for one in found.iterfind("./cpe") if one.text]
    return {
        "service.name": _canonical(name)[:TEXT_CHARACTERS],
        "service.product": _text(found, "product"),
        "service.version": _text(found, "version"),
        "service.cpe": cpe[:_CPE_NAMES],
        "service.tls": found.get("tunnel") == "ssl" or name in _TLS_NAMES,
    }


def _canonical(name: str) -> str:
    """Give a protocol one name, whether nmap met it plain, inside TLS, or on a variant port."""
    base = _TLS_NAMES.get(name, name)
    return _VARIANTS.get(base, base)


def _text(service: Element, key: str) -> str | None:
    value = service.get(key)
    return value[:TEXT_CHARACTERS] if value else None
