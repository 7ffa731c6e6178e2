"""The keys of inventory.yaml: what may be written, and how each key is explained to an editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticKnownError

from auditor.documents.shape import Shape
from auditor.documents.words import Day, Id, Line
from auditor.inventory.address import parse_address, parse_hostname, parse_network
from auditor.inventory.timezone import check_timezone
from auditor.model.inventory import Address, Category, Fragility, Network, Responsible, State

VERSION = 1
METHODS = ("ports", "udp", "tls", "certificates", "ssh", "http", "dns", "hosts")
"""What an authorization can allow. `ports` covers asking an open port what it is."""


def _from_text(parse: Callable[[str], Any]) -> PlainValidator:
    def validate(written: object) -> Any:
        if isinstance(written, bool) or not isinstance(written, str | int | float):
            raise PydanticKnownError("string_type")
        return parse(str(written))

    return PlainValidator(validate)


def _described(description: str, example: Any) -> Any:
    return Field(description=description, examples=[example])


AddressText = Annotated[
    Address, _from_text(parse_address), WithJsonSchema({"type": "string", "examples": ["10.10.1.10"]})
]
NetworkText = Annotated[
    Network, _from_text(parse_network), WithJsonSchema({"type": "string", "examples": ["10.10.0.0/16"]})
]
Hostname = Annotated[str, AfterValidator(parse_hostname), Field(examples=["dinkes.example.go.id"])]
Timezone = Annotated[str, AfterValidator(check_timezone)]
Networks = Annotated[tuple[NetworkText, ...], Field(min_length=1)]
Method = Literal["ports", "udp", "tls", "certificates", "ssh", "http", "dns", "hosts"]


class OrganizationShape(Shape):
    """organization: who audits, and in which time zone its days are."""

    name: Line = _described("The government whose servers are audited.", "Pemerintah Kabupaten Contoh")
    office: Line = Field("", description="The office that runs the audit.")
    address: Line = Field("", description="Address for the letterhead.")
    timezone: Timezone = _described("IANA name of the zone in which days begin and end.", "Asia/Jakarta")
    centre: Id | None = Field(
        None,
        description="Id of the OPD that answers for the networks: with it, zones are swept for servers"
        " nobody registered.",
        examples=["diskominfo"],
    )


class ValidityShape(Shape):
    """valid: first and last day, both included."""

    first: Day = Field(alias="from", description="First day, included.", examples=["2026-11-01"])
    last: Day = Field(alias="until", description="Last day, included.", examples=["2027-10-31"])


class AuthorizationShape(Shape):
    """One written assignment. Nothing is measured without one."""

    reference: Line = _described("Number of the letter of assignment.", "094/112/Diskominfo/2026")
    approved_by: Line = _described("Who signed it.", "Kepala Dinas Kominfo")
    valid: ValidityShape = _described(
        "Days on which it holds, both included.", {"from": "2026-11-01", "until": "2027-10-31"}
    )
    networks: Networks = _described("Networks that may be measured.", ["10.10.0.0/16"])
    exclude: tuple[NetworkText, ...] = Field(
        (), description="Networks that may not be measured; a single address ends in /32."
    )
    methods: Annotated[tuple[Method, ...], Field(min_length=1)] = _described(
        "What may be measured.", list(METHODS)
    )
    consent: tuple[Id, ...] = Field((), description="Checks marked consent that this assignment names.")
    domains: tuple[Hostname, ...] = Field(
        (), description="Domains that may be asked about, with everything below them; needs the method dns."
    )


class ZoneShape(Shape):
    """One network zone."""

    id: Id = _described("Short name used by servers.", "dmz")
    name: Line = _described("Name for readers.", "DMZ")
    public: bool = _described("Whether the internet reaches it.", True)
    networks: Networks = _described("Networks of the zone.", ["10.10.1.0/24"])


class ServiceShape(Shape):
    """One port that is meant to be open."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"port": 443, "name": "https"}]})

    port: Annotated[int, Field(ge=1, le=65535)] = _described("Port number.", 443)
    name: Id = Field("unnamed", description="Name of the service, such as https.", examples=["https"])
    transport: Literal["tcp", "udp"] = "tcp"


class ResponsibleShape(Shape):
    """Who answers for each layer, where it differs from the policy."""

    room: Responsible | None = None
    hypervisor: Responsible | None = None
    network: Responsible | None = None
    host: Responsible | None = None
    application: Responsible | None = None
    accounts: Responsible | None = None
    certificate: Responsible | None = None


class HostAccessShape(Shape):
    """How the host itself may be audited: the name of a credential, never the credential."""

    credential: Id = _described("Name of the credential.", "audit-key-dmz")


class OwnedNameShape(Shape):
    """A name that a server serves. Written as a text, it belongs to the OPD of the server."""

    name: Hostname = _described("The name.", "desa-a.example.go.id")
    opd: Id = _described("Id of the OPD that it belongs to, where the server is another's.", "dinas-pmd")

    @model_validator(mode="wrap")
    @classmethod
    def _from_text(cls, written: object, keys: ModelWrapValidatorHandler[OwnedNameShape]) -> OwnedNameShape:
        if isinstance(written, str):
            return cls.model_construct(name=parse_hostname(written), opd="")
        if not isinstance(written, dict):
            raise PydanticKnownError("string_type")
        return keys(written)


ServedName = Annotated[
    OwnedNameShape,
    # The form with keys first: what is wrong inside it is explained from its keys.
    WithJsonSchema(
        {
            "anyOf": [OwnedNameShape.model_json_schema(), {"type": "string"}],
            "examples": ["dinkes.example.go.id"],
        }
    ),
]


class ServerShape(Shape):
    """One server."""

    id: Id = _described("Short name, unique over all OPD.", "dinkes-web-01")
    name: Line = Field("", description="Name for readers.")
    zone: Id = _described("Id of its zone.", "dmz")
    category: Category = _described("Category of the electronic system.", "tinggi")
    addresses: tuple[AddressText, ...] = Field((), description="Its addresses.", examples=[["10.10.1.10"]])
    hostnames: tuple[ServedName, ...] = Field(
        (),
        description="Names it serves; one that belongs to another OPD than the server names it under opd.",
        examples=[["dinkes.example.go.id"]],
    )
    roles: tuple[Id, ...] = Field((), description="Roles; the policy says which ports each may open.")
    services: tuple[ServiceShape, ...] = Field(
        (), description="Ports meant to be open.", examples=[[{"port": 443, "name": "https"}]]
    )
    software: tuple[Id, ...] = Field((), description="Software in use, for fitting advice.")
    responsible: ResponsibleShape = Field(default_factory=ResponsibleShape)
    fragility: Fragility = Field(Fragility.NORMAL, description="How much it bears.", examples=["normal"])
    host_access: HostAccessShape | None = None
    status: State = Field(
        State.ACTIVE, description="retired: switched off for good, and must not answer.", examples=["active"]
    )


def check_domain(text: str) -> str:
    """Return the name, or raise ValueError for one without a dot, which could be a server's id."""
    if "." not in text:
        raise ValueError(f"{text} is no domain; write it whole, such as {text}.example.go.id")
    return text


DomainName = Annotated[Hostname, AfterValidator(check_domain)]


class DomainShape(Shape):
    """One domain name that the agency answers for."""

    name: DomainName = _described("The domain.", "dinkes.example.go.id")
    category: Category = Field(Category.RENDAH, description="Category of the systems behind it.")
    mail: bool = Field(False, description="Whether mail is sent in its name.")
    dkim_selectors: tuple[Line, ...] = Field(
        (), description="Names of the keys that sign its mail.", examples=[["mail"]]
    )
    expires: Day | None = Field(None, description="Last day of its registration.", examples=["2027-10-31"])


class OpdShape(Shape):
    """One agency (organisasi perangkat daerah): its servers, its domains, or names on servers of others."""

    id: Id = _described("Short name.", "dinkes")
    name: Line = _described("Full name.", "Dinas Kesehatan")
    servers: tuple[ServerShape, ...] = Field((), description="Its servers.")
    domains: tuple[DomainShape, ...] = Field((), description="Its domain names.")


class InventoryShape(Shape):
    """inventory.yaml: who owns which server, and what may be measured."""

    version: Literal[1] = Field(description="Version of this format.", examples=[VERSION])
    organization: OrganizationShape
    authorizations: Annotated[tuple[AuthorizationShape, ...], Field(min_length=1)]
    zones: Annotated[tuple[ZoneShape, ...], Field(min_length=1)]
    opds: Annotated[tuple[OpdShape, ...], Field(min_length=1)]
    vantage: Id | None = Field(
        None, description="Id of the zone that the scanner stands in.", examples=["lan"]
    )
