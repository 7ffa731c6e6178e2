"""Decide what will be measured: authorization and scope before the first packet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import ip_address, ip_network

from auditor.inventory.resolve import Unresolved
from auditor.inventory.scope import Refusal, decide, decide_domain, decide_network, excluded
from auditor.model.facts import JSON
from auditor.model.inventory import Address, Fragility, Inventory, Kind, Network, Server, State
from auditor.model.plan import ScanPlan, Skipped, SkipReason, Task
from auditor.model.policy import Budget, Policy
from scanners.base import Limits


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
        """Return whether a server is chosen: by its id, its OPD, or an OPD that owns a name on it."""
        owners = {server.opd, *server.name_owners.values()}
        return (not self.opds or bool(self.opds & owners)) and (not self.servers or server.id in self.servers)


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
    planning = _Planning(inventory, policy, today, [], [])
    for server in inventory.servers():
        if not selection.chooses(server):
            continue
        if server.kind is Kind.DOMAIN:
            planning.domain(server)
        elif server.kind is Kind.ZONE:
            planning.zone(server)
        else:
            planning.server(server, failures.get(server.id))
    return ScanPlan(tuple(planning.tasks), tuple(planning.skipped))


@dataclass(frozen=True, slots=True)
class _Planning:
    """What a plan is made from, and what it has so far."""

    inventory: Inventory
    policy: Policy
    today: date
    tasks: list[Task]
    skipped: list[Skipped]

    def server(self, server: Server, unresolved: Unresolved | None) -> None:
        """Plan a port scan of each address."""
        if not server.addresses:
            self.skipped.append(_unresolved(server, unresolved))
        for address in server.addresses:
            decision = decide(self.inventory, address, "ports", self.today)
            if isinstance(decision, Refusal):
                self._skip(server, str(address), decision)
                continue
            self.tasks.append(
                _ports_task(server, str(address), decision.reference, self.inventory, self.policy)
            )
            self.skipped.extend(_refused_methods(self.inventory, server, address, self.today))

    def domain(self, domain: Server) -> None:
        """Plan the questions about a domain."""
        decision = decide_domain(self.inventory, domain.id, self.today)
        if isinstance(decision, Refusal):
            self._skip(domain, "", decision)
            return
        options = _domain_options(domain, self.inventory, self.policy, self.today)
        task = Task("dns", domain.id, domain.opd, "", 0, domain.id, decision.reference, options=options)
        self.tasks.append(task)

    def zone(self, zone: Server) -> None:
        """Plan a sweep of each network of a zone."""
        for network in self.inventory.zone(zone.zone).networks:
            decision = decide_network(self.inventory, network, self.today)
            if network.num_addresses > _LARGEST_SWEEP[network.version]:
                decision = Refusal(
                    SkipReason.TOO_LARGE,
                    f"{network} is more than a search can cover; write the smaller networks in use",
                )
            if isinstance(decision, Refusal):
                self._skip(zone, str(network), decision)
                continue
            options: dict[str, JSON] = {
                "ports": list(self.policy.sweep_ports),
                "exclude": [*_left_out(self.inventory, network, self.today)],
                "never": sorted(self.policy.ports.never),
            }
            task = Task(
                "hosts", zone.id, zone.opd, str(network), authorization=decision.reference, options=options
            )
            self.tasks.append(task)

    def _skip(self, server: Server, address: str, refusal: Refusal) -> None:
        self.skipped.append(Skipped(server.id, server.opd, address, "", refusal.reason, refusal.detail))


_LARGEST_SWEEP = {4: 2**12, 6: 2**8}
"""Addresses of the largest network that is searched: a /20 of IPv4, a /120 of IPv6."""


def _left_out(inventory: Inventory, network: Network, today: date) -> tuple[str, ...]:
    """Return what a sweep leaves out: what is excluded, and what is registered.

    What is registered is measured anyway; asked twice, it would get more than its share.
    """
    registered = (address for server in inventory.servers() for address in server.addresses)
    return (
        *(str(one) for one in excluded(inventory, network, today)),
        *(str(one) for one in registered if one in network),
    )


def _reachable(inventory: Inventory, today: date) -> tuple[str, ...]:
    """Return the addresses that may be connected to for the sake of a domain."""
    servers = tuple(inventory.servers())
    delicate = {
        address
        for server in servers
        for address in server.addresses
        if server.fragility is not Fragility.NORMAL
    }
    return tuple(
        sorted(
            str(address)
            for server in servers
            for address in server.addresses
            if address not in delicate
            and all(_allowed(inventory, address, method, today) for method in ("tls", "http"))
        )
    )


def _domain_options(domain: Server, inventory: Inventory, policy: Policy, today: date) -> dict[str, JSON]:
    """Return what a domain is compared with; only `reachable` addresses are ever connected to."""
    servers = [one for one in inventory.servers() if one.kind is Kind.SERVER]
    below = {name for server in servers for name in server.hostnames if name.endswith(f".{domain.id}")}
    return {
        "resolvers": list(policy.resolvers),
        "mail": domain.mail.sends,
        "dkim_selectors": list(domain.mail.dkim_selectors),
        "names": sorted(below),
        "addresses": sorted({str(address) for server in servers for address in server.addresses}),
        "expires": domain.expires.isoformat() if domain.expires else None,
        "reachable": [*_reachable(inventory, today)],
        "released": sorted(
            str(address)
            for server in servers
            for address in server.addresses
            if server.state is State.RETIRED
        ),
        "public_view": bool(inventory.vantage) and inventory.zone(inventory.vantage).public,
        "trust_anchors": policy.trust_anchors.get(domain.zone),
    }


def _allowed(inventory: Inventory, address: Address, method: str, today: date) -> bool:
    return not isinstance(decide(inventory, address, method, today), Refusal)


def _unresolved(server: Server, failure: Unresolved | None) -> Skipped:
    names = ", ".join(server.hostnames)
    detail = failure.detail if failure else f"{names} gives no address; write the addresses"
    return Skipped(server.id, server.opd, names, "", SkipReason.UNRESOLVED, detail)


def _ports_task(
    server: Server, address: str, authorization: str, inventory: Inventory, policy: Policy
) -> Task:
    declared: list[JSON] = [[s.port, s.port] for s in server.services if s.transport == "tcp"]
    fragility = _fragility(inventory, server, ip_address(address))
    # A fragile or sensitive server is asked for its declared ports only.
    ranges = [] if fragility is not Fragility.NORMAL else [list(pair) for pair in policy.ports.ranges]
    return Task(
        scanner="ports",
        server=server.id,
        opd=server.opd,
        address=address,
        authorization=authorization,
        fragility=fragility,
        # What is open depends on where one stands, so the place is part of the evidence.
        options={
            "ranges": [*ranges, *declared],
            "never": sorted(policy.ports.never),
            "vantage": inventory.vantage,
        },
    )


def _fragility(inventory: Inventory, server: Server, address: Address) -> Fragility:
    """Return the care that an address needs: of two servers whose names lead there, the more delicate's."""
    there = (one.fragility for one in inventory.servers() if address in one.addresses)
    return max((server.fragility, *there), key=_MILDEST_FIRST.index)


_MILDEST_FIRST = tuple(Fragility)


def _refused_methods(inventory: Inventory, server: Server, address: Address, today: date) -> list[Skipped]:
    methods = ["udp", "tls", "certificates", "ssh", "http"]
    if looks_inside(inventory) and server.inside_address == str(address):
        methods.append("host")
    decisions = {method: decide(inventory, address, method, today) for method in methods}
    return [
        Skipped(server.id, server.opd, str(address), method, refusal.reason, refusal.detail)
        for method, refusal in decisions.items()
        if isinstance(refusal, Refusal)
    ]


def looks_inside(inventory: Inventory) -> bool:
    """Return whether any assignment names the inside of servers: then it is expected of every one."""
    return any("host" in entry.methods for entry in inventory.authorizations)


def limits_for(task: Task, policy: Policy) -> Limits:
    """Return what a task may take: its host's budget, and its share of the total."""
    budget = policy.budgets[task.fragility]
    share = policy.total.connections_per_second / policy.total.parallel_hosts
    return Limits(
        connections_per_second=min(budget.connections_per_second, share),
        parallel_connections=budget.parallel_connections,
        packets_per_second=_sweep_rate(policy) if task.scanner == "hosts" else budget.packets_per_second,
        timeout_seconds=_timeout_seconds(task, budget),
    )


def _timeout_seconds(task: Task, budget: Budget) -> float:
    match task.scanner:
        case "hosts":
            return _SWEEP_SECONDS
        case "host":
            return min(_INSIDE_SECONDS, budget.host_timeout_seconds)
        case _:
            return budget.host_timeout_seconds


_INSIDE_SECONDS = 180
"""The script bounds each of its commands; a host that takes longer than this as a whole is left alone."""


def _sweep_rate(policy: Policy) -> int:
    """Return the packets per second of one sweep: the share of the total that one host would have."""
    return max(1, int(policy.total.connections_per_second / policy.total.parallel_hosts))


_SWEEP_SECONDS = 4 * 3600
"""A sweep is about thousands of hosts, and its own sum of time tells whether it can end by then."""


def still_wanted(task: Task, inventory: Inventory, today: date) -> bool:
    """Return whether an inventory that was edited since a task was planned still asks for it as it is.

    The server may be gone, have moved, need more care, or its address may not be measured any more.
    """
    server = next((one for one in inventory.servers() if one.id == task.server), None)
    if server is None:
        return False
    if server.kind is Kind.SERVER:
        address = ip_address(task.address)
        moved = bool(server.addresses) and address not in server.addresses
        if moved or _fragility(inventory, server, address) is not task.fragility:
            return False
    return authorized(task, inventory, today)


def authorized(task: Task, inventory: Inventory, today: date) -> bool:
    """Return whether a task may still run today: an authorization can end while an audit runs."""
    match task.scanner:
        case "dns":
            decision = decide_domain(inventory, task.server_name, today)
        case "hosts":
            decision = decide_network(inventory, ip_network(task.address), today)
        case scanner:
            method = _METHOD_OF.get(scanner, scanner)
            decision = decide(inventory, ip_address(task.address), method, today)
    return not isinstance(decision, Refusal)


def as_allowed(task: Task, inventory: Inventory, today: date) -> Task:
    """Return an authorized task about a domain or a network without what may not be reached today."""
    match task.scanner:
        case "dns":
            allowed = frozenset(_reachable(inventory, today))
            told = {"reachable": [one for one in _texts(task, "reachable") if one in allowed]}
        case "hosts":
            left_out = _left_out(inventory, ip_network(task.address), today)
            told = {"exclude": [*dict.fromkeys((*_texts(task, "exclude"), *left_out))]}
        case _:
            return task
    return replace(task, options={**task.options, **told})


def _texts(task: Task, option: str) -> tuple[str, ...]:
    value = task.options.get(option)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


_METHOD_OF = {"services": "ports"}
"""Scanner → the method that allows it, where they differ: what a port is belongs to looking at ports."""
