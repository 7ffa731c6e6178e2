"""From the checked shape to the frozen nouns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.inventory.shape import AuthorizationShape, DomainShape, InventoryShape, OpdShape, ServerShape
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
            about.name, about.timezone, about.office, about.address, about.centre or ""
        ),
        authorizations=tuple(map(_authorization, shape.authorizations)),
        zones=zones,
        opds=tuple(_opd(opd, zones if opd.id == about.centre else (), zones) for opd in shape.opds),
        digest=digest,
        vantage=shape.vantage or "",
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


def _opd(shape: OpdShape, swept: Iterable[Zone], zones: Sequence[Zone]) -> Opd:
    """Return an OPD with everything it answers for; `swept` are the zones that are its to look after."""
    return Opd(
        shape.id,
        shape.name,
        (
            *(_server(server, shape.id) for server in shape.servers),
            *(_domain(domain, shape.id, zones[0].id) for domain in shape.domains),
            *(_zone(zone, shape.id) for zone in swept),
        ),
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


def _server(shape: ServerShape, opd: str) -> Server:
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
        credential=shape.host_access.credential if shape.host_access else "",
        state=shape.status,
        name_owners={entry.name: entry.opd for entry in shape.hostnames if entry.opd},
    )
