"""The keys of inventory.yaml: what may be written, and how each key is explained to an editor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticKnownError

from auditor.documents.days import HolidayShape
from auditor.documents.hostname import parse_hostname
from auditor.documents.shape import Shape
from auditor.documents.timezone import check_timezone
from auditor.documents.words import Day, Id, Line
from auditor.inventory.access_shape import CredentialShape, HostAccessShape
from auditor.inventory.record_shape import RecordShape
from auditor.inventory.words import AddressText, Hostname, Networks, NetworkText, described
from auditor.model.inventory import Category, Fragility, Responsible, State

VERSION = 1
METHODS = ("ports", "udp", "tls", "certificates", "ssh", "http", "dns", "hosts", "host")
"""What an authorization can allow. `ports` covers asking an open port what it is."""


Timezone = Annotated[str, AfterValidator(check_timezone)]
Method = Literal["ports", "udp", "tls", "certificates", "ssh", "http", "dns", "hosts", "host"]


class OrganizationShape(Shape):
    """organization: who audits, and in which time zone its days are."""

    name: Line = described("The government whose servers are audited.", "Pemerintah Kabupaten Contoh")
    office: Line = Field("", description="The office that runs the audit.")
    address: Line = Field("", description="Address for the letterhead.")
    timezone: Timezone = described("IANA name of the zone in which days begin and end.", "Asia/Jakarta")
    centre: Id | None = Field(
        None,
        description="Id of the OPD that answers for the networks: with it, zones are swept for servers"
        " nobody registered.",
        examples=["diskominfo"],
    )
    legal_basis: tuple[Line, ...] = Field(
        (),
        description="Rules that audits rest on, as cards name them; without any, the national ones.",
        examples=[["Peraturan Bupati Contoh Nomor 12 Tahun 2026 tentang Manajemen Keamanan Informasi"]],
    )


class ValidityShape(Shape):
    """valid: first and last day, both included."""

    first: Day = Field(alias="from", description="First day, included.", examples=["2026-11-01"])
    last: Day = Field(alias="until", description="Last day, included.", examples=["2027-10-31"])


class AuthorizationShape(Shape):
    """One written assignment. Nothing is measured without one."""

    reference: Line = described("Number of the letter of assignment.", "094/112/Diskominfo/2026")
    approved_by: Line = described("Who signed it.", "Kepala Dinas Kominfo")
    valid: ValidityShape = described(
        "Days on which it holds, both included.", {"from": "2026-11-01", "until": "2027-10-31"}
    )
    networks: Networks = described("Networks that may be measured.", ["10.10.0.0/16"])
    exclude: tuple[NetworkText, ...] = Field(
        (), description="Networks that may not be measured; a single address ends in /32."
    )
    methods: Annotated[tuple[Method, ...], Field(min_length=1)] = described(
        "What may be measured.", list(METHODS)
    )
    consent: tuple[Id, ...] = Field((), description="Checks marked consent that this assignment names.")
    domains: tuple[Hostname, ...] = Field(
        (), description="Domains that may be asked about, with everything below them; needs the method dns."
    )


class ZoneShape(Shape):
    """One network zone."""

    id: Id = described("Short name used by servers.", "dmz")
    name: Line = described("Name for readers.", "DMZ")
    public: bool = described("Whether the internet reaches it.", True)
    networks: Networks = described("Networks of the zone.", ["10.10.1.0/24"])


class ServiceShape(Shape):
    """One port that is meant to be open."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"port": 443, "name": "https"}]})

    port: Annotated[int, Field(ge=1, le=65535)] = described("Port number.", 443)
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


class OwnedNameShape(Shape):
    """A name that a server serves. Written as a text, it belongs to the OPD of the server."""

    name: Hostname = described("The name.", "desa-a.example.go.id")
    opd: Id = described("Id of the OPD that it belongs to, where the server is another's.", "dinas-pmd")

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

    id: Id = described("Short name, unique over all OPD.", "dinkes-web-01")
    name: Line = Field("", description="Name for readers.")
    zone: Id = described("Id of its zone.", "dmz")
    category: Category = described("Category of the electronic system.", "tinggi")
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
    host_access: HostAccessShape | None = Field(
        None, description="How its inside is looked at; without it, checks of the inside stay unknown."
    )
    record: RecordShape | None = Field(
        None, description="What was written down about its inside, to compare with what is found."
    )
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

    name: DomainName = described("The domain.", "dinkes.example.go.id")
    category: Category = Field(Category.RENDAH, description="Category of the systems behind it.")
    mail: bool = Field(False, description="Whether mail is sent in its name.")
    dkim_selectors: tuple[Line, ...] = Field(
        (), description="Names of the keys that sign its mail.", examples=[["mail"]]
    )
    expires: Day | None = Field(None, description="Last day of its registration.", examples=["2027-10-31"])


class OpdShape(Shape):
    """One agency (organisasi perangkat daerah): its servers, its domains, or names on servers of others."""

    id: Id = described("Short name.", "dinkes")
    name: Line = described("Full name.", "Dinas Kesehatan")
    servers: tuple[ServerShape, ...] = Field((), description="Its servers.")
    domains: tuple[DomainShape, ...] = Field((), description="Its domain names.")
    timezone: Timezone | None = Field(
        None,
        description="Zone in which its days begin and end, where it is not the organisation's.",
        examples=["Asia/Makassar"],
    )
    holidays: tuple[HolidayShape, ...] = Field(
        (),
        description="Days off of this agency alone, beside those of the policy.",
        examples=[[{"date": "2026-12-07", "name": "Hari jadi"}]],
    )


class InventoryShape(Shape):
    """inventory.yaml: who owns which server, and what may be measured."""

    version: Literal[1] = Field(description="Version of this format.", examples=[VERSION])
    organization: OrganizationShape
    authorizations: Annotated[tuple[AuthorizationShape, ...], Field(min_length=1)]
    zones: Annotated[tuple[ZoneShape, ...], Field(min_length=1)]
    opds: Annotated[tuple[OpdShape, ...], Field(min_length=1)]
    credentials: tuple[CredentialShape, ...] = Field(
        (), description="Accounts of the audit on servers, with where their keys lie."
    )
    leavers: tuple[Line, ...] | None = Field(
        None,
        description="Account names and SHA256: key fingerprints of people who left or were transferred.",
        examples=[["budi", "SHA256:4dIgmVHQTnNmFKlEqgq3l1dcl6pmoTBmN5mJnZnmIjc"]],
    )
    vantage: Id | None = Field(
        None, description="Id of the zone that the scanner stands in.", examples=["lan"]
    )
