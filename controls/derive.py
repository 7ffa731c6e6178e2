"""Facts that no single measurement can give: what is shared between servers, what nobody registered. Pure.

They speak about what was measured in this audit. A key that is shared with a server which could not be
measured is not seen; so these facts, unlike all others, can say less when evidence of another server is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address

from auditor.model.facts import JSON, Facts
from auditor.model.subject import SubjectKind
from controls.inside import corrected, release_facts
from controls.meeting import SshOffer, meeting_facts
from controls.software import software_facts
from controls.software_pack import Pack
from controls.subjects import Measured, Presence

_Endpoint = tuple[str, str, int]
_Shared = Mapping[str, frozenset[str]]
"""Digest of a key or certificate → who shows it."""


@dataclass(frozen=True, slots=True)
class _Across:
    """What was seen over the whole audit."""

    keys: _Shared
    """Digest of a certificate's public key → OPDs that serve it."""
    wildcards: _Shared
    """Digest of a wildcard certificate → servers that present it."""
    host_keys: _Shared
    """Digest of an SSH host key → servers that have it."""
    open_ports: Mapping[str, Sequence[tuple[int, frozenset[int] | None]]]
    """Server → IP version and open ports of each of its addresses; None where these are not known."""
    registered: frozenset[str]
    all_registered: bool
    sites: Mapping[_Endpoint, Measured]
    """Server, address and port → the first site there."""
    pack: Pack
    now: datetime
    inside: Mapping[str, Facts]
    """Server → what its inside shows; a server that was not looked into has none."""
    addresses: Mapping[str, Mapping[str, Facts]]
    """Server → address → what the port scan found there."""
    ssh_offers: Mapping[str, Sequence[SshOffer]]
    """Server → what each of its SSH ports offered."""


def derive(
    subjects: Sequence[Measured],
    registered: Iterable[str],
    pack: Pack,
    now: datetime,
    *,
    all_registered: bool = True,
) -> tuple[Measured, ...]:
    """Return the subjects with the derived facts added.

    `registered` are all addresses of the inventory, as far as its names gave any; `all_registered` says
    whether every one did. Support of software is asked for the day `now`.
    """
    across = _Across(
        keys=_grouped(_certificate_keys(subjects)),
        wildcards=_grouped(_wildcards(subjects)),
        host_keys=_grouped(_host_keys(subjects)),
        open_ports=_open_ports(subjects),
        registered=frozenset(registered),
        all_registered=all_registered,
        sites=_first_sites(subjects),
        pack=pack,
        now=now,
        inside={
            one.subject.server: {**one.facts, **release_facts(one.facts, pack, now)}
            for one in subjects
            if one.subject.kind is SubjectKind.HOST and one.presence is Presence.PRESENT
        },
        addresses=_addresses(subjects),
        ssh_offers=_ssh_offers(subjects),
    )
    return tuple(
        replace(one, facts={**one.facts, **added}) if (added := _added(one, across)) else one
        for one in subjects
    )


def _added(one: Measured, across: _Across) -> Facts:
    match one.subject.kind:
        case SubjectKind.CERTIFICATE:
            return _of_certificate(one, across)
        case SubjectKind.SSH if isinstance(one.facts.get("ssh.host_keys"), list):
            digests = [digest for digest, _ in _host_keys([one])]
            return {"ssh.host_key_shared_with": _others(digests, across.host_keys, one.subject.server)}
        case SubjectKind.ADDRESS if "ports.open" in one.facts:
            return _only_ipv6(one, across)
        case SubjectKind.SERVICE:
            found = _software(one, across)
            inside = across.inside.get(one.subject.server)
            # What the host's own packages say is measured, and beats what a banner lets suppose.
            return corrected(found, inside, one.subject.port, across.pack, across.now) if inside else found
        case SubjectKind.HOST if one.presence is Presence.PRESENT:
            return {
                **release_facts(one.facts, across.pack, across.now),
                **meeting_facts(
                    one.facts,
                    across.addresses.get(one.subject.server, {}),
                    across.ssh_offers.get(one.subject.server, ()),
                ),
            }
        case SubjectKind.HTTP:
            return _of_site(one, across)
        case SubjectKind.NETWORK if isinstance(answering := one.facts.get("hosts.answering"), list):
            return _unregistered(answering, across)
    return {}


def _unregistered(answering: Iterable[JSON], across: _Across) -> Facts:
    """Tell who is not registered; a stranger may be the server whose name gave no address today."""
    found = [host for host in answering if host not in across.registered]
    return {"hosts.unregistered": found} if across.all_registered or not found else {}


def _of_certificate(one: Measured, across: _Across) -> Facts:
    added: dict[str, JSON] = {}
    if "certificate.spki_sha256" in one.facts:
        digests = [str(one.facts["certificate.spki_sha256"])]
        added["certificate.key_shared_with"] = _others(digests, across.keys, one.opd)
    if "certificate.sha256" in one.facts and "certificate.wildcard" in one.facts:
        servers = across.wildcards.get(str(one.facts["certificate.sha256"]), frozenset())
        added["certificate.wildcard_servers"] = [*sorted(servers)]
    return added


_FRONT = ("http.server", "http.powered_by")
_CMS = ("http.cms", "http.cms_version")


def _software(one: Measured, across: _Across) -> Facts:
    """Tell the software of a service, with what the headers of its first site show.

    Where a site was there to be looked at and its evidence is lost, nothing is told: it may have shown more.
    """
    site = across.sites.get(_endpoint(one))
    if site is None:
        return software_facts(_only(one.facts, "service."), across.pack, across.now)
    if any(name not in site.facts for name in _FRONT):
        return {}
    front = {name: site.facts[name] for name in _FRONT} | dict.fromkeys(_CMS)
    return software_facts({**_only(one.facts, "service."), **front}, across.pack, across.now)


def _of_site(one: Measured, across: _Across) -> Facts:
    if any(name not in one.facts for name in _CMS):
        return {}
    record: dict[str, JSON] = {"service.product": None, "service.version": None, "service.cpe": []}
    record |= dict.fromkeys(_FRONT) | {name: one.facts[name] for name in _CMS}
    found = software_facts(record, across.pack, across.now)
    names = {"software.end_of_life": "http.cms_end_of_life", "software.pack_date": "http.pack_date"}
    return {new: found[old] for old, new in names.items() if old in found}


def _only(facts: Facts, prefix: str) -> Facts:
    return {name: value for name, value in facts.items() if name.startswith(prefix)}


def _endpoint(one: Measured) -> _Endpoint:
    return one.subject.server, one.subject.address, one.subject.port


def _first_sites(subjects: Iterable[Measured]) -> dict[_Endpoint, Measured]:
    found: dict[_Endpoint, Measured] = {}
    for one in subjects:
        if one.subject.kind is SubjectKind.HTTP and one.presence is not Presence.ABSENT:
            found.setdefault(_endpoint(one), one)
    return found


def _others(digests: Iterable[str], shared: _Shared, own: str) -> list[JSON]:
    found = {who for digest in digests for who in shared.get(digest, frozenset())}
    return [*sorted(found - {own})]


def _only_ipv6(one: Measured, across: _Across) -> Facts:
    """Compare the families; say nothing while the ports of an address are not known."""
    addresses = across.open_ports[one.subject.server]
    if {version for version, _ in addresses} != {4, 6}:
        return {"ports.only_ipv6": None}
    known = [(version, ports) for version, ports in addresses if ports is not None]
    if len(known) < len(addresses):
        return {}
    over_ipv4 = {port for version, ports in known if version == 4 for port in ports}
    over_ipv6 = {port for version, ports in known if version == 6 for port in ports}
    return {"ports.only_ipv6": [*sorted(over_ipv6 - over_ipv4)]}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    grouped: dict[str, set[str]] = defaultdict(set)
    for digest, who in pairs:
        grouped[digest].add(who)
    return {digest: frozenset(names) for digest, names in grouped.items()}


def _certificate_keys(subjects: Iterable[Measured]) -> Iterator[tuple[str, str]]:
    for one in subjects:
        digest = one.facts.get("certificate.spki_sha256")
        if isinstance(digest, str):
            yield digest, one.opd


def _wildcards(subjects: Iterable[Measured]) -> Iterator[tuple[str, str]]:
    for one in subjects:
        digest = one.facts.get("certificate.sha256")
        if isinstance(digest, str) and one.facts.get("certificate.wildcard") is True:
            yield digest, one.subject.server


def _host_keys(subjects: Iterable[Measured]) -> Iterator[tuple[str, str]]:
    for one in subjects:
        keys = one.facts.get("ssh.host_keys")
        for key in keys if isinstance(keys, list) else ():
            if isinstance(key, dict) and isinstance(key.get("sha256"), str):
                yield str(key["sha256"]), one.subject.server


def _addresses(subjects: Iterable[Measured]) -> dict[str, dict[str, Facts]]:
    found: dict[str, dict[str, Facts]] = defaultdict(dict)
    for one in subjects:
        if one.subject.kind is SubjectKind.ADDRESS:
            found[one.subject.server][one.subject.address] = one.facts
    return found


def _ssh_offers(subjects: Iterable[Measured]) -> dict[str, list[SshOffer]]:
    found: dict[str, list[SshOffer]] = defaultdict(list)
    for one in subjects:
        if one.subject.kind is SubjectKind.SSH and one.presence is Presence.PRESENT:
            found[one.subject.server].append(SshOffer(one.subject.port, one.facts))
    return found


def _open_ports(subjects: Iterable[Measured]) -> dict[str, list[tuple[int, frozenset[int] | None]]]:
    found: dict[str, list[tuple[int, frozenset[int] | None]]] = defaultdict(list)
    for one in subjects:
        version = _version(one.subject.address)
        if one.subject.kind is SubjectKind.ADDRESS and version is not None:
            ports = None if "ports.open" in one.incomplete else one.facts.get("ports.open")
            numbers = (port for port in ports if isinstance(port, int)) if isinstance(ports, list) else None
            found[one.subject.server].append((version, None if numbers is None else frozenset(numbers)))
    return found


def _version(address: str) -> int | None:
    """Return 4 or 6, or None for a name that gave no address."""
    try:
        return ip_address(address).version
    except ValueError:
        return None
