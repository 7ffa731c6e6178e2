"""From the checked shape to the frozen nouns."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.documents.secrets import secret_reference
from auditor.inventory.access_shape import CredentialShape, HostAccessShape
from auditor.inventory.record_shape import record_facts
from auditor.inventory.shape import AuthorizationShape, DomainShape, InventoryShape, OpdShape, ServerShape
from auditor.model.host_access import Credential, HostAccess
from auditor.model.inventory import (
    Authorization,
    Category,
    DeclaredService,
    Inventory,
    Kind,
    Layer,
    MailPolicy,
    Opd,
    Organization,
    Server,
    Zone,
)


def to_inventory(shape: InventoryShape, digest: str) -> Inventory:
    """Return the Inventory of a shape in which everything was checked."""
    about = shape.organization
    zones = tuple(Zone(zone.id, zone.name, zone.public, zone.networks) for zone in shape.zones)
    return Inventory(
        organization=Organization(
            about.name,
            about.timezone,
            about.office,
            about.address,
            about.centre or "",
            about.legal_basis,
        ),
        authorizations=tuple(map(_authorization, shape.authorizations)),
        zones=zones,
        opds=tuple(_opd(opd, zones if opd.id == about.centre else (), shape) for opd in shape.opds),
        digest=digest,
        vantage=shape.vantage or "",
        credentials={one.id: _credential(one) for one in shape.credentials},
    )


def _authorization(shape: AuthorizationShape) -> Authorization:
    return Authorization(
        reference=shape.reference,
        approved_by=shape.approved_by,
        valid_from=shape.valid.first,
        valid_until=shape.valid.last,
        networks=shape.networks,
        exclude=shape.exclude,
        methods=frozenset(shape.methods),
        consent=frozenset(shape.consent),
        domains=shape.domains,
    )


def _opd(shape: OpdShape, swept: Iterable[Zone], whole: InventoryShape) -> Opd:
    """Return an OPD with everything it answers for; `swept` are the zones that are its to look after."""
    return Opd(
        shape.id,
        shape.name,
        (
            *(_server(server, shape.id, whole) for server in shape.servers),
            *(_domain(domain, shape.id, whole.zones[0].id) for domain in shape.domains),
            *(_zone(zone, shape.id) for zone in swept),
        ),
        shape.timezone or "",
        {one.date: one.name for one in shape.holidays},
    )


def _domain(shape: DomainShape, opd: str, zone: str) -> Server:
    """Return a domain; it stands in no zone of ours, and takes the first for want of another."""
    return Server(
        id=shape.name,
        opd=opd,
        name=shape.name,
        zone=zone,
        category=shape.category,
        addresses=(),
        hostnames=(shape.name,),
        kind=Kind.DOMAIN,
        mail=MailPolicy(shape.mail, shape.dkim_selectors),
        expires=shape.expires,
    )


def _zone(zone: Zone, opd: str) -> Server:
    return Server(f"zone:{zone.id}", opd, zone.name, zone.id, Category.RENDAH, addresses=(), kind=Kind.ZONE)


def _server(shape: ServerShape, opd: str, whole: InventoryShape) -> Server:
    chosen = {layer: getattr(shape.responsible, layer.value) for layer in Layer}
    return Server(
        id=shape.id,
        opd=opd,
        name=shape.name or shape.id,
        zone=shape.zone,
        category=shape.category,
        addresses=shape.addresses,
        hostnames=tuple(entry.name for entry in shape.hostnames),
        roles=shape.roles,
        services=tuple(DeclaredService(entry.port, entry.transport, entry.name) for entry in shape.services),
        software=shape.software,
        responsible={layer: side for layer, side in chosen.items() if side is not None},
        fragility=shape.fragility,
        access=_access(shape.host_access) if shape.host_access else None,
        record=record_facts(shape.record, whole.leavers, whole.organization.timezone),
        state=shape.status,
        name_owners={entry.name: entry.opd for entry in shape.hostnames if entry.opd},
    )


def _access(shape: HostAccessShape) -> HostAccess:
    return HostAccess(
        credential=shape.credential or "",
        host_keys=shape.host_keys,
        address=str(shape.address) if shape.address else "",
        port=shape.port,
        local=shape.local,
        impossible=shape.impossible or "",
    )


def _credential(shape: CredentialShape) -> Credential:
    passphrase = secret_reference(shape.passphrase) if shape.passphrase else None
    return Credential(shape.id, shape.user, secret_reference(shape.key), passphrase, shape.sudo)
