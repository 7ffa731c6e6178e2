"""Tell from the looks what is forgotten, internal or unregistered.

A list names what was found. Where a name could not be looked at, finding nothing decides nothing: then
the list is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network

import dns.name
from dns.rdtypes.ANY.MX import MX

from auditor.model.facts import Facts
from scanners.dns.answers import Unanswered
from scanners.dns.domain import Domain, shown
from scanners.dns.names import Looks
from scanners.dns.options import Address
from scanners.dns.zone import name_servers

_MAIL_HOSTS = 20
_PRIVATE = (
    *map(ip_network, ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")),
    *map(ip_network, ("172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")),
)


def name_facts(looks: Looks) -> Facts:
    """Return what the looks tell about the names themselves."""
    existing = [look.name for look in looks.existing]
    facts: Facts = {"domain.names": existing, "domain.names_unanswered": list(looks.unanswered)}
    return facts if looks.wildcard is None else {**facts, "domain.wildcard": looks.wildcard}


def address_facts(domain: Domain, looks: Looks) -> Facts:
    """Return names with addresses that are private, or that no registered server has.

    Private addresses are only told from resolvers that see what the public sees.
    """
    registered = domain.options.addresses
    pairs = [(look.name, address) for look in looks.existing for address in look.addresses]
    lists: dict[str, list[str]] = {}
    if domain.options.public_view:
        lists["domain.private_addresses"] = _lines(pair for pair in pairs if is_private(pair[1]))
    if registered is not None:
        lists["domain.unregistered_addresses"] = _lines(pair for pair in pairs if pair[1] not in registered)
    return {name: found for name, found in lists.items() if found or looks.complete}


def is_private(address: Address) -> bool:
    """Say whether an address means nothing, or something else, outside its own network."""
    return any(address.version == network.version and address in network for network in _PRIVATE)


def dangling_facts(domain: Domain, looks: Looks) -> Facts:
    """Return what strangers may come to own: targets that do not exist, addresses of retired servers."""
    found = [f"{look.name} CNAME {look.target}" for look in looks.existing if look.dangling]
    found += [
        f"{look.name} {'A' if address.version == 4 else 'AAAA'} {address}"
        for look in looks.existing
        for address in look.addresses
        if address in domain.options.released
    ]
    complete = looks.complete
    for kind in ("NS", "MX"):
        try:
            hosts = _hosts(domain, kind)
        except Unanswered:
            hosts, complete = (), False
        for host in hosts:
            try:
                exists = domain.asker.ask(host, "A").exists
            except Unanswered:
                complete = False
            else:
                found += [] if exists else [f"{shown(domain.name)} {kind} {shown(host)}"]
    return {"domain.dangling": sorted(found)} if found or complete else {}


def _hosts(domain: Domain, kind: str) -> tuple[dns.name.Name, ...]:
    if kind == "NS":
        return name_servers(domain)
    records = domain.asker.ask(domain.name, "MX").records
    hosts = sorted({record.exchange for record in records if isinstance(record, MX)} - {dns.name.root})
    return tuple(hosts[:_MAIL_HOSTS])


def _lines(pairs: Iterable[tuple[str, Address]]) -> list[str]:
    return [f"{name} {address}" for name, address in pairs]
