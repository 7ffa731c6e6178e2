"""From the checked shape to the frozen nouns."""

from __future__ import annotations

from auditor.inventory.shape import AuthorizationShape, InventoryShape, OpdShape, ServerShape
from auditor.model.inventory import (
    Authorization,
    DeclaredService,
    Inventory,
    Layer,
    Opd,
    Organization,
    Server,
    Zone,
)


def to_inventory(shape: InventoryShape, digest: str) -> Inventory:
    """Return the Inventory of a shape in which everything was checked."""
    about = shape.organization
    return Inventory(
        organization=Organization(about.name, about.timezone, about.office, about.address),
        authorizations=tuple(map(_authorization, shape.authorizations)),
        zones=tuple(Zone(zone.id, zone.name, zone.public, zone.networks) for zone in shape.zones),
        opds=tuple(map(_opd, shape.opds)),
        digest=digest,
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
    )


def _opd(shape: OpdShape) -> Opd:
    return Opd(shape.id, shape.name, tuple(_server(server, shape.id) for server in shape.servers))


def _server(shape: ServerShape, opd: str) -> Server:
    chosen = {layer: getattr(shape.responsible, layer.value) for layer in Layer}
    return Server(
        id=shape.id,
        opd=opd,
        name=shape.name or shape.id,
        zone=shape.zone,
        category=shape.category,
        addresses=shape.addresses,
        hostnames=shape.hostnames,
        roles=shape.roles,
        services=tuple(DeclaredService(entry.port, entry.transport, entry.name) for entry in shape.services),
        software=shape.software,
        responsible={layer: side for layer, side in chosen.items() if side is not None},
        fragility=shape.fragility,
        credential=shape.host_access.credential if shape.host_access else "",
    )
