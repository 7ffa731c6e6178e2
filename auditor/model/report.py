"""Everything a report may show: one frozen set of data, from which every format is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from auditor.model.changes import Changes
from auditor.model.check import Check, Text
from auditor.model.decision import Decisions
from auditor.model.evidence import Evidence
from auditor.model.finding import Finding
from auditor.model.framework import Framework
from auditor.model.inventory import Inventory
from auditor.model.movement import Comparison
from auditor.model.next_grade import NextGrade
from auditor.model.plan import Skipped
from auditor.model.policy import Policy
from auditor.model.proof import Proof
from auditor.model.retest import RetestResult
from auditor.model.roadmap import Roadmap
from auditor.model.root_cause import RootCause
from auditor.model.run import AuditRun
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Verdict
from auditor.model.waiver import Waiver


@dataclass(frozen=True, slots=True)
class PreviousScore:
    """An OPD's numbers in a complete run before this one."""

    run: str
    finished_at: datetime
    floor: float
    ceiling: float
    coverage: float
    letter: str
    same_rules: bool = True
    """Whether it was judged by the rules of this run; told in `ReportData.history` alone."""


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A server of which nothing, or not everything, could be measured; `what` names the scanner."""

    opd: str
    server: str
    address: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Retested:
    """One finding measured again on demand."""

    run: str
    at: datetime
    asked_by: str
    result: RetestResult
    opd: str = ""
    """Owner of the finding when it was measured again."""


@dataclass(frozen=True, slots=True)
class ReportData:
    """One finished run with all it rests on. `evidence` is by sequence number; `scorecards` by OPD id."""

    run: AuditRun
    inventory: Inventory
    policy: Policy
    frameworks: Mapping[str, Framework]
    checks: Mapping[str, Check]
    skipped: tuple[Skipped, ...]
    not_measured: tuple[NotMeasured, ...]
    evidence: Mapping[int, Evidence]
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    waivers: Mapping[str, Waiver]
    """Every waiver that anybody asked for, by id, in the state of the day of the run."""
    scorecards: Mapping[str, Scorecard]
    organization: Scorecard
    """The same numbers over all OPD; its `opd` is empty."""
    previous: Mapping[str, PreviousScore]
    """By OPD id; "" for the organisation; absent when there was no run before."""
    chain_head: str
    """Hash of the last evidence row of the run."""
    decisions: Decisions
    """What people had decided when the run was judged."""
    comparisons: Mapping[str, Comparison]
    """OPD id → why its score moved since the run in `previous`; absent when there was no run before."""
    digest: str
    """SHA-256 over the stored verdicts and scorecards of the run."""
    next_grades: Mapping[str, NextGrade] = field(default_factory=dict)
    """OPD id → the shortest way to its next grade; "" for the organisation."""
    fix_weights: Mapping[str, float] = field(default_factory=dict)
    """Finding id → weight that passes once its check holds on its whole server, for its OPD.

    0 where something of it could not be judged, so that fixing alone brings nothing yet.
    """
    changes: Changes | None = None
    """What became of findings since the last complete audit of the same servers; None without one."""
    history: Mapping[str, tuple[PreviousScore, ...]] = field(default_factory=dict)
    """OPD id → its numbers in earlier complete audits of the same servers, oldest first; "" for all."""
    retests: Mapping[str, tuple[Retested, ...]] = field(default_factory=dict)
    """Finding id → its re-tests that had ended before the next audit began, oldest first."""
    next_audits: Mapping[str, datetime] = field(default_factory=dict)
    """OPD id → when a schedule measures it again; absent where none does."""
    proofs: tuple[Proof, ...] = ()
    """Every remedy of the catalogue that was tried on a real server, in the order of their checks."""
    not_proven: Mapping[str, Text] = field(default_factory=dict)
    """Check → why none of its remedies was tried; absent where one was, or nobody says why."""
    public_key: str = ""
    """Public half of the key that signs evidence here, hexadecimal; evidence packs are verified with it."""
    roadmap: Roadmap | None = None
    """What is left as packages of work over quarters; None where the policy plans none."""
    causes: tuple[RootCause, ...] = ()
    """What is to be changed, in the order of work: every open finding is in exactly one of them."""
