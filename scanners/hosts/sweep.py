"""Which addresses of a network to ask, and at what pace. Pure: no address is ever a text from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
)
from typing import Any

from auditor.model.facts import JSON
from scanners.base import Limits
from scanners.nmap_engine import delay_milliseconds, port_list

Network = IPv4Network | IPv6Network

LARGEST = {4: 20, 6: 120}
"""Address family → shortest prefix that is swept: 4,096 addresses of version 4, 256 of version 6."""
PORTS = (22, 80, 443, 445, 3389, 8080)
_RETRIES = 1
_GROUP = 64
_GROUP_SECONDS = 1.0
"""Time that nmap takes for a group beside its probes."""
_TOGETHER = 64
"""Attempts in the whole group that wait at the same time; to one address the delay allows one at a time."""
_LONGEST_WAIT_SECONDS = 1.0
"""Patience with an address that answers nothing, for each port and try."""


class NetworkTooLargeError(ValueError):
    """A network with more addresses than are swept in one go."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A network, what is left out of it, how many addresses that leaves, and the ports to ask."""

    network: Network
    excluded: tuple[Network, ...]
    asked: int
    ports: str


def plan_sweep(network: str, exclude: JSON = (), ports: JSON = PORTS, never: JSON = ()) -> Sweep:
    """Return what to ask; raise NetworkTooLargeError, ValueError for what is no network or port.

    `exclude` is a list of networks or addresses; those of another place or family are passed over.
    """
    whole = _network(network)
    if whole.prefixlen < LARGEST[whole.version]:
        raise NetworkTooLargeError(
            f"{whole} is larger than /{LARGEST[whole.version]}; name smaller networks to sweep"
        )
    excluded = _inside(whole, [_network(str(one)) for one in _sequence(exclude)] + _nobodys(whole))
    asked = whole.num_addresses - sum(one.num_addresses for one in excluded)
    wanted: list[JSON] = [[one, one] for one in _sequence(ports)]
    return Sweep(whole, excluded, asked, port_list(wanted, list(_sequence(never))))


def contains(sweep: Sweep, address: str) -> bool:
    """Return whether an address is among those asked."""
    one = ip_address(address)
    return one in sweep.network and not any(one in network for network in sweep.excluded)


def arguments(sweep: Sweep, limits: Limits) -> str:
    """Return nmap's options: fixed words, and numbers and networks of ours."""
    delay = delay_milliseconds(limits.connections_per_second)
    options = [
        "-n -Pn -sT -T3 --open --noninteractive",
        f"--scan-delay {delay}ms --max-scan-delay {delay}ms",
        f"--max-rate {int(limits.packets_per_second)}",
        f"--max-retries {_RETRIES}",
        # Without it nmap takes the silence of empty addresses for a crowded line, and slows down tenfold.
        f"--min-parallelism {_TOGETHER}",
        f"--max-rtt-timeout {int(1000 * _LONGEST_WAIT_SECONDS)}ms",
        f"--min-hostgroup {_GROUP} --max-hostgroup {_GROUP}",
    ]
    if sweep.excluded:
        options.append(f"--exclude {','.join(str(one) for one in sweep.excluded)}")
    if sweep.network.version == 6:
        options.append("-6")
    return " ".join(options)


def longest_seconds(sweep: Sweep, limits: Limits) -> float:
    """Return how long a sweep takes at most, when no address answers anything.

    Either the whole rate bounds it or the attempts that may wait together; each group ends with the patience
    that its last addresses take.
    """
    tries = _RETRIES + 1
    probes = sweep.asked * len(_numbers(sweep.ports)) * tries
    groups = -(-sweep.asked // _GROUP)
    rate = min(limits.packets_per_second, _TOGETHER / _LONGEST_WAIT_SECONDS)
    return probes / rate + groups * (tries * _LONGEST_WAIT_SECONDS + _GROUP_SECONDS)


def _numbers(ports: str) -> list[int]:
    pairs = [part.partition("-") for part in ports.split(",") if part]
    return [port for first, _, last in pairs for port in range(int(first), int(last or first) + 1)]


def _network(text: str) -> Network:
    network = ip_network(text)
    if "%" in str(network):
        raise ValueError(f"a network with a zone is never measured: {text!r}")
    return network


def _sequence(value: JSON) -> Sequence[JSON]:
    if isinstance(value, list | tuple):
        return value
    raise ValueError(f"not a list: {value!r}")


def _nobodys(network: Network) -> list[Network]:
    """Return the addresses that belong to no host: those before the first and after the last."""
    ends = (network[0], network[-1])
    return [_single(one) for one in ends if network.num_addresses > 2 and _is_nobodys(one, network)]


def _is_nobodys(address: IPv4Address | IPv6Address, network: Network) -> bool:
    # Version 6 has no broadcast address, but the first one means any router (RFC 4291, section 2.6.1).
    return address.version == 4 or address == network[0]


def _single(address: IPv4Address | IPv6Address) -> Network:
    return ip_network(address)


def _inside(whole: Network, networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return the part of `networks` that lies in `whole`, without overlaps, in order."""
    parts: list[Any] = [
        whole if _covers(one, whole) else one
        for one in networks
        if one.version == whole.version and one.overlaps(whole)
    ]
    return tuple(collapse_addresses(parts))


def _covers(network: Network, whole: Network) -> bool:
    return network.prefixlen <= whole.prefixlen
