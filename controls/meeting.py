"""Lay what a host says of itself and what was found of it from outside together. Pure.

Only what both sides looked at is compared: a port that was not asked is not called unreachable, an address
that could not be scanned leaves open what may answer there, and of sshd only the ports are compared that it
says to listen on itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from auditor.model.facts import JSON, Facts

_ALGORITHMS = {
    "ssh.ciphers": "host.sshd_ciphers",
    "ssh.macs": "host.sshd_macs",
    "ssh.key_exchange": "host.sshd_kex",
    "ssh.host_key_algorithms": "host.sshd_host_key_algorithms",
}
"""What sshd offers → the setting that lists what it may offer."""
_OFFERED_METHODS, _SET_METHODS = "ssh.authentication_methods", "host.sshd_authentication"
_OF_METHODS = ("authentication", "gssapi")
"""Parts of the keywords by which a Match block changes the ways to log in."""
_NOT_LISTED = ("ext-info-", "kex-strict-", "gss-")
"""Markers among the key exchanges, and those of Kerberos, which have a setting of their own."""


@dataclass(frozen=True, slots=True)
class SshOffer:
    """What one SSH port of the server offered."""

    port: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the port scan saw of one address."""

    address: str
    open_ports: frozenset[int]
    asked: tuple[tuple[int, int], ...]

    def was_asked(self, port: int) -> bool:
        return any(first <= port <= last for first, last in self.asked)


def meeting_facts(host: Facts, addresses: Mapping[str, Facts], offers: Sequence[SshOffer]) -> Facts:
    """Return the derived facts of one host; one is missing while what it rests on is.

    `host` are the facts of the host itself; `addresses` gives for every address of the server what its port
    scan found, nothing where it was not measured; `offers` is one entry for each SSH port of the server.
    """
    seen = [_seen(address, facts) for address, facts in addresses.items()]
    known = [one for one in seen if one is not None]
    return {
        **_of_ports(host, known, whole=bool(seen) and len(known) == len(seen)),
        **_of_sshd(host, offers),
    }


def _seen(address: str, facts: Facts) -> _Seen | None:
    ports, scanned = facts.get("ports.open"), facts.get("ports.scanned")
    if not isinstance(ports, list) or not isinstance(scanned, str):
        return None
    return _Seen(address, frozenset(one for one in ports if isinstance(one, int)), tuple(_ranges(scanned)))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, sign, last = part.strip().partition("-")
        if first.isdigit() and (last.isdigit() or not sign):
            yield int(first), int(last or first)


def _of_ports(host: Facts, seen: Sequence[_Seen], *, whole: bool) -> Facts:
    listening = host.get("host.listening")
    if not isinstance(listening, list) or not seen:
        return {}
    found: dict[str, JSON] = {}
    for_others = [(address, port) for address, port, reach in _tcp(listening) if reach != "loopback"]
    unknown = {port for one in seen for port in one.open_ports} - {port for _, port in for_others}
    # One port that nobody inside knows is enough; that there is none takes every address.
    if whole or unknown:
        found["host.ports_unknown_inside"] = [*sorted(unknown)]
    if whole:
        hidden = {port for address, port in for_others if _is_hidden(address, port, seen)}
        reached = {port for one in seen for port in one.open_ports}
        found["host.ports_not_reachable"] = [*sorted(hidden - reached)]
    return found


def _tcp(listening: Iterable[JSON]) -> Iterator[tuple[str, int, str]]:
    for one in listening:
        if (
            isinstance(one, dict)
            and one.get("protocol") == "tcp"
            and isinstance(port := one.get("port"), int)
        ):
            yield str(one.get("address")), port, str(one.get("reach"))


def _is_hidden(address: str, port: int, seen: Sequence[_Seen]) -> bool:
    """Return whether a socket was looked for where it listens; `*` is every address."""
    looked = [one for one in seen if address == "*" or _same(address, one.address)]
    return bool(looked) and all(one.was_asked(port) for one in looked)


def _same(one: str, other: str) -> bool:
    try:
        return ip_address(one) == ip_address(other)
    except ValueError:
        return False


def _of_sshd(host: Facts, offers: Sequence[SshOffer]) -> Facts:
    ports = host.get("host.sshd_ports")
    own = [one for one in offers if isinstance(ports, list) and one.port in ports]
    found: list[str] = []
    compared = 0
    for offer in own:
        for offered, setting in (*_ALGORITHMS.items(), *_methods(host)):
            has, may = offer.facts.get(offered), host.get(setting)
            if not isinstance(has, list) or not isinstance(may, list):
                return {}
            compared += 1
            extra = [str(one) for one in has if one not in may and not str(one).startswith(_NOT_LISTED)]
            found.extend(f"{one} ({offered.partition('.')[2]}, port {offer.port})" for one in extra)
    return {"host.sshd_offers_unset": [*dict.fromkeys(found)]} if compared else {}


def _methods(host: Facts) -> Iterator[tuple[str, str]]:
    """Give the ways to log in, unless a Match block may set others for whom the scanner took itself."""
    blocks = host.get("host.sshd_match")
    if not isinstance(blocks, list):
        return
    named = [str(one.get("setting")) for one in blocks if isinstance(one, dict)]
    if not any(part in setting for setting in named for part in _OF_METHODS):
        yield _OFFERED_METHODS, _SET_METHODS
