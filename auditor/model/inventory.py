"""Who owns which server, where it stands, and what may be measured on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from auditor.model.facts import Facts
from auditor.model.host_access import Credential, HostAccess

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Category(StrEnum):
    """Category of an electronic system as BSSN names it."""

    RENDAH = "rendah"
    TINGGI = "tinggi"
    STRATEGIS = "strategis"


class Layer(StrEnum):
    """Part of a system that somebody answers for."""

    ROOM = "room"
    HYPERVISOR = "hypervisor"
    NETWORK = "network"
    HOST = "host"
    APPLICATION = "application"
    ACCOUNTS = "accounts"
    CERTIFICATE = "certificate"


OWNED_BY_NAME = frozenset({Layer.APPLICATION, Layer.ACCOUNTS, Layer.CERTIFICATE})
"""Layers that belong to whoever owns a host name, where names of several agencies share an address."""


class Responsible(StrEnum):
    """The side that answers for a layer: the IT office's centre, or the agency."""

    CENTRE = "centre"
    OPD = "opd"


class Fragility(StrEnum):
    """How much a server bears; chooses its politeness budget."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    FRAGILE = "fragile"


class Kind(StrEnum):
    """What an entry of the inventory is, and so what is asked of it."""

    SERVER = "server"
    DOMAIN = "domain"
    """A domain name: asked of resolvers, never connected to."""
    ZONE = "zone"
    """The networks of a zone: which of their addresses are in use."""


class State(StrEnum):
    """Whether a server is meant to answer."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Organization:
    """The government whose servers are audited. `timezone` is an IANA name."""

    name: str
    timezone: str
    office: str = ""
    address: str = ""
    centre: str = ""
    """Id of the OPD that answers for the networks as a whole; empty when none is named."""
    legal_basis: tuple[str, ...] = ()
    """Rules that audits rest on, as cards name them; empty: the national ones."""


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
    domains: tuple[str, ...] = ()
    """Domains that may be asked about, with everything below them."""


@dataclass(frozen=True, slots=True)
class DeclaredService:
    """A port the owner says is meant to be open."""

    port: int
    transport: str
    name: str


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """What is known of a domain's mail. `dkim_selectors` are the names of its signing keys."""

    sends: bool = False
    dkim_selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """One entry that is judged as a whole. `addresses` are canonical; `hostnames` are names it serves.

    A domain's `id` is its name, and its only host name; a zone has neither addresses nor names of its own.
    """

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
    access: HostAccess | None = None
    """How its inside is looked at; None when nothing is set up."""
    record: Facts = field(default_factory=dict)
    """The `record.*` facts: what was written down about its inside."""
    kind: Kind = Kind.SERVER
    state: State = State.ACTIVE
    mail: MailPolicy = MailPolicy()
    """Of a domain."""
    expires: date | None = None
    """Last day of a domain's registration, as the register says."""
    name_owners: Mapping[str, str] = field(default_factory=dict)
    """Host name → OPD id, of names on this server that belong to another OPD than the server does."""

    def owner(self, layer: Layer, server_name: str) -> str:
        """Return the OPD that a layer belongs to: its name's where a name is owned, else the server's."""
        return self.name_owners.get(server_name, self.opd) if layer in OWNED_BY_NAME else self.opd

    @property
    def inside_address(self) -> str:
        """Return the address at which its inside counts, canonical; "" for a server without addresses."""
        if self.access is not None and self.access.address:
            return self.access.address
        return str(self.addresses[0]) if self.addresses else ""

    def names_of(self, opd: str) -> tuple[str, ...]:
        """Return the names on this server that belong to an OPD other than the server's, in order."""
        return tuple(sorted(name for name, owner in self.name_owners.items() if owner == opd))


@dataclass(frozen=True, slots=True)
class Opd:
    """An agency (organisasi perangkat daerah) and what it answers for: servers, domains, zones."""

    id: str
    name: str
    servers: tuple[Server, ...]
    timezone: str = ""
    """IANA name of the zone in which its days begin and end; empty: the organisation's."""
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Days off of this agency alone, with their names."""

    def machines(self) -> tuple[Server, ...]:
        """Return its servers without domains and zones."""
        return tuple(server for server in self.servers if server.kind is Kind.SERVER)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything registered, with the digest of the file it was read from."""

    organization: Organization
    authorizations: tuple[Authorization, ...]
    zones: tuple[Zone, ...]
    opds: tuple[Opd, ...]
    digest: str = ""
    vantage: str = ""
    """Id of the zone that the scanner stands in; empty when it is not written."""
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    """By id: accounts of the audit, by reference."""
    domains: tuple[Server, ...] = field(init=False, repr=False, compare=False)
    """Every entry that is a domain, in file order."""
    _by_id: Mapping[str, Server] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep what is looked up once for every server: searching takes the square of their number."""
        found: dict[str, Server] = {}
        for server in self.servers():
            found.setdefault(server.id, server)
        object.__setattr__(self, "_by_id", found)
        domains = tuple(server for server in self.servers() if server.kind is Kind.DOMAIN)
        object.__setattr__(self, "domains", domains)

    def servers(self) -> Iterator[Server]:
        """Yield every server, domain and zone in file order."""
        for opd in self.opds:
            yield from opd.servers

    def server(self, server_id: str) -> Server:
        """Return the server with this id, or raise KeyError."""
        return self._by_id[server_id]

    def opd(self, opd_id: str) -> Opd:
        """Return the OPD with this id, or raise KeyError."""
        for opd in self.opds:
            if opd.id == opd_id:
                return opd
        raise KeyError(opd_id)

    def timezone_of(self, opd_id: str) -> str:
        """Return the zone in which an OPD's days begin and end; an unknown id is the organisation."""
        named = (opd.timezone for opd in self.opds if opd.id == opd_id)
        return next(named, "") or self.organization.timezone

    def zone(self, zone_id: str) -> Zone:
        """Return the zone with this id, or raise KeyError."""
        for zone in self.zones:
            if zone.id == zone_id:
                return zone
        raise KeyError(zone_id)
