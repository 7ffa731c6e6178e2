"""Resolve host names once and keep the addresses, so that what was checked is what is measured."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import dns.resolver

from auditor.inventory.address import canonical, never_measured
from auditor.model.inventory import Address, Inventory, Kind, Opd, Server

MAXIMUM_ADDRESSES = 16

Resolver = Callable[[str], Iterable[str]]
"""Host name → address texts. Raises OSError when the name does not resolve."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that gave no usable address, with the reason."""

    server: str
    opd: str
    hostname: str
    detail: str


def system_resolver(hostname: str) -> list[str]:
    """Return the addresses that the system's resolver gives; raise OSError when it gives none."""
    found = socket.getaddrinfo(hostname, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def system_resolvers(path: str = "/etc/resolv.conf") -> tuple[str, ...]:
    """Return the addresses of the DNS servers that this machine uses; none when it names none."""
    try:
        named = dns.resolver.Resolver(path).nameservers
    except dns.resolver.NoResolverConfiguration:
        return ()
    return tuple(str(one) for one in named if "%" not in str(one))


def pin_addresses(
    inventory: Inventory, resolver: Resolver = system_resolver
) -> tuple[Inventory, tuple[Unresolved, ...]]:
    """Return the inventory in which every server has addresses, as far as its names resolve.

    Servers with addresses are left as they are. Every name is asked for once; whether an address may be
    measured is decided afterwards, address by address.
    """
    answers: dict[str, tuple[Address, ...] | str] = {}
    failures: list[Unresolved] = []
    opds: list[Opd] = []
    for opd in inventory.opds:
        servers = [_pin(server, resolver, answers, failures) for server in opd.servers]
        opds.append(replace(opd, servers=tuple(servers)))
    return replace(inventory, opds=tuple(opds)), tuple(failures)


def _pin(
    server: Server,
    resolver: Resolver,
    answers: dict[str, tuple[Address, ...] | str],
    failures: list[Unresolved],
) -> Server:
    if server.addresses or server.kind is not Kind.SERVER:
        return server
    found: set[Address] = set()
    for hostname in server.hostnames:
        if hostname not in answers:
            answers[hostname] = resolve(hostname, resolver)
        answer = answers[hostname]
        if isinstance(answer, str):
            failures.append(Unresolved(server.id, server.opd, hostname, answer))
        else:
            found.update(answer)
    return replace(server, addresses=tuple(sorted(found, key=_order)))


def resolve(hostname: str, resolver: Resolver) -> tuple[Address, ...] | str:
    """Return the addresses of a name in a fixed order, or why it has none that can be used."""
    try:
        texts = set(resolver(hostname))
    except (OSError, UnicodeError) as error:
        return f"{hostname} does not resolve ({error}); correct the name or write the addresses"
    if not texts:
        return f"{hostname} has no address; correct the name or write the addresses"
    try:
        addresses = {canonical(ipaddress.ip_address(text)) for text in texts}
    except ValueError:
        return f"{hostname} resolves to something that is no address; write the addresses"
    if len(addresses) > MAXIMUM_ADDRESSES:
        many = f"{len(addresses)} addresses, more than {MAXIMUM_ADDRESSES}"
        return f"{hostname} has {many}; write those to measure"
    for address in sorted(addresses, key=_order):
        kind = never_measured(address)
        if kind:
            return f"{hostname} leads to {address}, {kind}; correct its DNS entry or write the addresses"
    return tuple(sorted(addresses, key=_order))


def _order(address: Address) -> tuple[int, int]:
    return address.version, int(address)
