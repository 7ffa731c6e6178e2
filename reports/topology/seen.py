"""Tell from a run's evidence what stands where: ports, sweeps, who is not registered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON, Facts
from auditor.model.finding import Finding
from auditor.model.inventory import Inventory, Kind

Place = tuple[str, str]
"""Id of a server and one of its addresses."""

_PORTS, _SERVICES, _UDP, _SWEEP, _DNS = "ports", "services", "udp", "hosts", "dns"
_SERVICE_RECORDS = "ports.services"
_DATAGRAMS: Mapping[str, tuple[int, str]] = {
    "udp.tftp": (69, "tftp"),
    "udp.ntp_control": (123, "ntp"),
    "udp.ntp_monitoring": (123, "ntp"),
    "udp.netbios": (137, "netbios-ns"),
    "udp.snmp_communities": (161, "snmp"),
    "udp.snmp_version_3": (161, "snmp"),
    "udp.ipmi": (623, "ipmi"),
    "udp.ssdp": (1900, "ssdp"),
    "udp.mdns": (5353, "mdns"),
    "udp.llmnr": (5355, "llmnr"),
}
"""Fact of the UDP scanner → the port that answered where it is true or not empty."""


@dataclass(frozen=True, slots=True)
class Port:
    """An open port; `name` is what speaks there, `product` what software it says it is; "" for none."""

    number: int
    transport: str = "tcp"
    name: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A network of a zone whose addresses were asked; `answering` counts those with an open port."""

    network: str
    asked: int
    answering: int


@dataclass(frozen=True, slots=True)
class Stranger:
    """An address that answers, or that a name leads to, and that no server of the inventory has."""

    address: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an inventory; without an audit nothing is."""

    inventory: Inventory
    addresses: Mapping[str, tuple[str, ...]]
    """Server id → its addresses, those that its names led to included."""
    ports: Mapping[Place, tuple[Port, ...]] = field(default_factory=dict)
    """Absent where nobody knows which ports are open."""
    findings: tuple[Finding, ...] = ()
    """The open ones."""
    measured: frozenset[str] = frozenset()
    """Ids of servers of which anything was measured."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Server id → why nothing of it was measured, as it was stored."""
    sweeps: Mapping[str, tuple[Sweep, ...]] = field(default_factory=dict)
    """Zone id → its networks that were searched."""
    strangers: Mapping[str, tuple[Stranger, ...]] = field(default_factory=dict)
    """Zone id → who is not registered there."""
    named: Mapping[Place, Mapping[str, frozenset[int]]] = field(default_factory=dict)
    """Server and address → host name → the ports that were asked for under that name."""


def see(
    inventory: Inventory,
    evidence: Iterable[Evidence],
    findings: tuple[Finding, ...] = (),
    measured: frozenset[str] = frozenset(),
    reasons: Mapping[str, str] | None = None,
) -> Seen:
    """Return what evidence shows of an inventory; rows about servers that have left it are passed over."""
    known = {server.id for server in inventory.servers()}
    rows = sorted(
        (row for row in evidence if row.task.server in known), key=lambda row: (row.task.look, row.task.id)
    )
    addresses = _addresses(inventory, rows)
    return Seen(
        inventory,
        addresses,
        _ports(rows),
        findings,
        measured,
        reasons or {},
        _sweeps(inventory, rows),
        _strangers(inventory, rows, {one for listed in addresses.values() for one in listed}),
        _named(rows),
    )


def _addresses(inventory: Inventory, rows: Iterable[Evidence]) -> dict[str, tuple[str, ...]]:
    found = {
        server.id: list(map(str, server.addresses))
        for server in inventory.servers()
        if server.kind is Kind.SERVER
    }
    for row in rows:
        listed = found.get(row.task.server, [])
        if row.task.scanner == _PORTS and row.task.address and row.task.address not in listed:
            listed.append(row.task.address)
    return {server: tuple(listed) for server, listed in found.items()}


def _ports(rows: Iterable[Evidence]) -> dict[Place, tuple[Port, ...]]:
    """Return the ports of every place; the first look counts, as it does for the judge."""
    found: dict[Place, dict[tuple[str, int], Port]] = {}
    for row in rows:
        opened, place = row.facts.get("ports.open"), (row.task.server, row.task.address)
        if row.task.scanner == _PORTS and isinstance(opened, list) and place not in found:
            found[place] = {("tcp", one): Port(one) for one in opened if isinstance(one, int)}
    for row in rows:
        here = found.get((row.task.server, row.task.address))
        if here is not None and row.task.scanner in (_PORTS, _SERVICES):
            # An audit of an earlier version has the records in the port scan's own row.
            for port in map(_port, _records(row.facts)):
                key = (port.transport, port.number)
                if key in here and here[key] == Port(port.number):
                    here[key] = port
        elif row.task.scanner == _UDP:
            answering = {("udp", port.number): port for port in _datagram_ports(row.facts)}
            if answering:  # what did not answer says nothing about the other ports of an address
                found.setdefault((row.task.server, row.task.address), {}).update(answering)
    return {
        place: tuple(sorted(ports.values(), key=lambda port: (port.transport, port.number)))
        for place, ports in found.items()
    }


def _records(facts: Facts) -> Iterator[Mapping[str, JSON]]:
    listed = facts.get(_SERVICE_RECORDS)
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and isinstance(one.get("service.port"), int):
            yield one


def _port(record: Mapping[str, JSON]) -> Port:
    name, tls = record.get("service.name") or "", record.get("service.tls") is True
    product = " ".join(str(record[key]) for key in ("service.product", "service.version") if record.get(key))
    number, transport = record["service.port"], record.get("service.transport")
    secure = f"{name}s" if tls and name in ("http", "smtp", "imap", "pop3", "ldap", "ftp") else str(name)
    return Port(int(str(number)), str(transport or "tcp"), secure, product)


def _datagram_ports(facts: Facts) -> Iterator[Port]:
    for name, (number, service) in _DATAGRAMS.items():
        if facts.get(name):
            yield Port(number, "udp", service)


def _sweeps(inventory: Inventory, rows: Iterable[Evidence]) -> dict[str, tuple[Sweep, ...]]:
    found: dict[str, dict[str, Sweep]] = {}
    for row, answering in _swept(rows):
        network = str(row.facts.get("hosts.network") or row.task.address)
        asked = row.facts.get("hosts.asked")
        sweep = Sweep(network, asked if isinstance(asked, int) else 0, len(answering))
        found.setdefault(inventory.server(row.task.server).zone, {}).setdefault(network, sweep)
    return {zone: tuple(networks.values()) for zone, networks in found.items()}


def _swept(rows: Iterable[Evidence]) -> Iterator[tuple[Evidence, list[str]]]:
    for row in rows:
        answering = row.facts.get("hosts.answering")
        if row.task.scanner == _SWEEP and isinstance(answering, list):
            yield row, [str(one) for one in answering]


def _strangers(
    inventory: Inventory, rows: Iterable[Evidence], registered: set[str]
) -> dict[str, tuple[Stranger, ...]]:
    """Return who answers without being registered, and who has a name in DNS and an address of a zone."""
    zones: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    rows = tuple(rows)
    for row, answering in _swept(rows):
        for address in answering:
            zones.setdefault(address, inventory.server(row.task.server).zone)
    for row in rows:
        listed = row.facts.get("domain.unregistered_addresses") if row.task.scanner == _DNS else None
        for line in listed if isinstance(listed, list) else ():
            name, _, address = str(line).partition(" ")
            zone = _zone_of(inventory, address)
            if zone:
                zones.setdefault(address, zone)
                names.setdefault(address, set()).add(name)
    found: dict[str, list[Stranger]] = {}
    for address in sorted(set(zones) - registered, key=_in_order):
        found.setdefault(zones[address], []).append(Stranger(address, tuple(sorted(names.get(address, ())))))
    return {zone: tuple(listed) for zone, listed in found.items()}


def _zone_of(inventory: Inventory, address: str) -> str:
    """Return the zone that an address stands in; "" for one that is nowhere, or no address."""
    try:
        one = ip_address(address)
    except ValueError:
        return ""
    return next((zone.id for zone in inventory.zones for network in zone.networks if one in network), "")


def _in_order(address: str) -> tuple[int, int, str]:
    """Order addresses as numbers; what is none comes last."""
    try:
        one = ip_address(address)
    except ValueError:
        return 9, 0, address
    return one.version, int(one), ""


def _named(rows: Iterable[Evidence]) -> dict[Place, dict[str, frozenset[int]]]:
    found: dict[Place, dict[str, frozenset[int]]] = {}
    for row in rows:
        task = row.task
        if task.server_name and task.port:
            here = found.setdefault((task.server, task.address), {})
            here[task.server_name] = here.get(task.server_name, frozenset()) | {task.port}
    return found
