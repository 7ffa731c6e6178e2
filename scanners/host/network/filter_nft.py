"""Read what `nft list ruleset` prints (nft(8)). Pure.

Only what decides about a new connection is understood; a rule with any other word may hold or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scanners.host.network.filter_model import (
    Base,
    Condition,
    End,
    Rule,
    Ruleset,
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
)

_TOKEN = re.compile(r"\"[^\"]*\"|\{|\}|;|,|[^\s{};,\"]+")
_FAMILIES = {"ip": frozenset({4}), "ip6": frozenset({6}), "inet": frozenset({4, 6})}
_ENDS = {
    "accept": End.ACCEPT,
    "drop": End.DENY,
    "reject": End.DENY,
    "queue": End.ACCEPT,
    "return": End.BACK,
    "continue": None,
}
_NAMED_PORTS = {
    "ssh": 22,
    "domain": 53,
    "http": 80,
    "https": 443,
    "smtp": 25,
    "mysql": 3306,
    "postgresql": 5432,
}
"""Services that old releases of nft print by name; another name may be any port."""


@dataclass(slots=True)
class _Read:
    """What was read so far."""

    bases: list[Base] = field(default_factory=list)
    chains: dict[str, list[Rule]] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)


def parse_nft(text: str) -> Ruleset:
    """Return the chains of all tables for IPv4 and IPv6; raise ValueError for unknown syntax."""
    lines = [*_lines(text)]
    read = _Read()
    # Sets may stand behind the chains that ask them.
    for path, line in lines:
        if len(path) == 2 and path[1][0] in ("set", "map"):
            _note_set(read, path, line)
    for path, line in lines:
        if len(path) == 2 and path[1][0] == "chain" and path[0][1] in _FAMILIES:
            _note_chain(read, path, line)
    return Ruleset(tuple(read.bases), read.chains)


def _lines(text: str) -> Iterator[tuple[tuple[list[str], ...], list[str]]]:
    """Give each statement with the blocks around it; a set in braces stays within its statement."""
    path: list[list[str]] = []
    words: list[str] = []
    depth = 0
    for number, line in enumerate(text.splitlines()):
        for word in _TOKEN.findall(_without_comment(line)):
            if word == "{" and not depth and _opens_block(words, path):
                path.append(words)
                yield tuple(path), []
                words = []
                continue
            if word == "}" and not depth:
                if words:
                    yield tuple(path), words
                words = []
                if not path:
                    raise ValueError(f"line {number + 1}: a block ends that did not begin")
                path.pop()
                continue
            depth += {"{": 1, "}": -1}.get(word, 0)
            if word == ";" and not depth:
                if words:
                    yield tuple(path), words
                words = []
                continue
            words.append(word)
        if words and not depth:
            yield tuple(path), words
            words = []
    if path or words:
        raise ValueError("the ruleset breaks off")


def _without_comment(line: str) -> str:
    return "" if line.lstrip().startswith("#") else line


def _opens_block(words: Sequence[str], path: Sequence[object]) -> bool:
    first = words[0] if words else ""
    return (not path and first == "table") or (len(path) == 1 and first in _BLOCKS)


_BLOCKS = (
    "chain",
    "set",
    "map",
    "flowtable",
    "counter",
    "quota",
    "limit",
    "ct",
    "secmark",
    "synproxy",
    "tunnel",
)


def _note_set(read: _Read, path: Sequence[Sequence[str]], line: Sequence[str]) -> None:
    name = f"{_table(path)} @{path[1][1]}"
    read.sets.setdefault(name, [])
    if line[:2] == ["elements", "="]:
        read.sets[name] = _elements(line[2:])


def _table(path: Sequence[Sequence[str]]) -> str:
    return " ".join(path[0][1:3])


def _elements(words: Sequence[str]) -> list[str]:
    """Return the members of a set in braces, without timeouts and counters."""
    members: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            members.append([])
        elif word not in ("{", "}"):
            members[-1].append(word)
    return [one[0] for one in members if one]


def _note_chain(read: _Read, path: Sequence[Sequence[str]], line: Sequence[str]) -> None:
    name = f"{_table(path)} {path[1][1]}"
    rules = read.chains.setdefault(name, [])
    if line[:1] == ["type"]:
        if (
            "hook" in line
            and (hook := line[line.index("hook") + 1]) in ("input", "output")
            and line[1] != "nat"
        ):
            read.bases.append(Base(name, hook, _FAMILIES[path[0][1]], End.ACCEPT))
    elif line[:1] == ["policy"]:
        if line[1] == "drop":
            read.bases[:] = [_denying(one) if one.chain == name else one for one in read.bases]
    elif line and line[0] not in ("comment", "devices", "flags"):
        rules.extend(_rules(line, _table(path), read.sets))


def _denying(base: Base) -> Base:
    return Base(base.chain, base.hook, base.families, End.DENY)


class _Words:
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
            return _elements(self.block()), negated
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


def _rules(line: Sequence[str], table: str, sets: Mapping[str, list[str]]) -> Iterator[Rule]:
    words = _Words(line)
    conditions: list[Condition] = []
    while words:
        word = words.take()
        if word in _ENDS:
            yield Rule(tuple(conditions), _ENDS[word])
            return
        if word in ("jump", "goto"):
            yield Rule(tuple(conditions), None, f"{table} {words.take()}", word == "jump")
            return
        if word == "vmap":
            # Which of its members is met is kept open, so each may be.
            yield from _of_map(words.block(), (*conditions, perhaps), table)
            return
        if (condition := _match(word, words, table, sets)) is not None:
            conditions.append(condition)
    yield Rule(tuple(conditions))


def _of_map(block: Sequence[str], conditions: tuple[Condition, ...], table: str) -> Iterator[Rule]:
    if not block:
        raise ValueError("a named map of verdicts")
    for at, word in enumerate(block):
        if word in _ENDS:
            yield Rule(conditions, _ENDS[word])
        elif word in ("jump", "goto"):
            yield Rule(conditions, None, f"{table} {block[at + 1]}", word == "jump")


def _match(word: str, words: _Words, table: str, sets: Mapping[str, list[str]]) -> Condition | None:
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


def _pass_over(word: str, words: _Words) -> None:
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


def _of_state(words: _Words) -> Condition:
    what = words.take()
    if words.peek() == "set":
        words.skip(2)
        return always
    if what != "state":
        if what == "status":
            values, negated = words.values()
            # A new connection that is not redirected has no such state.
            return perhaps if negated or "dnat" not in values else never
        return perhaps
    if words.peek() == "vmap":
        words.take()
        verdict = re.search(r"(?:^| )new : ([^,}]*)", " ".join(words.block()))
        words.put_back(verdict[1].split() if verdict else [])
        return always if verdict else never
    values, negated = words.values()
    return always if ("new" in values) != negated else never


def _of_interface(word: str, words: _Words) -> Condition:
    if words.peek() == "vmap":
        return always
    values, negated = words.values()
    if any(value.startswith("@") for value in values):
        return perhaps
    each = [interface_is(value.strip('"'), word.startswith("o"), negated) for value in values]
    return all_of(*each) if negated else any_of(*each)


def _of_meta(word: str, words: _Words) -> Condition:
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


def _of_address(word: str, words: _Words, table: str, sets: Mapping[str, list[str]]) -> Condition:
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
    prefixes = [one if "/" in one else f"{one}/128" for one in narrow]
    if len(narrow) < len(members) and what == "daddr":
        return perhaps
    return all_of(of_family, far_end_is(prefixes, what == "daddr", negated))


def _members(value: str, table: str, sets: Mapping[str, list[str]]) -> list[str]:
    """Return the members of a named set; those of one that is filled while it runs are narrow."""
    return sets.get(f"{table} {value}", [value]) if value.startswith("@") else [value]


def _of_port(word: str, words: _Words, table: str, sets: Mapping[str, list[str]]) -> Condition:
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


def _perhaps_flags(words: _Words) -> Condition:
    while words and words.peek() not in _ENDS and words.peek() not in ("counter", "jump", "goto", "log"):
        words.take()
    return perhaps


def _ports(text: str) -> tuple[int, int] | None:
    """Return a port or a range of ports; None for a name that is not known."""
    first, sign, last = text.strip('"').partition("-")
    numbers = [
        int(one) if one.isdigit() else _NAMED_PORTS.get(one) for one in ((first, last) if sign else (first,))
    ]
    if numbers[0] is None or numbers[-1] is None:
        return None
    return numbers[0], numbers[-1]
