"""Who owns which server, where it stands, and what may be measured on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Category(StrEnum):
    """Category of an electronic system as BSSN names it."""

    RENDAH = "rendah"
    TINGGI = "tinggi"
    STRATEGIS = "strategis"


class Layer(StrEnum):
    """Part of a system that somebody answers for."""

    NETWORK = "network"
    HOST = "host"
    APPLICATION = "application"
    CERTIFICATE = "certificate"


class Responsible(StrEnum):
    """The side that answers for a layer: the IT office's centre, or the agency."""

    CENTRE = "centre"
    OPD = "opd"


class Fragility(StrEnum):
    """How much a server bears; chooses its politeness budget."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    FRAGILE = "fragile"


@dataclass(frozen=True, slots=True)
class Organization:
    """The government whose servers are audited. `timezone` is an IANA name."""

    name: str
    timezone: str
    office: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A network zone. `public` says it can be reached from the internet."""

    id: str
    name: str
    public: bool
    networks: tuple[Network, ...]


@dataclass(frozen=True, slots=True)
class Authorization:
    """The written assignment that allows measuring (A.12.7.1 / A.8.34). Dates are inclusive local days."""

    reference: str
    approved_by: str
    valid_from: date
    valid_until: date
    networks: tuple[Network, ...]
    exclude: tuple[Network, ...]
    methods: frozenset[str]
    consent: frozenset[str]
    """Ids of checks marked `consent` that this assignment names."""


@dataclass(frozen=True, slots=True)
class DeclaredService:
    """A port the owner says is meant to be open."""

    port: int
    transport: str
    name: str


@dataclass(frozen=True, slots=True)
class Server:
    """One server of one OPD. `addresses` are canonical; `hostnames` are names it serves."""

    id: str
    opd: str
    name: str
    zone: str
    category: Category
    addresses: tuple[Address, ...]
    hostnames: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    services: tuple[DeclaredService, ...] = ()
    software: tuple[str, ...] = ()
    responsible: Mapping[Layer, Responsible] = field(default_factory=dict)
    fragility: Fragility = Fragility.NORMAL
    credential: str = ""
    """Name of the credential for looking at the host itself; never the credential."""


@dataclass(frozen=True, slots=True)
class Opd:
    """An agency (organisasi perangkat daerah) and its servers."""

    id: str
    name: str
    servers: tuple[Server, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything registered, with the digest of the file it was read from."""

    organization: Organization
    authorizations: tuple[Authorization, ...]
    zones: tuple[Zone, ...]
    opds: tuple[Opd, ...]
    digest: str = ""

    def servers(self) -> Iterator[Server]:
        """Yield every server in file order."""
        for opd in self.opds:
            yield from opd.servers

    def server(self, server_id: str) -> Server:
        """Return the server with this id, or raise KeyError."""
        for server in self.servers():
            if server.id == server_id:
                return server
        raise KeyError(server_id)

    def opd(self, opd_id: str) -> Opd:
        """Return the OPD with this id, or raise KeyError."""
        for opd in self.opds:
            if opd.id == opd_id:
                return opd
        raise KeyError(opd_id)

    def zone(self, zone_id: str) -> Zone:
        """Return the zone with this id, or raise KeyError."""
        for zone in self.zones:
            if zone.id == zone_id:
                return zone
        raise KeyError(zone_id)
