"""What a packet filter does to one packet that nobody wrote a rule for. Pure.

What cannot be told about a rule is kept open: the walk gives every end that a packet may come to. A packet is
denied for certain only where that is the one end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class End(Enum):
    """What becomes of a packet in a chain."""

    ACCEPT = "accept"
    DENY = "deny"
    BACK = "back"
    """The chain ended without a decision."""


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
    """input or output."""
    families: frozenset[int]
    policy: End


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Chains of one dump, with what enters them."""

    bases: tuple[Base, ...]
    chains: Mapping[str, Sequence[Rule]]


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
    hook = "output" if packet.outgoing else "input"
    return any(
        ends(ruleset, base, packet) == {End.DENY}
        for ruleset in rulesets
        for base in ruleset.bases
        if base.hook == hook and packet.family in base.families
    )


# Conditions. Each takes what a rule names, and gives the question that it asks of a packet.


def protocol_is(names: frozenset[str]) -> Condition:
    """Hold for these protocols; `all` stands for every one."""
    return lambda packet: Applies.YES if {"all", packet.protocol} & names else Applies.NO


def family_is(family: int) -> Condition:
    """Hold for one IP version."""
    return lambda packet: Applies.YES if packet.family == family else Applies.NO


def port_in(ranges: Sequence[tuple[int, int]], negated: bool = False) -> Condition:
    """Hold for these destination ports; a port that no rule names is in wide ranges alone."""
    widest = 30000

    def holds(packet: Packet) -> Applies:
        if packet.port is None:
            inside = any(last - first >= widest for first, last in ranges)
        else:
            inside = any(first <= packet.port <= last for first, last in ranges)
        return Applies.YES if inside != negated else Applies.NO

    return holds


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
    """Hold for an address of the internet that no rule names: inside the widest networks alone.

    `outgoing` says that a rule names the destination. The host's own address is another matter: MAYBE.
    """
    narrowest_wide = 3

    multicast = all(re.match(r"22[4-9]\.|23\d\.|ff", prefix, re.IGNORECASE) for prefix in prefixes)

    def holds(packet: Packet) -> Applies:
        if multicast and not negated:
            return Applies.NO
        if packet.outgoing is not outgoing:
            return Applies.MAYBE
        wide = any(int(prefix.partition("/")[2] or 128) <= narrowest_wide for prefix in prefixes)
        # 2000::/3 is all of the internet; half of IPv4 twice is all of it too.
        return Applies.YES if wide != negated else Applies.NO

    return holds


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
