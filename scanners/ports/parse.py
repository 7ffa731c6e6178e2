"""Read nmap's XML into facts about the ports of each address of a group. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import Facts
from scanners.nmap_engine import document, exit_message, host_of, tcp_ports, whole_number


@dataclass(frozen=True, slots=True)
class PortScan:
    """One address as nmap saw it: facts, or why there are none, or both when nothing answered."""

    facts: Facts
    failure: Failure | None


def parse(xml: bytes, addresses: Sequence[str]) -> tuple[PortScan, ...]:
    """Return what was seen of each address, in their order; raise NmapOutputError for a broken document."""
    root = document(xml)
    return tuple(scan_of(root, host_of(root, address)) for address in addresses)


def scan_of(root: Element, host: Element | None) -> PortScan:
    """Return what a document says of one host, None for a host that it does not name."""
    if host is None:
        return PortScan({}, Failure(FailureKind.TOOL_FAILED, exit_message(root)))
    if host.get("timedout") == "true":
        return PortScan({}, Failure(FailureKind.TIMEOUT, "the time for this host ran out"))
    open_ports = sorted({number for number, state, _ in tcp_ports(host) if state == "open"})
    closed, filtered = _count(host, "closed"), _count(host, "filtered")
    if not open_ports and not closed:
        failure = Failure(FailureKind.UNREACHABLE, "no port answered, neither open nor refusing")
        return PortScan({"ports.answered": False, "ports.scanned": _scanned(root)}, failure)
    return PortScan(
        {
            "ports.answered": True,
            "ports.open": open_ports,
            "ports.scanned": _scanned(root),
            "ports.closed": closed,
            "ports.filtered": filtered,
        },
        None,
    )


def _count(host: Element, state: str) -> int:
    """Count the ports of a state: those listed, and those that nmap only counts."""
    extra = [one for one in host.iterfind("./ports/extraports") if one.get("state") == state]
    listed = sum(one == state for _, one, _ in tcp_ports(host))
    return listed + sum(whole_number(one.get("count", "")) for one in extra)


def _scanned(root: Element) -> str:
    info = root.find("./scaninfo[@protocol='tcp']")
    return info.get("services", "") if info is not None else ""
