"""The keys of policies.yaml: what may be written, and how each key is explained to an editor."""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from auditor.documents.shape import Shape
from auditor.documents.words import MAXIMUM_LINE, Id, Line, check_line
from auditor.model.check import Severity
from auditor.model.inventory import Responsible
from auditor.model.plain_text import show
from auditor.model.policy import Width
from auditor.policy.operation_shape import (
    AdmissionShape,
    BackupShape,
    BlackoutShape,
    CalendarShape,
    MessagesShape,
    RetentionShape,
    RetestsShape,
    ScheduleShape,
    TrialShape,
)
from auditor.policy.reports_shape import ReportsShape
from auditor.policy.roadmap_shape import RoadmapShape
from auditor.policy.wall_shape import WallShape

VERSION = 1
LAST_PORT = 65535
SHORTEST_REASON = 15
"""Characters of a reason to switch a check off, as many as of a waiver's."""

Edition = Literal["2013", "2022"]


def parse_port_range(written: object) -> tuple[int, int]:
    """Return first and last port of `443` or `"8000-8010"`, or raise ValueError saying what to write."""
    text = written if isinstance(written, str) else json.dumps(written)
    found = re.fullmatch("([0-9]{1,5})(?:-([0-9]{1,5}))?", text)
    if not found:
        raise ValueError(f'{show(text)} is no port; write one such as 443, or "8000-8010" in quotes')
    first, last = int(found[1]), int(found[2] or found[1])
    if first < 1 or last > LAST_PORT:
        raise ValueError(f"{show(text)} lies outside 1 to {LAST_PORT}; write ports between them")
    if last < first:
        raise ValueError(f'{show(text)} runs backwards; write "{last}-{first}"')
    return first, last


def check_letter(text: str) -> str:
    """Return one capital letter, or raise ValueError."""
    if re.fullmatch("[A-Z]", text):
        return text
    raise ValueError(f"{show(text)} is no grade; write one capital letter, such as B")


PortRange = Annotated[
    tuple[int, int],
    PlainValidator(parse_port_range),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LAST_PORT},
                {"type": "string", "pattern": "^[0-9]{1,5}(-[0-9]{1,5})?$"},
            ]
        }
    ),
]


def check_resolver(text: str) -> str:
    """Return "address" or "address:port", or raise ValueError saying what to write."""
    host, colon, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "")
    try:
        ip_address(host)
    except ValueError:
        raise ValueError(f"{show(text)} is no DNS server; write its address, such as 10.10.1.53") from None
    if colon and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) <= LAST_PORT):
        raise ValueError(f"{show(text)} has no port after the colon; write for example {host}:53")
    return text


ResolverText = Annotated[str, AfterValidator(check_resolver)]
Weight = Annotated[int, Field(ge=0, le=1000)]
Multiplier = Annotated[float, Field(gt=0, le=100)]
Percent = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=3650)]
WarningDays = Annotated[int, Field(ge=0, le=365)]
Letter = Annotated[str, AfterValidator(check_letter), Field(json_schema_extra={"pattern": "^[A-Z]$"})]


class WeightsShape(Shape):
    """What a check weighs in the score, by its severity."""

    critical: Weight
    high: Weight
    medium: Weight
    low: Weight
    info: Weight


class CriticalityShape(Shape):
    """What a server counts for, by the category of its electronic system."""

    rendah: Multiplier
    tinggi: Multiplier
    strategis: Multiplier


class BandShape(Shape):
    """A letter, and the score from which it is given."""

    letter: Letter = Field(examples=["A"])
    minimum: Percent = Field(examples=[90])


class CapsShape(Shape):
    """The best letter while a finding of a severity is open; null means no cap."""

    critical: Letter | None
    high: Letter | None
    medium: Letter | None
    low: Letter | None
    info: Letter | None


class GradingShape(Shape):
    """How a score becomes a letter."""

    bands: Annotated[tuple[BandShape, ...], Field(min_length=1)] = Field(description="Letters, best first.")
    caps: CapsShape
    coverage_floor: Percent = Field(description="Below this coverage no letter is given (percent).")


class DeadlinesShape(Shape):
    """Days to fix a finding, by severity."""

    critical: Days
    high: Days
    medium: Days
    low: Days
    info: Days


class WidestShape(Shape):
    """How wide a waiver may reach, by the severity of what it accepts: endpoint, server or opd."""

    critical: Width
    high: Width
    medium: Width
    low: Width
    info: Width


class WaiversShape(Shape):
    """What an accepted risk may be."""

    maximum_days: Days = Field(description="Longest life of a waiver, in days.", examples=[180])
    warn_days: WarningDays = Field(description="Days before its end from which on it is told.", examples=[14])
    widest: WidestShape


class AttestationsShape(Shape):
    """What the answer of a person may be."""

    maximum_days: Days = Field(description="Longest life of an answer, in days.", examples=[365])
    warn_days: WarningDays = Field(description="Days before its end from which on it is told.", examples=[30])
    evidence_bytes: Annotated[int, Field(ge=1, le=1_073_741_824)] = Field(
        description="Largest file that is taken as evidence.", examples=[10_485_760]
    )


def check_reason(written: object) -> str:
    """Return why a check is switched off, or raise ValueError: neither a switch nor a word is a reason."""
    keep = "remove the key to keep the check on"
    if written is False or written is None:
        raise ValueError(f"disabled takes a reason, not {json.dumps(written)}; {keep}")
    if not isinstance(written, str):
        raise ValueError(f"disabled takes a reason; {keep}, or write why it is switched off in a sentence")
    line = check_line(written) if written.strip() else ""
    if len(line) < SHORTEST_REASON or sum(letter.isalpha() for letter in line) < SHORTEST_REASON // 2:
        raise ValueError(
            f"disabled: {show(line)} is no reason (at least {SHORTEST_REASON} characters); {keep}, "
            "or write why it is switched off in a sentence"
        )
    return line


Reason = Annotated[
    str,
    PlainValidator(check_reason),
    WithJsonSchema({"type": "string", "minLength": SHORTEST_REASON, "maxLength": MAXIMUM_LINE}),
]


class CheckShape(Shape):
    """A choice for one check: other parameters, or switched off with a reason."""

    parameters: dict[str, Any] = Field(default_factory=dict, description="Parameter → value.")
    disabled: Reason = Field("", description="Why this check is switched off; printed in every report.")


class ResponsibleShape(Shape):
    """Who answers for each layer: centre (the IT office) or opd (the agency)."""

    room: Responsible
    hypervisor: Responsible
    network: Responsible
    host: Responsible
    application: Responsible
    accounts: Responsible
    certificate: Responsible


class BudgetShape(Shape):
    """Politeness toward one host, all tools together."""

    connections_per_second: Annotated[float, Field(ge=0.1, le=50)]
    parallel_connections: Annotated[int, Field(ge=1, le=20)]
    packets_per_second: Annotated[int, Field(ge=1, le=1000)]
    host_timeout_seconds: Annotated[int, Field(ge=10, le=86400)]
    ssh_spacing_seconds: Annotated[float, Field(ge=0, le=60)]
    version_detection: bool


class BudgetsShape(Shape):
    """Politeness by fragility."""

    normal: BudgetShape
    sensitive: BudgetShape
    fragile: BudgetShape


class TotalShape(Shape):
    """Politeness toward the network as a whole."""

    parallel_hosts: Annotated[int, Field(ge=1, le=60)]
    connections_per_second: Annotated[float, Field(ge=0.1, le=1000)]


class PortsShape(Shape):
    """Which TCP ports are looked at."""

    ranges: tuple[PortRange, ...] = Field(
        description="Looked at beside the declared ones.", examples=[["1-1024"]]
    )
    never: tuple[PortRange, ...] = Field(description="Never connected to.", examples=[["9100-9107"]])


class ReuseShape(Shape):
    """What an unchanged server is spared, and for how long."""

    days: Annotated[int, Field(ge=0, le=90)] = Field(examples=[7])
    reference_days: Annotated[int, Field(ge=0, le=365)] = Field(examples=[30])


class ImportsShape(Shape):
    """What is taken over from reports of other tools."""

    days: Annotated[int, Field(ge=0, le=365)] = Field(
        description="How old a report may be when an audit takes it over.", examples=[30]
    )


class DnsShape(Shape):
    """Who is asked about domains."""

    resolvers: tuple[ResolverText, ...] = Field(
        description='DNS servers, "address" or "address:port"; empty: those of the system.',
        examples=[["10.10.1.53"]],
    )


class SweepShape(Shape):
    """How addresses that nobody registered are found."""

    ports: Annotated[
        tuple[Annotated[int, Field(ge=1, le=LAST_PORT)], ...], Field(min_length=1, max_length=50)
    ] = Field(description="An address with one of these ports open is in use.", examples=[[22, 80, 443]])


Names = tuple[Line, ...] | None


class ApprovedShape(Shape):
    """What the organisation approves; null where it was not decided yet."""

    time_servers: Names = Field(description="Time servers.", examples=[["10.10.1.123"]])
    log_servers: Names = Field(description="Collectors of logs.", examples=[["10.10.1.51"]])
    resolvers: Names = Field(description="Name servers and proxies that filter.", examples=[["10.10.1.53"]])
    repositories: Names = Field(
        description="Hosts of package mirrors beside the makers' own.", examples=[["mirror.example.go.id"]]
    )
    login_text: Line | None = Field(
        description="Words that every text shown before login contains.",
        examples=["milik Pemerintah Kabupaten Contoh"],
    )


class HostShape(Shape):
    """What checks of the inside of servers are compared with."""

    approved: ApprovedShape


class PolicyShape(Shape):
    """policies.yaml: what an organisation chose."""

    version: Literal[1] = Field(description="Version of this format.", examples=[VERSION])
    editions: Annotated[tuple[Edition, ...], Field(min_length=1)] = Field(
        description="Editions that cards are made for.", examples=[["2013", "2022"]]
    )
    default_edition: Edition = Field(description="The edition shown first.", examples=['"2022"'])
    language: Literal["id", "en"] = Field(description="Language of reports.", examples=["id"])
    classification: Line = Field(description="Class printed on reports.", examples=["Terbatas"])
    ranking: bool = Field(description="Whether agencies are compared with each other.", examples=[True])
    exit_threshold: Severity = Field(description="Findings from here on give exit code 1.", examples=["high"])
    weights: WeightsShape
    criticality: CriticalityShape
    grading: GradingShape
    deadline_days: DeadlinesShape
    waivers: WaiversShape
    attestations: AttestationsShape
    checks: dict[Id, CheckShape] = Field(description="Choices for single checks, by id.")
    roles: dict[Id, tuple[PortRange, ...]] = Field(description="Role → ports that it may open.")
    reachable_from: dict[Id, tuple[PortRange, ...]] = Field(
        description="Zone the scanner stands in → ports that may be reached from there at all."
    )
    responsible: ResponsibleShape
    budgets: BudgetsShape
    total: TotalShape
    ports: PortsShape
    reuse: ReuseShape
    imports: ImportsShape
    second_look: bool = Field(description="Measure twice what got worse.", examples=[True])
    dns: DnsShape
    sweep: SweepShape
    host: HostShape
    trust_anchors: dict[Id, Line] = Field(description="Zone → PEM file with the organisation's own CA.")
    calendar: CalendarShape
    schedules: tuple[ScheduleShape, ...] = Field(description="What runs by itself, with: auditor serve")
    blackouts: tuple[BlackoutShape, ...] = Field(description="When agencies must not be measured.")
    retests: RetestsShape
    admission: AdmissionShape
    trial: TrialShape
    messages: MessagesShape
    retention: RetentionShape
    backup: BackupShape
    roadmap: RoadmapShape
    wall: WallShape
    reports: ReportsShape
    local_checks: Line | None = Field(
        description="Folder with checks of the organisation's own; null when there is none.",
        examples=["my-checks"],
    )
