"""What a waiver reaches: how scopes lie to each other, and whether what they name is there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from auditor.model.check import Check
from auditor.model.inventory import OWNED_BY_NAME, Inventory, Kind, Server
from auditor.model.policy import WaiverRules, Width
from auditor.model.subject import SubjectKind
from auditor.model.waiver import Waiver


class WaiverPart(StrEnum):
    """A part of a waiver's scope."""

    CHECK = "check"
    OPD = "opd"
    SERVER = "server"
    ADDRESS = "address"
    NAME = "server_name"


def scope_contains(outer: Waiver, inner: Waiver) -> bool:
    """Return whether one scope holds the whole of another."""
    return all(not wide or wide == narrow for wide, narrow in zip(_scope(outer), _scope(inner), strict=True))


def scopes_overlap(one: Waiver, other: Waiver) -> bool:
    """Return whether two scopes have a part in common."""
    pairs = zip(_scope(one), _scope(other), strict=True)
    return all(not first or not second or first == second for first, second in pairs)


def _scope(waiver: Waiver) -> tuple[str | int, ...]:
    return (waiver.check, waiver.opd, waiver.server, waiver.address, waiver.port, waiver.server_name)


_WHOLE = (SubjectKind.DOMAIN, SubjectKind.NETWORK, SubjectKind.HOST)
"""Kinds of subject of which a registered entry has one: naming the entry names the subject."""


def width(waiver: Waiver, kind: SubjectKind) -> Width:
    """Return how wide a waiver reaches, of a check that asks about a kind of subject.

    A domain and a network are one subject; an address is one where the check asks about addresses.
    """
    if not waiver.server:
        return Width.OPD
    is_one_address = bool(waiver.address) and kind is SubjectKind.ADDRESS
    if kind in _WHOLE or is_one_address or (waiver.address and waiver.port):
        return Width.ENDPOINT
    return Width.SERVER


def is_too_wide(waiver: Waiver, check: Check, rules: WaiverRules) -> bool:
    """Return whether a waiver reaches wider than the policy lets one of this severity."""
    narrowest_first = list(Width)
    widest = rules.widest[check.severity]
    return narrowest_first.index(width(waiver, check.subject)) > narrowest_first.index(widest)


def exceeds(waiver: Waiver, check: Check, rules: WaiverRules) -> bool:
    """Return whether a waiver lasts longer or reaches wider than a policy allows."""
    days = (waiver.valid_until - waiver.valid_from).days
    return days > rules.maximum_days or is_too_wide(waiver, check, rules)


def missing_part(waiver: Waiver, checks: Mapping[str, Check], inventory: Inventory) -> WaiverPart | None:
    """Return the widest part of a scope that the catalogue or the inventory does not know, or None.

    An address cannot be missed at a server that is registered by name alone: it is resolved in every audit.
    """
    if waiver.check not in checks:
        return WaiverPart.CHECK
    if waiver.opd not in ("", *(opd.id for opd in inventory.opds)):
        return WaiverPart.OPD
    servers = servers_of(waiver, inventory, checks[waiver.check])
    if waiver.server and not servers:
        return WaiverPart.SERVER
    if waiver.address and not any(_has_address(server, waiver.address) for server in servers):
        return WaiverPart.ADDRESS
    if waiver.server_name and not any(waiver.server_name in _names(server, inventory) for server in servers):
        return WaiverPart.NAME
    return None


def servers_of(waiver: Waiver, inventory: Inventory, check: Check | None = None) -> tuple[Server, ...]:
    """Return the registered servers that a scope reaches; with a check, where it belongs to the OPD."""
    return tuple(
        server
        for server in inventory.servers()
        if waiver.server in ("", server.id)
        and (not waiver.opd or waiver.opd in _owners(server, waiver.server_name, check))
    )


def _owners(server: Server, name: str, check: Check | None) -> frozenset[str]:
    """Return the OPDs to which something of a check on a server, or on one name there, can belong."""
    if check is not None and check.layer not in OWNED_BY_NAME:
        return frozenset({server.opd})
    if name:
        return frozenset({server.name_owners.get(name, server.opd)})
    return frozenset({server.opd, *server.name_owners.values()})


def _has_address(server: Server, address: str) -> bool:
    return not server.addresses or address in map(str, server.addresses)


def _names(server: Server, inventory: Inventory) -> frozenset[str]:
    if server.kind is Kind.ZONE:
        return frozenset(map(str, inventory.zone(server.zone).networks))
    return frozenset(server.hostnames)
