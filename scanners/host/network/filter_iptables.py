"""Read what iptables-save and ip6tables-save print (iptables-extensions(8)). Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from scanners.host.network.filter_model import (
    Base,
    Condition,
    End,
    Rule,
    Ruleset,
    always,
    far_end_is,
    interface_is,
    never,
    perhaps,
    port_in,
    protocol_is,
    published,
    published_port_in,
)

_HOOKS = {"PREROUTING": "prerouting", "INPUT": "input", "FORWARD": "forward", "OUTPUT": "output"}
_FILTERS = ("raw", "mangle", "filter", "security")
_ENDS = {
    "ACCEPT": End.ACCEPT,
    "DROP": End.DENY,
    "REJECT": End.DENY,
    "TARPIT": End.DENY,
    "STEAL": End.DENY,
    "QUEUE": End.ACCEPT,
    "NFQUEUE": End.ACCEPT,
    "RETURN": End.BACK,
    "DNAT": End.PUBLISHED,
}
_ADDRESSES = {"-s": False, "--source": False, "-d": True, "--destination": True}
"""Option → whether it names the far end of an outgoing connection."""
_STATES = ("--ctstate", "--state")
_PORTS = ("--dport", "--dports", "--destination-port", "--destination-ports", "--ports")


def parse_iptables(text: str, family: int) -> Ruleset:
    """Return the chains of every table; raise ValueError for unknown syntax.

    A packet passes through the chains of every table, so each is a base of its own.
    """
    bases: list[Base] = []
    chains: dict[str, list[Rule]] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif match := re.match(r":(\S+) (\S+)", line):
            chains.setdefault(f"{table} {match[1]}", [])
            if table == "nat" and match[1] == "PREROUTING":
                bases.append(Base("nat PREROUTING", "published", frozenset({family}), End.ACCEPT))
            if match[1] in _HOOKS and table in _FILTERS:
                policy = End.DENY if match[2] == "DROP" else End.ACCEPT
                bases.append(Base(f"{table} {match[1]}", _HOOKS[match[1]], frozenset({family}), policy))
        elif re.match(r"(\[\d+:\d+\] )?-A ", line):
            words = shlex.split(line.partition("-A ")[2])
            chains.setdefault(f"{table} {words[0]}", []).append(_rule(words[1:], table))
        elif line.strip() and not line.startswith(("#", "COMMIT")):
            raise ValueError(line[:60])
    # A jump to a target that is no chain (LOG, MARK, CT …) decides nothing.
    kept = {
        name: [rule if not rule.chain or rule.chain in chains else Rule(()) for rule in rules]
        for name, rules in chains.items()
    }
    return Ruleset(tuple(bases), kept, text)


def _rule(words: list[str], table: str) -> Rule:
    conditions: list[Condition] = []
    for option, values, negated in _options(words):
        if option in ("-j", "--jump", "-g", "--goto"):
            end = _ENDS.get(values[0])
            chain = "" if end else f"{table} {values[0]}"
            return Rule(tuple(conditions), end, chain, option in ("-j", "--jump"))
        conditions.append(_condition(option, values, negated))
    return Rule(tuple(conditions))


def _options(words: list[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Give option, its values, and whether an exclamation mark stands before it."""
    at = 0
    while at < len(words):
        negated = words[at] == "!"
        at += negated
        option = words[at] if at < len(words) else ""
        at += 1
        values = []
        while at < len(words) and words[at] != "!" and not re.match(r"--?[A-Za-z]", words[at]):
            values.append(words[at])
            at += 1
        if option in ("-j", "--jump", "-g", "--goto") and not values:
            raise ValueError("a rule without target")
        yield option, values, negated


def _condition(option: str, values: list[str], negated: bool) -> Condition:
    value = values[0] if values else ""
    if option in ("-m", "--match", "--comment"):
        return always
    if option in ("-p", "--protocol"):
        named = frozenset({"tcp", "udp"}) - {value} if negated else frozenset({value})
        return protocol_is(named)
    if option in _ADDRESSES:
        return far_end_is(value.split(","), _ADDRESSES[option], negated)
    if option in ("-i", "--in-interface", "-o", "--out-interface"):
        return interface_is(value, option in ("-o", "--out-interface"), negated)
    if option in _PORTS:
        return port_in([*_ranges(value)], negated)
    return _of_match(option, values, negated)


def _of_match(option: str, values: list[str], negated: bool) -> Condition:
    value = values[0] if values else ""
    if option in _STATES and not negated and "DNAT" in value.split(",") and "NEW" not in value.split(","):
        return published
    if option in _STATES:
        return always if ("NEW" in value.split(",")) != negated else never
    if option == "--dst-type":
        return {
            "LOCAL": _unless(negated),
            "BROADCAST": _unless(not negated),
            "MULTICAST": _unless(not negated),
        }.get(value, perhaps)
    if option in ("--syn",) or (option == "--tcp-flags" and values == ["FIN,SYN,RST,ACK", "SYN"]):
        return never if negated else always
    if option in ("--src-range", "--dst-range"):
        return far_end_is([value], option == "--dst-range", negated)
    if option == "--ctdir":
        # The first packet of a connection goes the way of the one that asked for it.
        return always if (value == "ORIGINAL") != negated else never
    if option == "--ctorigdstport":
        return published_port_in([*_ranges(value)], negated)
    # Types of ICMP are asked of no TCP and no UDP; a card of the network next door is not the internet.
    if option.startswith(("--icmp", "--mac-source")):
        return perhaps if negated else never
    if option == "--match-set":
        return never if not negated and values[-1:] in (["src"], ["src,src"]) else perhaps
    return perhaps


def _unless(negated: bool) -> Condition:
    return never if negated else always


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, sign, last = part.partition(":")
        yield int(first or 0), int(last or 65535) if sign else int(first)
