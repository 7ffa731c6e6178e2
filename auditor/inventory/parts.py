"""Whatever can be read of an inventory, each piece with its place.

One misspelt key must not hide a duplicate address elsewhere, so what the entries mean together is
checked over every piece that can be read by itself, even when the file as a whole does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from auditor.documents.hostname import parse_hostname
from auditor.documents.words import parse_day
from auditor.inventory.address import parse_address, parse_network
from auditor.model.facts import JSON
from auditor.model.inventory import Address, Network
from auditor.model.problem import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value and where it stands in the tree."""

    path: Path
    value: T


@dataclass(frozen=True, slots=True)
class ZonePart:
    """What can be read of a zone. `whole` says that all its networks were."""

    ids: tuple[Placed[str], ...]
    networks: tuple[Placed[Network], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class AuthorizationPart:
    """What can be read of an authorization."""

    first: tuple[Placed[date], ...]
    last: tuple[Placed[date], ...]
    networks: tuple[Placed[Network], ...]
    consent: tuple[Placed[str], ...]


@dataclass(frozen=True, slots=True)
class OwnedName:
    """A host name, the OPD that it belongs to, and whether it says so itself, at `path`.

    Otherwise it belongs to the OPD of its server, and `path` is where the name stands.
    """

    path: Path
    name: str
    opd: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class ServerPart:
    """What can be read of a server. `named` says that addresses or hostnames were written at all.

    `owned` holds the names of which it is known whose they are; `opds` is the id of the server's OPD.
    """

    path: Path
    opds: tuple[str, ...]
    ids: tuple[Placed[str], ...]
    zones: tuple[Placed[str], ...]
    addresses: tuple[Placed[Address], ...]
    hostnames: tuple[Placed[str], ...]
    owned: tuple[OwnedName, ...]
    ports: tuple[Placed[str], ...]
    roles: tuple[Placed[str], ...]
    named: bool


@dataclass(frozen=True, slots=True)
class OpdPart:
    """What can be read of an OPD. `bare` says that neither servers nor domains are written."""

    path: Path
    ids: tuple[Placed[str], ...]
    bare: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that can be read. `centre` and `vantage` name an OPD and a zone."""

    authorizations: tuple[AuthorizationPart, ...]
    zones: tuple[ZonePart, ...]
    opds: tuple[OpdPart, ...]
    servers: tuple[ServerPart, ...]
    domains: tuple[Placed[str], ...] = ()
    centre: tuple[Placed[str], ...] = ()
    vantage: tuple[Placed[str], ...] = ()

    def opd_ids(self) -> tuple[Placed[str], ...]:
        """Return the id of every OPD that has one."""
        return tuple(found for opd in self.opds for found in opd.ids)


def collect_parts(data: JSON) -> Parts:
    """Return every piece of the tree that can be read."""
    root: Placed[JSON] = Placed((), data)
    opds = list(_entries(root, "opds"))
    return Parts(
        authorizations=tuple(_authorization(entry) for entry in _entries(root, "authorizations")),
        zones=tuple(_zone(entry) for entry in _entries(root, "zones")),
        opds=tuple(map(_opd, opds)),
        servers=tuple(_server(server, opd) for opd in opds for server in _entries(opd, "servers")),
        domains=tuple(
            found
            for opd in opds
            for domain in _entries(opd, "domains")
            for found in _read(_at(domain, "name"), parse_hostname)
        ),
        centre=tuple(_read(_at(_at(root, "organization"), "centre"), str)),
        vantage=tuple(_read(_at(root, "vantage"), str)),
    )


def _authorization(entry: Placed[JSON]) -> AuthorizationPart:
    valid = _at(entry, "valid")
    return AuthorizationPart(
        first=tuple(_read(_at(valid, "from"), parse_day)),
        last=tuple(_read(_at(valid, "until"), parse_day)),
        networks=tuple(_read_all(entry, "networks", parse_network)),
        consent=tuple(_read_all(entry, "consent", str)),
    )


def _zone(entry: Placed[JSON]) -> ZonePart:
    networks = tuple(_read_all(entry, "networks", parse_network))
    written = len(list(_entries(entry, "networks")))
    return ZonePart(tuple(_read(_at(entry, "id"), str)), networks, 0 < len(networks) == written)


def _opd(entry: Placed[JSON]) -> OpdPart:
    bare = isinstance(entry.value, dict) and not (_at(entry, "servers").value or _at(entry, "domains").value)
    return OpdPart(entry.path, tuple(_read(_at(entry, "id"), str)), bare)


def _server(entry: Placed[JSON], opd: Placed[JSON]) -> ServerPart:
    opds = tuple(found.value for found in _read(_at(opd, "id"), str))
    return ServerPart(
        path=entry.path,
        opds=opds,
        ids=tuple(_read(_at(entry, "id"), str)),
        zones=tuple(_read(_at(entry, "zone"), str)),
        addresses=tuple(_read_all(entry, "addresses", parse_address)),
        hostnames=tuple(name for written in _entries(entry, "hostnames") for name in _name(written)),
        owned=tuple(name for written in _entries(entry, "hostnames") for name in _owned(written, opds)),
        ports=tuple(_ports(entry)),
        roles=tuple(_read_all(entry, "roles", str)),
        named=bool(_at(entry, "addresses").value or _at(entry, "hostnames").value),
    )


def _name(written: Placed[JSON]) -> Iterator[Placed[str]]:
    """Yield the host name of an entry, which is a text or stands under `name`."""
    yield from _read(_at(written, "name") if isinstance(written.value, dict) else written, parse_hostname)


def _owned(written: Placed[JSON], opds: tuple[str, ...]) -> Iterator[OwnedName]:
    for name in _name(written):
        if isinstance(written.value, dict):
            for opd in _read(_at(written, "opd"), str):
                yield OwnedName(opd.path, name.value, opd.value, explicit=True)
        else:
            for owner in opds:
                yield OwnedName(name.path, name.value, owner, explicit=False)


def _ports(server: Placed[JSON]) -> Iterator[Placed[str]]:
    for service in _entries(server, "services"):
        port = _at(service, "port")
        if isinstance(port.value, int):
            yield Placed(port.path, f"{port.value}/{_at(service, 'transport').value or 'tcp'}")


def _at(place: Placed[JSON], key: str) -> Placed[JSON]:
    value = place.value.get(key) if isinstance(place.value, dict) else None
    return Placed((*place.path, key), value)


def _entries(place: Placed[JSON], key: str) -> Iterator[Placed[JSON]]:
    inside = _at(place, key)
    if isinstance(inside.value, list):
        for index, entry in enumerate(inside.value):
            yield Placed((*inside.path, index), entry)


def _read(place: Placed[JSON], parse: Callable[[str], T]) -> Iterator[Placed[T]]:
    if not isinstance(place.value, str):
        return
    try:
        yield Placed(place.path, parse(place.value))
    except ValueError:
        return  # Reported where the whole tree is compared with its shape.


def _read_all(place: Placed[JSON], key: str, parse: Callable[[str], T]) -> Iterator[Placed[T]]:
    for entry in _entries(place, key):
        yield from _read(entry, parse)
