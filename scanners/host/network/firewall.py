"""Read what the packet filter of a host lets in and out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.network.filter_iptables import parse_iptables
from scanners.host.network.filter_model import Packet, Ruleset, is_denied
from scanners.host.network.filter_nft import parse_nft
from scanners.host.network.listening import listening
from scanners.host.network.published import published_ports
from scanners.host.report import Reason, Report, State, Unread

_INNER = re.compile(
    r"lo$|(docker|br-|virbr|veth|cni|flannel|cali|podman|lxc|lxd|vnet|tun|tap|wg|ifb|dummy|tailscale|zt)"
)
"""Interfaces behind which no other network of the organisation lies."""

_MOST_INTERFACES = 40
_MOST_STEPS = 3_000_000
"""Rules that are asked at most; a hostile host could name more without end."""


def _kernel(report: Report, word: str) -> list[str]:
    return [
        rest
        for name, _, rest in (line.partition(" ") for line in report.lines("firewall-kernel"))
        if name == word
    ]


def _rulesets(report: Report) -> tuple[list[Ruleset], Unread | None]:
    """Return every dump that could be read, and why one could not; what the kernel does not hold has none."""
    loaded = _kernel(report, "filter")
    found: list[Ruleset] = []
    problem: Unread | None = None
    for name, wanted in (
        ("firewall-nft", {"nft"}),
        ("firewall-ipv4", {"nft", "iptables"}),
        ("firewall-ipv6", {"nft", "ip6tables"}),
    ):
        if not wanted & {*loaded}:
            continue
        try:
            text = _dump(report, name)
            if text is not None:
                found.append(
                    parse_nft(text) if name == "firewall-nft" else parse_iptables(text, int(name[-1]))
                )
        except Unread as error:
            problem = error
        except ValueError as error:
            problem = Unread(Reason.NOT_UNDERSTOOD, f"{name}: {error}")
    if "nft" in loaded and not found and problem is None:
        problem = Unread(Reason.TOOL_MISSING, "nft")
    return found, problem


def _dump(report: Report, name: str) -> str | None:
    section = report.section(name)
    if section.state is State.ABSENT:
        return None
    if section.exit_code != 0:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{name} ended with status {section.exit_code}")
    return section.text


def _interfaces(report: Report) -> list[str]:
    """Return the interfaces that lead out of the host; one of no name where none is shown."""
    found = [name for name in _kernel(report, "interface") if not _INNER.match(name)] or ["eth0"]
    if len(found) > _MOST_INTERFACES:
        raise Unread(Reason.TOO_MUCH, f"{len(found)} interfaces")
    return found


def _passing(
    report: Report, rulesets: Sequence[Ruleset], family: int, port: int | None, outgoing: bool
) -> bool:
    return any(
        not is_denied(rulesets, Packet(family, protocol, port, interface, outgoing))
        for protocol in (("tcp", "udp") if port is None else ("tcp",))
        for interface in _interfaces(report)
    )


def _open_families(report: Report, outgoing: bool) -> JSON:
    """Return the IP versions in which a packet passes that no rule names.

    Where a part of the rules could not be read, what is denied for certain stays so; the rest is unread.
    """
    rulesets, problem = _rulesets(report)
    families = sorted(int(one) for one in _kernel(report, "family"))
    passing = [family for family in families if _passing(report, rulesets, family, None, outgoing)]
    if passing and problem is not None:
        raise problem
    return [f"IPv{family}" for family in passing]


def _open_ports(report: Report) -> JSON:
    """Return the TCP ports with a listener that the filter lets every address of the internet reach."""
    rulesets, problem = _rulesets(report)
    families = [int(one) for one in _kernel(report, "family")]
    ports = {one.port for one in listening(report) if one.protocol == "tcp" and one.reach != "loopback"}
    rules = sum(len(chain) for ruleset in rulesets for chain in ruleset.chains.values())
    if len(ports) * len(families) * len(_interfaces(report)) * rules > _MOST_STEPS:
        raise Unread(Reason.TOO_MUCH, f"{rules} rules for {len(ports)} ports")
    found = [
        port
        for port in sorted(ports)
        if any(_passing(report, rulesets, family, port, outgoing=False) for family in families)
    ]
    if found and problem is not None:
        raise problem
    return [*sorted({*found, *report.once(_published)})]


def _published(report: Report) -> list[int]:
    rulesets, problem = _rulesets(report)
    if problem is not None:
        raise problem
    families = [int(one) for one in _kernel(report, "family")]
    return published_ports(rulesets, families, _interfaces(report))


READERS: dict[str, Reader] = {
    "host.firewall_open_inbound": lambda report: _open_families(report, outgoing=False),
    "host.firewall_open_outbound": lambda report: _open_families(report, outgoing=True),
    "host.firewall_open_ports": _open_ports,
    "host.firewall_published_ports": lambda report: [*report.once(_published)],
}
