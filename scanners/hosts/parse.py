"""Read nmap's XML of a sweep into the addresses that have an open port. Pure."""

from __future__ import annotations

from ipaddress import ip_address

from scanners.hosts.sweep import Sweep, contains
from scanners.nmap_engine import NmapOutputError, document, tcp_ports


def parse(xml: bytes, sweep: Sweep) -> list[str]:
    """Return the addresses with an open port, ascending; raise NmapOutputError for a broken document.

    What the document says about an address that was not asked is a fault of it, and nothing of it is used.
    """
    root = document(xml)
    finished = root.find("./runstats/finished")
    if finished is None or finished.get("exit") != "success":
        raise NmapOutputError("nmap did not finish the sweep")
    answering: set[str] = set()
    for host in root.iterfind("./host"):
        address = _address(next((one.get("addr", "") for one in host.iterfind("./address")), ""))
        if not contains(sweep, address):
            raise NmapOutputError(f"nmap's XML speaks of {address}, which was not asked")
        if any(state == "open" for _, state, _ in tcp_ports(host)):
            answering.add(address)
    return sorted(answering, key=ip_address)


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise NmapOutputError(f"nmap's XML names an impossible address: {text[:50]}") from None
