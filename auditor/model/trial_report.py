"""What the pages of a trial and of an admission are made from: whole, so that they can be made again.

This is the published JSON contract of both. A removed or renamed key, or another meaning, raises `VERSION`.
Days are local days of the organisation, deadlines those of the owning OPD, moments are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from auditor.model.check import Severity, Text
from auditor.model.gate import ServerGate
from auditor.model.inventory import Category, Organization
from auditor.model.operation import AdmissionRules
from auditor.model.report import NotMeasured
from auditor.model.trial_status import TrialStatus

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class NamedServer:
    """A server as its owners know it."""

    name: str
    opd: str
    opd_name: str
    zone: str
    category: Category
    addresses: tuple[str, ...]
    hostnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedCheck:
    """A check that a reason names."""

    title: Text
    severity: Severity


@dataclass(frozen=True, slots=True)
class Proof:
    """SHA-256 digests by which the numbers can be traced to what is stored.

    `results` is over what the newest audit came to, `evidence` the head of the chain of evidence, `decisions`
    the number of the last decision and `decisions_head` its hash.
    """

    run: str
    results: str
    evidence: str
    decisions: int
    decisions_head: str
    policy: str
    catalogue: str
    inventory: str
    auditor: str


@dataclass(frozen=True, slots=True)
class Closed:
    """By whom a trial was closed, and what they had to say."""

    on: date
    by: str
    remark: str


@dataclass(frozen=True, slots=True)
class TrialReport:
    """A trial as it stands, or, with `closed`, as it ended."""

    version: Literal[1]
    organization: Organization
    classification: str
    status: TrialStatus
    closed: Closed | None
    rules: AdmissionRules
    pace_days: int
    servers: Mapping[str, NamedServer]
    """By id: every server that a decision is about, and those that could not be measured."""
    checks: Mapping[str, NamedCheck]
    runs: tuple[str, ...]
    """Every run of the days shown."""
    proof: Proof


@dataclass(frozen=True, slots=True)
class AdmissionReport:
    """The decision about one server, made from one audit of it."""

    version: Literal[1]
    organization: Organization
    classification: str
    server: str
    named: NamedServer
    asked_by: str
    letters: tuple[str, ...]
    """References of the assignments under which it was measured."""
    started_at: datetime
    finished_at: datetime | None
    gate: ServerGate
    judged: Mapping[str, int]
    """Verdict → how many."""
    coverage: float
    rules: AdmissionRules
    checks: Mapping[str, NamedCheck]
    gaps: tuple[NotMeasured, ...]
    tools: Mapping[str, str]
    proof: Proof
