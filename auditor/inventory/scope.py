"""Decide whether an address may be measured (A.12.7.1 of 2013, A.8.34 of 2022). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from auditor.inventory.address import canonical, never_measured
from auditor.model.inventory import Address, Authorization, Inventory, Network
from auditor.model.plan import SkipReason


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an address may not be measured, and what to do about it."""

    reason: SkipReason
    detail: str


def decide(inventory: Inventory, address: Address, method: str, today: date) -> Authorization | Refusal:
    """Return the first authorization, in file order, that allows a method on an address today, or a refusal.

    `today` is the local day of the organisation; the days of an authorization are both included. What
    one authorization valid today excludes, no other allows.
    """
    address = canonical(address)
    kind = never_measured(address)
    if kind:
        return Refusal(SkipReason.FORBIDDEN, f"{address} is {kind}; register the server's own address")
    if address.is_loopback and not _loopback_authorized(inventory.authorizations):
        return Refusal(
            SkipReason.FORBIDDEN, f"{address} is this machine itself; register the server's own address"
        )
    covering = [entry for entry in inventory.authorizations if _within(address, entry.networks)]
    if not covering:
        return Refusal(
            SkipReason.NO_AUTHORIZATION, f"ask for an assignment that names a network with {address}"
        )
    current = [entry for entry in covering if entry.valid_from <= today <= entry.valid_until]
    if not current:
        return _out_of_time(covering, today)
    return _among_current(inventory, current, address, method, today)


def decide_domain(inventory: Inventory, domain: str, today: date) -> Authorization | Refusal:
    """Return the first authorization that allows asking about a domain today, or a refusal."""
    covering = [entry for entry in inventory.authorizations if _covers(entry.domains, domain)]
    if not covering:
        return Refusal(SkipReason.NO_AUTHORIZATION, f"ask for an assignment that names the domain {domain}")
    current = [entry for entry in covering if entry.valid_from <= today <= entry.valid_until]
    if not current:
        return _out_of_time(covering, today)
    return _naming_method(current, "dns")


def decide_network(inventory: Inventory, network: Network, today: date) -> Authorization | Refusal:
    """Return the first authorization that allows sweeping a whole network today, or a refusal.

    What it excludes inside the network is left out by whoever sweeps: see `excluded`.
    """
    if network.is_loopback and not _loopback_authorized(inventory.authorizations):
        return Refusal(SkipReason.FORBIDDEN, f"{network} is this machine itself; correct the zone")
    covering = [entry for entry in inventory.authorizations if _contain(entry.networks, network)]
    if not covering:
        return Refusal(SkipReason.NO_AUTHORIZATION, f"ask for an assignment that names all of {network}")
    current = [entry for entry in covering if entry.valid_from <= today <= entry.valid_until]
    if not current:
        return _out_of_time(covering, today)
    return _naming_method(current, "hosts")


def excluded(inventory: Inventory, network: Network, today: date) -> tuple[Network, ...]:
    """Return what any authorization valid today excludes inside a network."""
    return tuple(
        out
        for entry in inventory.authorizations
        if entry.valid_from <= today <= entry.valid_until
        for out in entry.exclude
        if out.version == network.version and out.overlaps(network)
    )


def _covers(domains: Iterable[str], domain: str) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)


def _contain(networks: Iterable[Network], inner: Network) -> bool:
    return any(
        inner.network_address in outer and inner.broadcast_address in outer
        for outer in networks
        if outer.version == inner.version
    )


def _among_current(
    inventory: Inventory, current: list[Authorization], address: Address, method: str, today: date
) -> Authorization | Refusal:
    for entry in inventory.authorizations:
        if entry.valid_from <= today <= entry.valid_until and _within(address, entry.exclude):
            return Refusal(SkipReason.EXCLUDED, f"{entry.reference} excludes {address}; ask its approver")
    return _naming_method(current, method)


def _naming_method(current: list[Authorization], method: str) -> Authorization | Refusal:
    for entry in current:
        if method in entry.methods:
            return entry
    references = ", ".join(entry.reference for entry in current)
    return Refusal(SkipReason.METHOD, f"{references} does not name {method}; ask for an assignment that does")


def _out_of_time(covering: list[Authorization], today: date) -> Refusal:
    coming = [entry for entry in covering if entry.valid_from > today]
    if coming:
        first = min(coming, key=lambda entry: entry.valid_from)
        return Refusal(
            SkipReason.NOT_YET_VALID, f"{first.reference} begins on {first.valid_from}; wait until then"
        )
    last = max(covering, key=lambda entry: entry.valid_until)
    return Refusal(
        SkipReason.EXPIRED, f"{last.reference} ended on {last.valid_until}; ask for a new assignment"
    )


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _loopback_authorized(authorizations: Iterable[Authorization]) -> bool:
    """Return whether an assignment is about loopback itself, as only a laboratory's is."""
    return any(network.is_loopback for entry in authorizations for network in entry.networks)
