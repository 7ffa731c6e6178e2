"""What the tasks after a port scan carry beside what was found: settings of the inventory and the policy."""

from __future__ import annotations

from ipaddress import ip_address

from auditor.model.facts import JSON
from auditor.model.inventory import Fragility, Inventory, Server
from auditor.model.plan import Task
from auditor.model.policy import Policy
from auditor.usecases.follow_up import FollowUpSettings
from auditor.usecases.planning import looks_inside

_MAXIMUM_DOMAINS = 50
"""A name server is asked for this many zones at most."""


def settings_for(task: Task, inventory: Inventory, policy: Policy) -> FollowUpSettings:
    """Return what the later tasks at an address carry."""
    server = inventory.server(task.server)
    return FollowUpSettings(
        ssh_spacing_seconds=policy.budgets[task.fragility].ssh_spacing_seconds,
        trust_anchors=policy.trust_anchors.get(server.zone),
        consent=tuple(sorted(_consent(task, inventory))),
        version_detection=policy.budgets[task.fragility].version_detection,
        datagrams=task.fragility is not Fragility.FRAGILE,
        domains=tuple(one.id for one in inventory.domains[:_MAXIMUM_DOMAINS]),
        inside=_inside(task, server, inventory),
    )


def _inside(task: Task, server: Server, inventory: Inventory) -> dict[str, JSON] | None:
    """Return the options of the look inside, None at an address to which it does not belong."""
    access = server.access
    if access is None or access.impossible or server.inside_address != task.address:
        return None
    if not looks_inside(inventory):
        return None
    consent: list[JSON] = [*sorted(_consent(task, inventory))]
    if access.local:
        return {"local": True, "sudo": False, "consent": consent}
    credential = inventory.credentials[access.credential]
    return {
        "credential": credential.id,
        "user": credential.user,
        "sudo": credential.sudo,
        "host_keys": [*access.host_keys],
        "consent": consent,
    }


def _consent(task: Task, inventory: Inventory) -> frozenset[str]:
    """Return the checks that a task's authorization consents to, by every entry that covers its address."""
    address = ip_address(task.address)
    entries = [
        entry.consent
        for entry in inventory.authorizations
        if entry.reference == task.authorization and any(address in network for network in entry.networks)
    ]
    return frozenset.intersection(*entries) if entries else frozenset()
