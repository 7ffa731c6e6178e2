"""Read nmap's XML into facts about one address and each of its open ports. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as ElementTree
from defusedxml.common import DefusedXmlException

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import JSON, Facts
from scanners.ports.scripts import SMB_SCRIPTS, ScriptOutput, read_scripts

_PROBED = "probed"
_UNNAMED = frozenset({"", "unknown", "tcpwrapped"})
_PORT = re.compile("[1-9][0-9]{0,4}")
_TEXT_CHARACTERS = 300
_CPE_NAMES = 20


class NmapOutputError(ValueError):
    """The bytes are not a whole nmap XML document."""


@dataclass(frozen=True, slots=True)
class PortScan:
    """One address as nmap saw it: facts, or why there are none."""

    facts: Facts
    failure: Failure | None


def parse(xml: bytes, address: str) -> PortScan:
    """Return the facts of the host `address`; raise NmapOutputError for a broken document."""
    root = _document(xml)
    host = _host(root, address)
    if host is None:
        return PortScan({}, Failure(FailureKind.TOOL_FAILED, _exit_message(root)))
    if host.get("timedout") == "true":
        return PortScan({}, Failure(FailureKind.TIMEOUT, "the time for this host ran out"))
    ports = [port for port in host.iterfind("./ports/port") if port.get("protocol") == "tcp"]
    if not _answered(host, ports):
        return PortScan({}, Failure(FailureKind.UNREACHABLE, "no port answered, neither open nor refusing"))
    open_ports = [port for port in ports if _state(port) == "open"]
    smb = _smb_port(open_ports)
    of_host = {one.get("id", ""): one.get("output", "") for one in host.iterfind("./hostscript/script")}
    services: list[JSON] = [_service(port, of_host if _number(port) == smb else {}) for port in open_ports]
    return PortScan(
        {
            "ports.answered": True,
            "ports.open": sorted(_number(port) for port in open_ports),
            "ports.scanned": _scanned(root),
            "ports.services": services,
        },
        None,
    )


def _document(xml: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(xml)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise NmapOutputError(f"nmap's XML could not be read: {error}") from None
    if root.tag != "nmaprun":
        raise NmapOutputError(f"not nmap's XML: the document is <{root.tag[:40]}>")
    if root.find("./runstats/finished") is None:
        raise NmapOutputError("nmap's XML ends before the scan was finished")
    return root


def _host(root: Element, address: str) -> Element | None:
    for host in root.iterfind("./host"):
        if any(one.get("addr") == address for one in host.iterfind("./address")):
            return host
    return None


def _exit_message(root: Element) -> str:
    finished = root.find("./runstats/finished")
    message = finished.get("errormsg", "") if finished is not None else ""
    return message[:_TEXT_CHARACTERS] or "nmap reported nothing about this address"


def _answered(host: Element, ports: list[Element]) -> bool:
    if any(_state(port) in ("open", "closed") for port in ports):
        return True
    return any(extra.get("state") == "closed" for extra in host.iterfind("./ports/extraports"))


def _state(port: Element) -> str:
    state = port.find("./state")
    return state.get("state", "") if state is not None else ""


def _number(port: Element) -> int:
    text = port.get("portid", "")
    if not _PORT.fullmatch(text) or int(text) > 65535:
        raise NmapOutputError(f"nmap's XML names an impossible port: {text[:20]}")
    return int(text)


def _scanned(root: Element) -> str:
    info = root.find("./scaninfo[@protocol='tcp']")
    return info.get("services", "") if info is not None else ""


def _smb_port(open_ports: list[Element]) -> int:
    """Return the port that the host's SMB scripts spoke to: 445, else 139, else 0."""
    numbers = {_number(port) for port in open_ports}
    return next((number for number in (445, 139) if number in numbers), 0)


def _service(port: Element, of_host: ScriptOutput) -> Facts:
    service = port.find("./service")
    found: Element = service if service is not None else Element("service")
    probed = found.get("method") == _PROBED
    name = found.get("name", "") if probed else ""
    if name in _UNNAMED:
        name = _STANDS_FOR.get(_number(port), "")
    cpe: list[JSON] = [one.text[:_TEXT_CHARACTERS] for one in found.iterfind("./cpe") if one.text]
    return {
        "service.port": _number(port),
        "service.transport": "tcp",
        "service.name": None if name in _UNNAMED else _canonical_name(name)[:_TEXT_CHARACTERS],
        "service.product": _text(found, "product") if probed else None,
        "service.version": _text(found, "version") if probed else None,
        "service.cpe": cpe[:_CPE_NAMES],
        "service.tls": found.get("tunnel") == "ssl" or name in _TLS_NAMES,
        **read_scripts({one.get("id", ""): one.get("output", "") for one in port.iterfind("./script")}),
        **read_scripts({name: output for name, output in of_host.items() if name in SMB_SCRIPTS}),
    }


_STANDS_FOR = {
    21: "ftp",
    22: "ssh",
    25: "smtp",
    53: "domain",
    110: "pop3",
    111: "rpcbind",
    143: "imap",
    389: "ldap",
    445: "microsoft-ds",
    587: "smtp",
    873: "rsync",
    2049: "nfs",
    3306: "mysql",
    5432: "postgresql",
    5900: "vnc",
    6379: "redis",
    11211: "memcached",
    27017: "mongodb",
}
"""What a port is taken for when nothing identified it: its checks must not fall away for want of a name."""

_TLS_NAMES = {
    "https": "http",
    "imaps": "imap",
    "pop3s": "pop3",
    "smtps": "smtp",
    "ldaps": "ldap",
    "ftps": "ftp",
}


def _canonical_name(name: str) -> str:
    """Give a protocol one name, whether nmap met it plain, inside TLS, or on a variant port."""
    base = _TLS_NAMES.get(name, name)
    return {"http-proxy": "http", "http-alt": "http", "submission": "smtp"}.get(base, base)


def _text(service: Element, key: str) -> str | None:
    value = service.get(key)
    return value[:_TEXT_CHARACTERS] if value else None
