"""Ask about the zone: whether it exists, who serves it, whether it is signed, who may issue certificates."""

from __future__ import annotations

import time
from ipaddress import ip_network

import dns.name
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.ANY.NS import NS

from auditor.model.evidence import FailureKind
from auditor.model.facts import Facts
from scanners.dns.answers import Unanswered
from scanners.dns.caa import ISSUING_TAGS, parse_issuer
from scanners.dns.domain import Domain, shown
from scanners.dns.options import Address
from scanners.dns.record import RecordError, text_of
from scanners.dns.signing import Link, Signing, judge_link, signer

_NAME_SERVERS = 13
_SIGNED = frozenset(Signing) - {Signing.UNSIGNED, Signing.DS_MISSING, Signing.DNSKEY_MISSING}


def name_server_facts(domain: Domain) -> Facts:
    """Return who serves the zone."""
    servers = name_servers(domain)
    return {"domain.name_servers": [shown(name) for name in servers]}


def name_server_address_facts(domain: Domain) -> Facts:
    """Return where the name servers stand; one that cannot be resolved now leaves all of it open."""
    found = {address for name in name_servers(domain) for address in domain.addresses(name)}
    ordered = sorted(found, key=lambda address: (address.version, int(address)))
    return {
        "domain.name_server_addresses": [str(address) for address in ordered],
        "domain.name_server_networks": len({_network(address) for address in found}),
    }


def name_servers(domain: Domain) -> tuple[dns.name.Name, ...]:
    """Return the names in the zone's NS records, sorted; raise Unanswered for too many to ask about."""
    records = domain.asker.ask(domain.zone_of(domain.name), "NS").records
    if len(records) > _NAME_SERVERS:
        raise Unanswered(FailureKind.PROTOCOL, f"more than {_NAME_SERVERS} name servers")
    return tuple(sorted(record.target for record in records if isinstance(record, NS)))


def _network(address: Address) -> str:
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def signing_facts(domain: Domain) -> Facts:
    """Return whether the zone is signed and validates."""
    signing = zone_signing(domain, domain.zone_of(domain.name))
    return {
        "domain.signing": signing.value,
        "domain.signed": signing in _SIGNED,
        "domain.validates": signing is Signing.VALID,
    }


def zone_signing(domain: Domain, zone: dns.name.Name) -> Signing:
    """Return what became of a zone's last link of trust."""
    ask = domain.asker.ask
    ds, keys = ask(zone, "DS"), ask(zone, "DNSKEY")
    parent = signer(ds)
    link = Link(
        zone=zone,
        ds=ds,
        keys=keys,
        soa=ask(zone, "SOA"),
        parent_keys=ask(parent, "DNSKEY") if parent is not None else None,
    )
    return judge_link(link, time.time())


def authenticated_facts(domain: Domain) -> Facts:
    """Return whether a resolver vouches for the zone. A refusal to give a bogus answer is a no."""
    zone = domain.zone_of(domain.name)
    try:
        answer = domain.asker.ask(zone, "SOA", validated=True)
    except Unanswered as error:
        if error.server_failure:
            return {"domain.authenticated": False}
        raise
    return {"domain.authenticated": answer.authenticated}


def caa_facts(domain: Domain) -> Facts:
    """Return the CAA records in force: the name's own, or those of the nearest name above with some."""
    name, records = domain.name, list[CAA]()
    while len(name.labels) > 1 and not records:
        records = [record for record in domain.asker.ask(name, "CAA").records if isinstance(record, CAA)]
        name = name.parent()
    properties = sorted(
        (record.flags, text_of((record.tag,)).lower(), text_of((record.value,))) for record in records
    )
    values = [value for _, tag, value in properties if tag in ISSUING_TAGS]
    return {
        "domain.caa": [f"{flags} {tag} {value}" for flags, tag, value in properties],
        "domain.caa_issuers": sorted({issuer for value in values if (issuer := _issuer(value))}),
    }


def _issuer(value: str) -> str:
    try:
        return parse_issuer(value)
    except RecordError:
        return ""  # a malformed value names nobody
