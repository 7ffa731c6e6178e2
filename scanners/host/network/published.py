"""Read which ports a packet filter sends on to other addresses, as Docker does. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scanners.host.network.filter_model import End, Packet, Ruleset, ends_at
from scanners.host.network.nft_matches import NAMED_PORTS
from scanners.host.report import Reason, Unread

_DNAT = re.compile(r"-j DNAT\b|\bdnat\b(?! accept)|xt target \"DNAT\"")
_NUMBERS = re.compile(r"(?<![\d.:])(\d{1,5})(?:[:-](\d{1,5}))?(?![\d.])")
_SENT_ON = re.compile(r"dport (\d{1,5})\s.*?(?:--to-destination|\bdnat\b.*?\bto) \S*?:(\d{1,5})(?![\d:])")
"""A rule for one port, and the port that it is sent on to."""
_MOST_PORTS = 5000


def published_ports(
    rulesets: Sequence[Ruleset], families: Sequence[int], interfaces: Sequence[str]
) -> list[int]:
    """Return the TCP ports that are sent on for every address of the internet, ascending; raise Unread.

    Every number in the rules is asked, as chains and sets may keep a port far from the rule that sends it on.
    """
    sending = [one for one in rulesets if _DNAT.search(one.text)]
    packets = [Packet(family, "tcp", None, interface) for family in families for interface in interfaces]
    if any(_is_sent_on(sending, packet) for packet in packets):
        raise Unread(Reason.NOT_UNDERSTOOD, "a DNAT rule for ports that it does not name")
    named = {port for one in sending for port in _named(one.text)} if sending else set()
    if len(named) > _MOST_PORTS:
        raise Unread(Reason.TOO_MUCH, f"{len(named)} ports in rules with DNAT")
    return [
        port
        for port in sorted(named)
        if any(_passes(rulesets, sending, family, port, one) for family in families for one in interfaces)
    ]


def _named(text: str) -> Iterator[int]:
    yield from NAMED_PORTS.values()
    for line in re.sub(r"packets \d+ bytes \d+|\[\d+:\d+\]|#.*", "", text).splitlines():
        for match in _NUMBERS.finditer(line):
            first, last = int(match[1]), int(match[2] or match[1])
            yield from range(max(1, first), min(last, 65535) + 1)


def _is_sent_on(rulesets: Sequence[Ruleset], packet: Packet) -> bool:
    return any(End.PUBLISHED in came for came in ends_at(rulesets, ("published",), packet))


def _passes(
    rulesets: Sequence[Ruleset], sending: Sequence[Ruleset], family: int, port: int, interface: str
) -> bool:
    packet = Packet(family, "tcp", port, interface)
    if not _is_sent_on(sending, packet):
        return False
    if any(came == {End.DENY} for came in ends_at(rulesets, ("prerouting",), packet)):
        return False
    pairs = {(int(one[1]), int(one[2])) for ruleset in sending for one in _SENT_ON.finditer(ruleset.text)}
    targets = {target for source, target in pairs if source == port} or {
        port,
        *(target for _, target in pairs),
    }
    return any(
        all(
            came != {End.DENY}
            for came in ends_at(rulesets, ("forward",), Packet(family, "tcp", target, interface, False, port))
        )
        for target in targets
    )
