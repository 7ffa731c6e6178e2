"""Read what a rule of nft asks about a packet, word by word (nft(8)). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scanners.host.network.filter_model import (
    Condition,
    End,
    all_of,
    always,
    any_of,
    family_is,
    far_end_is,
    interface_is,
    never,
    perhaps,
    port_in,
    protocol_is,
    published,
)

ENDS = {
    "accept": End.ACCEPT,
    "drop": End.DENY,
    "reject": End.DENY,
    "queue": End.ACCEPT,
    "return": End.BACK,
    "continue": None,
}
NAMED_PORTS = {
    "ssh": 22,
    "domain": 53,
    "http": 80,
    "https": 443,
    "smtp": 25,
    "mysql": 3306,
    "postgresql": 5432,
}
"""Services that old releases of nft print by name; another name may be any port."""


def elements(words: Sequence[str]) -> list[str]:
    """Return the members of a set in braces, without timeouts and counters."""
    members: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            members.append([])
        elif word not in ("{", "}"):
            members[-1].append(word)
    return [one[0] for one in members if one]


class Words:
    """The words of one rule, taken from the left."""

    def __init__(self, words: Sequence[str]) -> None:
        self._rest = [*reversed(words)]

    def __bool__(self) -> bool:
        return bool(self._rest)

    def take(self) -> str:
        """Return the next word; empty at the end."""
        return self._rest.pop() if self._rest else ""

    def peek(self) -> str:
        """Return the next word without taking it."""
        return self._rest[-1] if self._rest else ""

    def ahead(self, number: int) -> list[str]:
        """Return so many of the next words without taking them."""
        return [*reversed(self._rest[-number:])]

    def skip(self, number: int) -> None:
        """Take so many words."""
        for _ in range(number):
            self.take()

    def put_back(self, words: Sequence[str]) -> None:
        """Let these words be the next."""
        self._rest.extend(reversed(words))

    def values(self) -> tuple[list[str], bool]:
        """Return what stands on the right of a match, and whether it is negated."""
        negated = self.peek() == "!="
        if self.peek() in ("!=", "=="):
            self.take()
        if self.peek() == "{":
            return elements(self.block()), negated
        found = [self.take()]
        while self.peek() == ",":
            self.take()
            found.append(self.take())
        return found, negated

    def block(self) -> list[str]:
        """Return the words of a set in braces, with the braces."""
        depth, found = 0, []
        while self:
            word = self.take()
            found.append(word)
            depth += {"{": 1, "}": -1}.get(word, 0)
            if depth == 0:
                break
        return found


def match_condition(word: str, words: Words, table: str, sets: Mapping[str, list[str]]) -> Condition | None:
    """Return the condition that a word begins; None for a statement that asks nothing."""
    if word in ("counter", "log", "comment", "notrack"):
        _pass_over(word, words)
        return None
    if word == "meta":
        word = words.take()
        if words.peek() == "set":
            words.skip(2)
            return None
    if word == "ct":
        return _of_state(words)
    if word in ("iifname", "iif", "oifname", "oif"):
        return _of_interface(word, words)
    if word in ("l4proto", "nfproto", "pkttype"):
        return _of_meta(word, words)
    if word in ("ip", "ip6"):
        return _of_address(word, words, table, sets)
    if word in ("tcp", "udp", "th"):
        return _of_port(word, words, table, sets)
    if word in ("icmp", "icmpv6", "igmp", "esp", "ah", "sctp", "dccp", "udplite"):
        words.take()
        words.values()
        return never
    if word == "fib" and words.peek() == "daddr":
        words.take()
        if words.take() != "type":
            return perhaps
        values, negated = words.values()
        return (
            (always if ("local" in values) != negated else never) if "@" not in "".join(values) else perhaps
        )
    return perhaps


def _pass_over(word: str, words: Words) -> None:
    """Take the arguments of a statement."""
    if word == "comment":
        words.take()
    elif word == "counter":
        if words.peek() == "name":
            words.skip(2)
        elif words.peek() == "packets":
            words.skip(4)
    elif word == "log":
        while words.peek() in ("prefix", "level", "group", "flags", "snaplen", "queue-threshold"):
            words.skip(2)


def _of_state(words: Words) -> Condition:
    what = words.take()
    if words.peek() == "set":
        words.skip(2)
        return always
    if what != "state":
        if what == "status":
            values, negated = words.values()
            return perhaps if negated or "dnat" not in values else published
        return perhaps
    if words.peek() == "vmap":
        words.take()
        verdict = re.search(r"(?:^| )new : ([^,}]*)", " ".join(words.block()))
        words.put_back(verdict[1].split() if verdict else [])
        return always if verdict else never
    values, negated = words.values()
    return always if ("new" in values) != negated else never


def _of_interface(word: str, words: Words) -> Condition:
    if words.peek() == "vmap":
        return always
    values, negated = words.values()
    if any(value.startswith("@") for value in values):
        return perhaps
    each = [interface_is(value.strip('"'), word.startswith("o"), negated) for value in values]
    return all_of(*each) if negated else any_of(*each)


def _of_meta(word: str, words: Words) -> Condition:
    if words.peek() == "vmap":
        return always
    values, negated = words.values()
    if word == "pkttype":
        return always if negated or {"host", "unicast"} & {*values} else never
    if word == "nfproto":
        families = {"ipv4": 4, "ipv6": 6}
        return perhaps if negated or values[0] not in families else family_is(families[values[0]])
    named = frozenset({"6": "tcp", "17": "udp"}.get(value, value) for value in values)
    return protocol_is(frozenset({"tcp", "udp"}) - named if negated else named)


def _of_address(word: str, words: Words, table: str, sets: Mapping[str, list[str]]) -> Condition:
    what = words.take()
    of_family = family_is(4 if word == "ip" else 6)
    if what in ("protocol", "nexthdr"):
        return all_of(of_family, _of_meta("l4proto", words))
    if what not in ("saddr", "daddr") or words.peek() in ("vmap", "."):
        return perhaps
    values, negated = words.values()
    if words.peek() == ".":
        return perhaps
    members = [one for value in values for one in _members(value, table, sets)]
    narrow = [one for one in members if not one.startswith("@")]
    if len(narrow) < len(members) and what == "daddr":
        return perhaps
    return all_of(of_family, far_end_is(narrow, what == "daddr", negated))


def _members(value: str, table: str, sets: Mapping[str, list[str]]) -> list[str]:
    """Return the members of a named set; those of one that is filled while it runs are narrow."""
    return sets.get(f"{table} {value}", [value]) if value.startswith("@") else [value]


def _of_port(word: str, words: Words, table: str, sets: Mapping[str, list[str]]) -> Condition:
    what = words.take()
    of_protocol = always if word == "th" else protocol_is(frozenset({word}))
    if what == "flags":
        return all_of(of_protocol, _perhaps_flags(words))
    if what != "dport" or words.peek() == "vmap":
        if what == "sport":
            words.values()
        return all_of(of_protocol, perhaps)
    values, negated = words.values()
    if words.peek() == ".":
        return all_of(of_protocol, perhaps)
    members = [one for value in values for one in _members(value, table, sets)]
    if any(_ports(one) is None for one in members):
        return all_of(of_protocol, perhaps)
    ranges = [found for one in members if (found := _ports(one)) is not None]
    return all_of(of_protocol, port_in(ranges, negated))


def _perhaps_flags(words: Words) -> Condition:
    while words and words.peek() not in ENDS and words.peek() not in ("counter", "jump", "goto", "log"):
        words.take()
    return perhaps


def _ports(text: str) -> tuple[int, int] | None:
    """Return a port or a range of ports; None for a name that is not known."""
    first, sign, last = text.strip('"').partition("-")
    numbers = [
        int(one) if one.isdigit() else NAMED_PORTS.get(one) for one in ((first, last) if sign else (first,))
    ]
    if numbers[0] is None or numbers[-1] is None:
        return None
    return numbers[0], numbers[-1]
