"""Read what `nft list ruleset` prints (nft(8)). Pure.

Only what decides about a new connection is understood; a rule with any other word may hold or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanners.host.network.filter_model import (
    Base,
    Condition,
    End,
    Rule,
    Ruleset,
    perhaps,
)
from scanners.host.network.nft_matches import ENDS, Words, elements, match_condition

_TOKEN = re.compile(r"\"[^\"]*\"|\{|\}|;|,|[^\s{};,\"]+")
_FAMILIES = {
    "ip": frozenset({4}),
    "ip6": frozenset({6}),
    "inet": frozenset({4, 6}),
    "netdev": frozenset({4, 6}),
}
_HOOKS = {
    "ingress": "prerouting",
    "prerouting": "prerouting",
    "input": "input",
    "forward": "forward",
    "output": "output",
}


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
    return Ruleset(tuple(read.bases), read.chains, text)


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
        read.sets[name] = elements(line[2:])


def _table(path: Sequence[Sequence[str]]) -> str:
    return " ".join(path[0][1:3])


def _note_chain(read: _Read, path: Sequence[Sequence[str]], line: Sequence[str]) -> None:
    name = f"{_table(path)} {path[1][1]}"
    rules = read.chains.setdefault(name, [])
    if line[:1] == ["type"]:
        hook = line[line.index("hook") + 1] if "hook" in line else ""
        kind = _HOOKS.get(hook) if line[1] != "nat" else ("published" if hook == "prerouting" else None)
        if kind is not None:
            devices = frozenset(word.strip('"') for word in _devices(line))
            read.bases.append(Base(name, kind, _FAMILIES[path[0][1]], End.ACCEPT, devices))
    elif line[:1] == ["policy"]:
        if line[1] == "drop":
            read.bases[:] = [_denying(one) if one.chain == name else one for one in read.bases]
    elif line and line[0] not in ("comment", "devices", "flags"):
        rules.extend(_rules(line, _table(path), read.sets))


def _denying(base: Base) -> Base:
    return replace(base, policy=End.DENY)


def _devices(line: Sequence[str]) -> Sequence[str]:
    """Return the interfaces of a chain at the way in: `device "eth0"` or `devices = { "eth0", "eth1" }`."""
    if "device" in line:
        return [line[line.index("device") + 1]]
    return elements(line[line.index("devices") + 2 : line.index("priority")]) if "devices" in line else ()


def _rules(line: Sequence[str], table: str, sets: Mapping[str, list[str]]) -> Iterator[Rule]:
    words = Words(line)
    conditions: list[Condition] = []
    while words:
        word = words.take()
        if word in ENDS:
            yield Rule(tuple(conditions), ENDS[word])
            return
        if word in ("jump", "goto"):
            yield Rule(tuple(conditions), None, f"{table} {words.take()}", word == "jump")
            return
        if word == "dnat" or (word == "xt" and words.ahead(2) == ["target", '"DNAT"']):
            yield Rule(tuple(conditions), End.PUBLISHED)
            return
        if word == "vmap":
            # Which of its members is met is kept open, so each may be.
            yield from _of_map(words.block(), (*conditions, perhaps), table)
            return
        if (condition := match_condition(word, words, table, sets)) is not None:
            conditions.append(condition)
    yield Rule(tuple(conditions))


def _of_map(block: Sequence[str], conditions: tuple[Condition, ...], table: str) -> Iterator[Rule]:
    if not block:
        raise ValueError("a named map of verdicts")
    for at, word in enumerate(block):
        if word in ENDS:
            yield Rule(conditions, ENDS[word])
        elif word in ("jump", "goto"):
            yield Rule(conditions, None, f"{table} {block[at + 1]}", word == "jump")
