"""The rules an organisation chose: editions, weights, grades, parameters, budgets, deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.model.calendar import Calendar
from auditor.model.check import Severity
from auditor.model.facts import JSON, Facts
from auditor.model.inventory import Category, Fragility, Layer, Responsible
from auditor.model.operation import AdmissionRules, BackupRules, MessageRules, RetestRules, TrialRules
from auditor.model.report_signature import ReportSignature
from auditor.model.roadmap import RoadmapRules
from auditor.model.schedule import Blackout, Schedule
from auditor.model.wall import WallRules


@dataclass(frozen=True, slots=True)
class Budget:
    """Politeness toward one host. Rates are new connections per second, all tools together."""

    connections_per_second: float
    parallel_connections: int
    packets_per_second: int
    host_timeout_seconds: int
    ssh_spacing_seconds: float
    version_detection: bool


@dataclass(frozen=True, slots=True)
class TotalBudget:
    """Politeness toward the network as a whole."""

    parallel_hosts: int
    connections_per_second: float


@dataclass(frozen=True, slots=True)
class PortPolicy:
    """Which ports are looked at: `ranges` beside the declared ones, never `never`."""

    ranges: tuple[tuple[int, int], ...]
    never: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reuse:
    """What an unchanged server is spared: `days` for what costs much, `reference_days` for sslyze's scan."""

    days: int
    reference_days: int


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A letter and the score from which it is given."""

    letter: str
    minimum: float


@dataclass(frozen=True, slots=True)
class Grading:
    """Bands best first, caps by severity, and the coverage below which no grade is given (percent)."""

    bands: tuple[GradeBand, ...]
    caps: Mapping[Severity, str]
    coverage_floor: float


class Width(StrEnum):
    """How wide a waiver may reach, narrowest first."""

    ENDPOINT = "endpoint"
    SERVER = "server"
    OPD = "opd"


@dataclass(frozen=True, slots=True)
class WaiverRules:
    """What a waiver may be: its longest life, the days of warning before its end, its widest scope."""

    maximum_days: int
    warn_days: int
    widest: Mapping[Severity, Width]


@dataclass(frozen=True, slots=True)
class AttestationRules:
    """What an answer may be: its longest life, the days of warning, and the largest evidence file."""

    maximum_days: int
    warn_days: int
    evidence_bytes: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the organisation chose, with the digest of the file it was read from."""

    editions: tuple[str, ...]
    default_edition: str
    language: str
    weights: Mapping[Severity, int]
    criticality: Mapping[Category, float]
    grading: Grading
    deadline_days: Mapping[Severity, int]
    parameters: Mapping[str, Mapping[str, JSON]]
    """Check id → parameter name → value."""
    disabled_checks: Mapping[str, str]
    """Check id → written reason."""
    role_services: Mapping[str, frozenset[int]]
    """Role → TCP ports approved for every server of that role."""
    responsible: Mapping[Layer, Responsible]
    budgets: Mapping[Fragility, Budget]
    total: TotalBudget
    ports: PortPolicy
    trust_anchors: Mapping[str, str]
    """Zone id → path of a PEM file with the organisation's own CA."""
    exit_threshold: Severity
    classification: str
    ranking: bool
    reuse: Reuse = Reuse(days=0, reference_days=30)
    second_look: bool = False
    """Whether what got worse since the last audit is measured a second time."""
    resolvers: tuple[str, ...] = ()
    """DNS servers that are asked about domains; empty means those of the system."""
    sweep_ports: tuple[int, ...] = (22, 80, 443)
    """TCP ports that tell whether an address of a zone is in use."""
    reachable_from: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Zone that the scanner stands in → TCP ports that any server may show to it; a zone not named: all."""
    waivers: WaiverRules = WaiverRules(
        180,
        14,
        {
            Severity.CRITICAL: Width.SERVER,
            Severity.HIGH: Width.SERVER,
            Severity.MEDIUM: Width.OPD,
            Severity.LOW: Width.OPD,
            Severity.INFO: Width.OPD,
        },
    )
    attestations: AttestationRules = AttestationRules(365, 30, 10_485_760)
    approved: Facts = field(default_factory=dict)
    """The `approved.*` facts: what the organisation approves for the inside of its servers."""
    import_days: int = 30
    """How old a report of another tool may be when an audit takes it over."""
    local_checks: str = ""
    """Absolute path of a folder with checks of the organisation's own; empty when there is none."""
    calendar: Calendar = field(default_factory=Calendar)
    schedules: tuple[Schedule, ...] = ()
    """In file order, which is the order in which two of the same time run."""
    blackouts: tuple[Blackout, ...] = ()
    retests: RetestRules = field(default_factory=RetestRules)
    admission: AdmissionRules = field(default_factory=AdmissionRules)
    trial: TrialRules = field(default_factory=TrialRules)
    messages: MessageRules = field(default_factory=MessageRules)
    raw_days: int = 400
    """How many days raw outputs are kept."""
    backup: BackupRules = field(default_factory=BackupRules)
    roadmap: RoadmapRules = field(default_factory=RoadmapRules)
    wall: WallRules = field(default_factory=WallRules)
    signature: ReportSignature | None = None
    """Who signs the PDF of reports."""
    digest: str = ""
