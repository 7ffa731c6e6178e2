"""Decide what will be measured: authorization and scope before the first packet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address

from auditor.inventory.resolve import Unresolved
from auditor.inventory.scope import Refusal, decide
from auditor.model.facts import JSON
from auditor.model.inventory import Address, Fragility, Inventory, Server
from auditor.model.plan import ScanPlan, Skipped, SkipReason, Task
from auditor.model.policy import Policy
from scanners.base import Limits
from scanners.registry import METHODS


@dataclass(frozen=True, slots=True)
class Selection:
    """OPD and servers chosen on the command line; empty means all."""

    opds: frozenset[str] = frozenset()
    servers: frozenset[str] = frozenset()

    def unknown(self, inventory: Inventory) -> tuple[str, ...]:
        """Return the chosen ids that the inventory does not know."""
        known_opds = {opd.id for opd in inventory.opds}
        known_servers = {server.id for server in inventory.servers()}
        return tuple(sorted((self.opds - known_opds) | (self.servers - known_servers)))

    def chooses(self, server: Server) -> bool:
        """Return whether a server is chosen."""
        return (not self.opds or server.opd in self.opds) and (not self.servers or server.id in self.servers)


def build_plan(
    inventory: Inventory,
    policy: Policy,
    selection: Selection,
    today: date,
    unresolved: Iterable[Unresolved] = (),
) -> ScanPlan:
    """Return the first-stage tasks of the chosen servers and everything that is skipped, with reasons.

    The inventory's names must be resolved already; `unresolved` are those that gave no address.
    """
    failures = {one.server: one for one in unresolved}
    tasks: list[Task] = []
    skipped: list[Skipped] = []
    for server in inventory.servers():
        if not selection.chooses(server):
            continue
        if not server.addresses:
            skipped.append(_unresolved(server, failures.get(server.id)))
        for address in server.addresses:
            decision = decide(inventory, address, "ports", today)
            if isinstance(decision, Refusal):
                skipped.append(
                    Skipped(server.id, server.opd, str(address), "", decision.reason, decision.detail)
                )
                continue
            tasks.append(_ports_task(server, str(address), decision.reference, policy))
            skipped.extend(_refused_methods(inventory, server, address, today))
    return ScanPlan(tuple(tasks), tuple(skipped))


def _unresolved(server: Server, failure: Unresolved | None) -> Skipped:
    names = ", ".join(server.hostnames)
    detail = failure.detail if failure else f"{names} gives no address; write the addresses"
    return Skipped(server.id, server.opd, names, "", SkipReason.UNRESOLVED, detail)


def _ports_task(server: Server, address: str, authorization: str, policy: Policy) -> Task:
    declared: list[JSON] = [[s.port, s.port] for s in server.services if s.transport == "tcp"]
    # A fragile or sensitive server is asked for its declared ports only.
    ranges = [] if server.fragility is not Fragility.NORMAL else [list(pair) for pair in policy.ports.ranges]
    return Task(
        scanner="ports",
        server=server.id,
        opd=server.opd,
        address=address,
        authorization=authorization,
        fragility=server.fragility,
        options={
            "ranges": [*ranges, *declared],
            "never": sorted(policy.ports.never),
            "versions": policy.budgets[server.fragility].version_detection,
        },
    )


def _refused_methods(inventory: Inventory, server: Server, address: Address, today: date) -> list[Skipped]:
    decisions = {method: decide(inventory, address, method, today) for method in METHODS if method != "ports"}
    return [
        Skipped(server.id, server.opd, str(address), method, refusal.reason, refusal.detail)
        for method, refusal in decisions.items()
        if isinstance(refusal, Refusal)
    ]


def limits_for(task: Task, policy: Policy) -> Limits:
    """Return what a task may take: its host's budget, and its share of the total."""
    budget = policy.budgets[task.fragility]
    share = policy.total.connections_per_second / policy.total.parallel_hosts
    return Limits(
        connections_per_second=min(budget.connections_per_second, share),
        parallel_connections=budget.parallel_connections,
        packets_per_second=budget.packets_per_second,
        timeout_seconds=budget.host_timeout_seconds,
    )


def still_wanted(task: Task, inventory: Inventory, today: date) -> bool:
    """Return whether an inventory that was edited since a task was planned still asks for it as it is.

    The server may be gone, have moved, need more care, or its address may not be measured any more.
    """
    server = next((one for one in inventory.servers() if one.id == task.server), None)
    if server is None or server.fragility is not task.fragility:
        return False
    moved = bool(server.addresses) and ip_address(task.address) not in server.addresses
    return not moved and authorized(task, inventory, today)


def authorized(task: Task, inventory: Inventory, today: date) -> bool:
    """Return whether a task may still run today: an authorization can end while an audit runs."""
    return not isinstance(decide(inventory, ip_address(task.address), task.scanner, today), Refusal)
