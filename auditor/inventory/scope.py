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


def _among_current(
    inventory: Inventory, current: list[Authorization], address: Address, method: str, today: date
) -> Authorization | Refusal:
    for entry in inventory.authorizations:
        if entry.valid_from <= today <= entry.valid_until and _within(address, entry.exclude):
            return Refusal(SkipReason.EXCLUDED, f"{entry.reference} excludes {address}; ask its approver")
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
