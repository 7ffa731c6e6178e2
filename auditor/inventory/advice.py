"""What is allowed in an inventory but will not do what its reader expects. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditor.model.inventory import Authorization, Inventory, Layer, Responsible
from auditor.model.policy import Policy

ENDS_SOON_DAYS = 14


def advise(inventory: Inventory, policy: Policy, today: date) -> tuple[str, ...]:
    """Return what a reader should know before the audit, one line each. `today` is the local day."""
    ending = (_ending(entry, today) for entry in inventory.authorizations)
    return (*_without_centre(inventory, policy), *(line for line in ending if line))


def _without_centre(inventory: Inventory, policy: Policy) -> Iterator[str]:
    """Yield a line when the centre answers for layers, but no OPD is the centre."""
    if inventory.organization.centre:
        return
    given = [layer for layer in Layer if policy.responsible[layer] is Responsible.CENTRE]
    if given:
        yield (
            f"the policy gives {', '.join(given)} to the centre, but organization.centre is not written:"
            " no OPD answers for them; write centre: and the id of the OPD that does"
        )
    for server in inventory.servers():
        own = [layer for layer in Layer if server.responsible.get(layer) is Responsible.CENTRE]
        if set(own) - set(given):
            yield (
                f"server {server.id} gives {', '.join(own)} to the centre, but organization.centre is not"
                " written: no OPD answers for them; write centre: and the id of the OPD that does"
            )


def _ending(entry: Authorization, today: date) -> str:
    days = (entry.valid_until - today).days
    if days < 0:
        return (
            f"authorization {entry.reference} ended on {entry.valid_until}: it allows nothing any more;"
            " ask for a new letter, or remove it"
        )
    if days <= ENDS_SOON_DAYS:
        when = "today" if not days else "tomorrow" if days == 1 else f"in {days} days"
        return f"authorization {entry.reference} ends {when}, on {entry.valid_until}; ask for the next letter"
    return ""
