"""What a packet filter does to one packet that nobody wrote a rule for. Pure.

What cannot be told about a rule is kept open: the walk gives every end that a packet may come to. A packet is
denied for certain only where that is the one end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address, ip_network


class End(Enum):
    """What becomes of a packet in a chain."""

    ACCEPT = "accept"
    DENY = "deny"
    BACK = "back"
    """The chain ended without a decision."""
    PUBLISHED = "published"
    """It is sent on to another address (DNAT)."""


class Applies(Enum):
    """Whether a condition holds for a packet."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Packet:
    """A new connection between this host and an address of the internet that no rule names."""

    family: int
    protocol: str
    """tcp or udp."""
    port: int | None
    """Destination port; None: one that no rule names."""
    interface: str
    outgoing: bool = False
    published_port: int | None = None
    """Port that it was sent to before DNAT sent it on to `port`; None where nothing did."""


Condition = Callable[[Packet], Applies]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where every condition holds, the packet ends or goes on in another chain."""

    conditions: tuple[Condition, ...]
    end: End | None = None
    chain: str = ""
    """Chain that it goes on in, when `end` is None; empty: the rule decides nothing."""
    returns: bool = True
    """Whether it comes back from that chain to the next rule."""

    def applies(self, packet: Packet) -> Applies:
        """Return whether the rule holds for a packet."""
        return all_of(*self.conditions)(packet)


@dataclass(frozen=True, slots=True)
class Base:
    """A chain that packets enter: by its hook, for its families, with a policy at its end."""

    chain: str
    hook: str
    """prerouting, published (nat), input, forward or output."""
    families: frozenset[int]
    policy: End
    devices: frozenset[str] = frozenset()
    """Interfaces that it stands at; empty: at all."""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Chains of one dump, with what enters them."""

    bases: tuple[Base, ...]
    chains: Mapping[str, Sequence[Rule]]
    text: str = ""
    """The dump itself."""


_DEEPEST = 40


def ends(ruleset: Ruleset, base: Base, packet: Packet) -> frozenset[End]:
    """Return where a packet may end that enters a base chain: ACCEPT, DENY or both."""
    found = _walk(ruleset, base.chain, packet, {}, 0)
    return (found - {End.BACK}) | ({base.policy} if End.BACK in found else frozenset())


def _walk(
    ruleset: Ruleset, chain: str, packet: Packet, known: dict[str, frozenset[End]], depth: int
) -> frozenset[End]:
    """Return where a packet may end in a chain; `known` keeps it, so that each chain is walked once."""
    if chain in known:
        return known[chain]
    if depth > _DEEPEST or chain not in ruleset.chains:
        raise ValueError(f"chain {chain[:40]} is not there, or goes round")
    found: set[End] = set()
    goes_on = True
    for rule in ruleset.chains[chain]:
        held = rule.applies(packet)
        if held is Applies.NO or (rule.end is None and not rule.chain):
            continue
        came = {rule.end} if rule.end else _walk(ruleset, rule.chain, packet, known, depth + 1)
        comes_back = rule.end is None and rule.returns
        found |= came - ({End.BACK} if comes_back else set())
        goes_on = held is Applies.MAYBE or (comes_back and End.BACK in came)
        if not goes_on:
            break
    known[chain] = frozenset(found | ({End.BACK} if goes_on else set()))
    return known[chain]


def is_denied(rulesets: Sequence[Ruleset], packet: Packet) -> bool:
    """Return whether some filter denies a packet for certain: it passes through all of them."""
    hooks = ("output",) if packet.outgoing else ("prerouting", "input")
    return any(came == {End.DENY} for came in ends_at(rulesets, hooks, packet))


def ends_at(rulesets: Sequence[Ruleset], hooks: Sequence[str], packet: Packet) -> Iterator[frozenset[End]]:
    """Give where a packet may end in each chain that it enters at these hooks."""
    for ruleset in rulesets:
        for base in ruleset.bases:
            if (
                base.hook in hooks
                and packet.family in base.families
                and (not base.devices or packet.interface in base.devices)
            ):
                yield ends(ruleset, base, packet)


# Conditions. Each takes what a rule names, and gives the question that it asks of a packet.


def protocol_is(names: frozenset[str]) -> Condition:
    """Hold for these protocols; `all` stands for every one."""
    return lambda packet: Applies.YES if {"all", packet.protocol} & names else Applies.NO


def family_is(family: int) -> Condition:
    """Hold for one IP version."""
    return lambda packet: Applies.YES if packet.family == family else Applies.NO


def port_in(ranges: Sequence[tuple[int, int]], negated: bool = False) -> Condition:
    """Hold for these destination ports; one that no rule names may be in wide ranges, is in most of all."""
    of_any = _held(_covered(ranges), wide=30_000, most=60_000)

    def holds(packet: Packet) -> Applies:
        if packet.port is None:
            return _unless(of_any, negated)
        inside = any(first <= packet.port <= last for first, last in ranges)
        return Applies.YES if inside != negated else Applies.NO

    return holds


def published_port_in(ranges: Sequence[tuple[int, int]], negated: bool = False) -> Condition:
    """Hold for these ports before DNAT."""

    def holds(packet: Packet) -> Applies:
        if packet.published_port is None:
            return Applies.MAYBE
        inside = any(first <= packet.published_port <= last for first, last in ranges)
        return Applies.YES if inside != negated else Applies.NO

    return holds


def published(packet: Packet) -> Applies:
    """Hold for a packet that DNAT sent on."""
    return Applies.NO if packet.published_port is None else Applies.YES


def _covered(ranges: Iterable[tuple[int, int]]) -> int:
    """Return how many numbers lie in these ranges, each counted once."""
    covered, end = 0, -1
    for first, last in sorted(ranges):
        covered += max(0, last - max(first, end + 1) + 1)
        end = max(end, last)
    return covered


def _held(covered: int, wide: int, most: int) -> Applies:
    if covered >= most:
        return Applies.YES
    return Applies.MAYBE if covered >= wide else Applies.NO


def _unless(held: Applies, negated: bool) -> Applies:
    if not negated or held is Applies.MAYBE:
        return held
    return Applies.NO if held is Applies.YES else Applies.YES


def interface_is(pattern: str, outgoing: bool, negated: bool = False) -> Condition:
    """Hold for packets on an interface; a `+` or `*` at the end of its name stands for any rest."""

    def holds(packet: Packet) -> Applies:
        if packet.outgoing is not outgoing:
            return Applies.MAYBE
        wild = pattern[-1:] in ("+", "*")
        same = packet.interface.startswith(pattern[:-1]) if wild else packet.interface == pattern
        return Applies.YES if same != negated else Applies.NO

    return holds


def always(packet: Packet) -> Applies:
    """Hold."""
    del packet
    return Applies.YES


def never(packet: Packet) -> Applies:
    """Hold for no packet of the kind that is asked about."""
    del packet
    return Applies.NO


def perhaps(packet: Packet) -> Applies:
    """Say that the condition is not understood, or rests on what is not known."""
    del packet
    return Applies.MAYBE


def far_end_is(prefixes: Sequence[str], outgoing: bool, negated: bool = False) -> Condition:
    """Hold for an address of the internet that no rule names: it may be in wide networks, is in most of all.

    `prefixes` are addresses, networks or ranges with a hyphen; `outgoing` says that a rule names the
    destination. The host's own address is another matter: MAYBE, but that no loopback comes from outside.
    """
    held = _of_internet(prefixes)
    loopback = outgoing and all(re.match(r"127\.|::1(/|$)", prefix) for prefix in prefixes)
    multicast = all(re.match(r"22[4-9]\.|23\d\.|ff", prefix, re.IGNORECASE) for prefix in prefixes)

    def holds(packet: Packet) -> Applies:
        if multicast and not negated:
            return Applies.NO
        if packet.outgoing is not outgoing:
            return Applies.NO if loopback and not negated else Applies.MAYBE
        return _unless(held, negated)

    return holds


def _of_internet(prefixes: Sequence[str]) -> Applies:
    """Return whether an address of the internet lies in these networks; raise ValueError for other words."""
    four: list[tuple[int, int]] = []
    six: list[tuple[int, int]] = []
    # A set that is filled while the filter runs is narrow.
    for prefix in (one for one in prefixes if not one.startswith("@")):
        first, sign, last = prefix.partition("-")
        if sign:
            low, high = ip_address(first), ip_address(last)
        else:
            network = ip_network(prefix, strict=False)
            low, high = network[0], network[-1]
        (four if low.version == 4 else six).append((int(low), int(high)))
    # All of the internet is 2000::/3, and 1.0.0.0 to 223.255.255.255 with gaps.
    start, end = 1 << 125, (1 << 126) - 1
    inside = [(max(low, start), min(high, end)) for low, high in six if low <= end and high >= start]
    held = {
        _held(_covered(four), wide=1 << 29, most=(1 << 32) * 13 // 16),
        _held(_covered(inside), wide=1 << 122, most=(1 << 125) * 13 // 16),
    }
    return next((one for one in (Applies.YES, Applies.MAYBE) if one in held), Applies.NO)


def all_of(*conditions: Condition) -> Condition:
    """Hold where every one of them does."""

    def holds(packet: Packet) -> Applies:
        held = {condition(packet) for condition in conditions}
        if Applies.NO in held:
            return Applies.NO
        return Applies.MAYBE if Applies.MAYBE in held else Applies.YES

    return holds


def any_of(*conditions: Condition) -> Condition:
    """Hold where one of them does."""

    def holds(packet: Packet) -> Applies:
        held = {condition(packet) for condition in conditions}
        if Applies.YES in held:
            return Applies.YES
        return Applies.MAYBE if Applies.MAYBE in held else Applies.NO

    return holds
