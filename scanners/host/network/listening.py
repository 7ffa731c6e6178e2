"""Read the sockets on which a host waits for others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_LISTENS = "0A"
"""State of a TCP socket that listens, in /proc/net/tcp."""
_UNCONNECTED = "07"
"""State of a UDP socket that hears anybody."""
_ANY = frozenset({"0.0.0.0", "::", "*"})
_SS_PROGRAM = re.compile(r"users:\(\(\"((?:[^\"\\]|\\.)*)\"")
_NETSTAT_PROGRAM = re.compile(r"(?<!\d)\d+/(\S+)")


@dataclass(frozen=True, slots=True)
class Listening:
    """One socket that waits for others. `program` is None where that needs root."""

    protocol: str
    address: str
    """`*` for every address of the host."""
    port: int
    program: str | None

    @property
    def reach(self) -> str:
        """Return who can come to it by its address: loopback, private, public or every address."""
        if self.address == "*":
            return "every"
        address = ip_address(self.address)
        if address.is_loopback:
            return "loopback"
        # No router of the internet knows private addresses, nor 100.64.0.0/10 of carriers and VPNs.
        return "public" if address.is_global else "private"


def listening(report: Report) -> list[Listening]:
    """Return every socket that listens, with programs where root showed them; raise Unread."""
    section = report.sections.get("listening")
    told = section is not None and section.state is State.RAN and section.exit_code == 0
    name = "listening" if told else "listening-plain"
    # Where root looked and no program is named, the kernel itself listens: NFS, WireGuard.
    unnamed = "kernel" if told else None
    found = {one for line in report.lines(name) if (one := _line(line, unnamed)) is not None}
    if not found and not any(re.match(r"(Netid|Active|Proto|State)", line) for line in report.lines(name)):
        raise Unread(Reason.TOOL_MISSING, "ss or netstat")
    return sorted(found, key=lambda one: (one.protocol, one.port, one.address, one.program or ""))


def _line(line: str, unnamed: str | None) -> Listening | None:
    words = line.split()
    if words[0] == "proc":
        return _of_kernel(words)
    if words[0] not in ("tcp", "tcp6", "udp", "udp6"):
        return None
    # ss: Netid State Recv-Q Send-Q Local …; netstat: Proto Recv-Q Send-Q Local Foreign [State] [program].
    is_netstat = words[1].isdigit()
    local = words[3] if is_netstat else words[4]
    address, _, port = local.rpartition(":")
    if port == "*":
        return None
    match = _NETSTAT_PROGRAM.search(line) if is_netstat else _SS_PROGRAM.search(line)
    return Listening(words[0][:3], _address(address), int(port), match[1].rstrip(":") if match else unnamed)


def _address(text: str) -> str:
    plain = text.strip("[]").partition("%")[0]
    if plain in _ANY:
        return "*"
    address = ip_address(plain)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _of_kernel(words: list[str]) -> Listening | None:
    """Read a line of /proc/net/tcp and the like: address in words of host byte order, port in hexadecimal."""
    _, table, local, state = words
    if state != (_LISTENS if table.startswith("tcp") else _UNCONNECTED):
        return None
    address, _, port = local.partition(":")
    octets = b"".join(bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8))
    text = str(IPv4Address(octets) if len(octets) == 4 else IPv6Address(octets))
    return Listening(table[:3], _address(text), int(port, 16), None)


def programs(report: Report) -> Iterator[str]:
    """Give the programs that listen; raise Unread where root is needed to see them."""
    for one in listening(report):
        if one.program is None:
            raise Unread(Reason.NEEDS_ROOT, f"program of {one.protocol} port {one.port}")
        yield one.program


def _records(report: Report) -> JSON:
    return [
        {
            "protocol": one.protocol,
            "address": one.address,
            "port": one.port,
            "program": one.program,
            "reach": one.reach,
        }
        for one in listening(report)
    ]


READERS: dict[str, Reader] = {
    "host.listening": _records,
    "host.listening_names": lambda report: [*sorted(set(programs(report)))],
}
