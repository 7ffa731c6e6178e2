"""What the entries of an inventory mean together: ids, zones, addresses, days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.documents.shape import nearest
from auditor.inventory.owners import check_owners
from auditor.inventory.parts import AuthorizationPart, Parts, Placed, ServerPart
from auditor.model.inventory import Address, Network
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Problem

Zones = Mapping[str, tuple[Network, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known from other files; None where it is not known and so not compared."""

    consent_checks: Collection[str] | None = None
    """Ids of the checks that an authorization can consent to."""
    roles: Collection[str] | None = None
    """Roles that the policy has ports for."""
    complete: bool = True
    """Whether nothing more is to come: otherwise an OPD may still lack what it answers for."""


NOTHING_KNOWN = Known()


def check_meaning(parts: Parts, locator: Locator, known: Known) -> Iterator[Problem]:
    """Yield every contradiction between entries, and with what is known from other files."""
    yield from _check_unique(parts, locator)
    for authorization in parts.authorizations:
        yield from _check_authorization(authorization, locator, known.consent_checks)
    zones = _known_zones(parts)
    yield from _check_named(parts, zones, locator)
    yield from check_owners(parts, locator, complete=known.complete)
    loopback = any(net.value.is_loopback for entry in parts.authorizations for net in entry.networks)
    for server in parts.servers:
        yield from _check_server(server, locator)
        yield from _check_roles(server, locator, known.roles)
        if zones is not None:
            yield from _check_zone(server, zones, locator)
        if not loopback:
            yield from _refuse_loopback(server, locator)


def _check_unique(parts: Parts, locator: Locator) -> Iterator[Problem]:
    zones = (entry for zone in parts.zones for entry in zone.ids)
    servers = (entry for server in parts.servers for entry in server.ids)
    addresses = (
        Placed(entry.path, str(entry.value)) for server in parts.servers for entry in server.addresses
    )
    yield from _repeated("zone", zones, locator, "give each zone its own id")
    yield from _repeated("OPD", parts.opd_ids(), locator, "put its servers under one entry")
    yield from _repeated("server", servers, locator, "give each server its own id")
    yield from _repeated("domain", parts.domains, locator, "leave it to one OPD")
    yield from _repeated("address", addresses, locator, "correct one, or give one server both names")


def _repeated(noun: str, entries: Iterable[Placed[str]], locator: Locator, advice: str) -> Iterator[Problem]:
    first: dict[str, Problem] = {}
    for entry in entries:
        here = locator.problem(entry.path, "")
        earlier = first.setdefault(entry.value, here)
        if earlier is not here:
            file = "" if earlier.file == here.file else f"{earlier.file} "
            message = f"{noun} {show(entry.value)} is already in {file}line {earlier.line}; {advice}"
            yield locator.problem(entry.path, message)


def _check_authorization(
    entry: AuthorizationPart, locator: Locator, consent_checks: Collection[str] | None
) -> Iterator[Problem]:
    for first, last in zip(entry.first, entry.last, strict=False):
        if last.value < first.value:
            message = f"ends on {last.value}, before it begins on {first.value}; exchange or correct the days"
            yield locator.problem(last.path, message)
    for check in entry.consent:
        if consent_checks is not None and check.value not in consent_checks:
            hint = nearest(check.value, consent_checks) or "list them with 'auditor controls list'"
            yield locator.problem(check.path, f"no check {show(check.value)} asks for consent; {hint}")


def _check_server(server: ServerPart, locator: Locator) -> Iterator[Problem]:
    if not server.named:
        message = "this server has no addresses and no hostnames; write for example addresses: [10.10.1.10]"
        yield locator.problem(server.path, message)
    yield from _repeated("name", server.hostnames, locator, "remove one of them")
    yield from _repeated("port", server.ports, locator, "remove one of them")


def _check_roles(server: ServerPart, locator: Locator, roles: Collection[str] | None) -> Iterator[Problem]:
    for role in server.roles:
        if roles is not None and role.value not in roles:
            hint = nearest(role.value, roles) or "write it under roles in policies.yaml, with its ports"
            yield locator.problem(role.path, f"unknown role {show(role.value)}; {hint}")


def _check_named(parts: Parts, zones: Zones | None, locator: Locator) -> Iterator[Problem]:
    """Yield what names an OPD or a zone that is not there."""
    opds = [opd.value for opd in parts.opd_ids()]
    for entry in parts.centre:
        if opds and entry.value not in opds:
            hint = nearest(entry.value, opds) or f"the OPDs are {', '.join(opds)}"
            yield locator.problem(entry.path, f"unknown OPD {show(entry.value)}; {hint}")
    for entry in parts.vantage:
        if zones is not None and entry.value not in zones:
            hint = nearest(entry.value, zones) or f"the zones are {', '.join(zones)}"
            yield locator.problem(entry.path, f"unknown zone {show(entry.value)}; {hint}")


def _known_zones(parts: Parts) -> Zones | None:
    """Return the networks of every zone, or None when a zone could not be read in full."""
    if not parts.zones or not all(zone.ids and zone.whole for zone in parts.zones):
        return None
    return {zone.ids[0].value: tuple(net.value for net in zone.networks) for zone in parts.zones}


def _check_zone(server: ServerPart, zones: Zones, locator: Locator) -> Iterator[Problem]:
    for written in server.zones:
        if written.value not in zones:
            hint = nearest(written.value, zones) or f"the zones are {', '.join(zones)}"
            yield locator.problem(written.path, f"unknown zone {show(written.value)}; {hint}")
            continue
        for address in server.addresses:
            message = _misplaced(address.value, written.value, zones)
            if message:
                yield locator.problem(address.path, message)


def _misplaced(address: Address, zone: str, zones: Zones) -> str:
    inside = [network for network in zones[zone] if address in network]
    if not inside:
        others = [other for other, networks in zones.items() if any(address in net for net in networks)]
        advice = f"write zone: {others[0]}" if others else f"add its network to zone {zone}, or correct it"
        return f"{address} lies outside the networks of zone {zone}; {advice}"
    if any(_is_edge(address, network) for network in inside):
        return f"{address} is the network or broadcast address of zone {zone}; write the server's own address"
    return ""


def _is_edge(address: Address, network: Network) -> bool:
    """Return whether the address means every host of its network (RFC 919); a /31 or /32 has none."""
    edges = (network.network_address, network.broadcast_address)
    return address.version == 4 and network.prefixlen < 31 and address in edges


def _refuse_loopback(server: ServerPart, locator: Locator) -> Iterator[Problem]:
    for address in server.addresses:
        if address.value.is_loopback:
            message = f"{address.value} is this machine itself; write the address that others reach it by"
            yield locator.problem(address.path, message)
