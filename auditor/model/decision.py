"""What people decided, as an append-only log, and what the log comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.attestation import Applicability, Attestation
from auditor.model.trial import Trial, TrialClosing
from auditor.model.waiver import Waiver


class DecisionKind(StrEnum):
    """What an entry of the log does."""

    ATTESTED = "attested"
    ATTESTATION_WITHDRAWN = "attestation_withdrawn"
    APPLICABILITY_DECIDED = "applicability_decided"
    APPLICABILITY_WITHDRAWN = "applicability_withdrawn"
    WAIVER_REQUESTED = "waiver_requested"
    WAIVER_APPROVED = "waiver_approved"
    WAIVER_REJECTED = "waiver_rejected"
    WAIVER_REVOKED = "waiver_revoked"
    FINDING_ACKNOWLEDGED = "finding_acknowledged"
    ACKNOWLEDGEMENT_WITHDRAWN = "acknowledgement_withdrawn"
    TRIAL_STARTED = "trial_started"
    TRIAL_CLOSED = "trial_closed"


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry. `content` is the whole noun of an entry that makes one, None of one that only ends one.

    `about` is the id of the attestation, applicability, waiver, finding or trial; `by` who decided, in their
    own name; `account` the operating-system account that wrote it; `day` the local day from which it counts.
    """

    kind: DecisionKind
    about: str
    by: str
    day: date
    reason: str
    content: Attestation | Applicability | Waiver | Acknowledgement | Trial | TrialClosing | None
    account: str
    at: datetime
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a log comes to. Histories are kept: every answer in the order in which it was given."""

    attestations: tuple[Attestation, ...] = ()
    applicabilities: tuple[Applicability, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    """One per id, with the status that the log left it in."""
    sequence: int = 0
    """Number of the last entry taken into account."""
    head: str = ""
    """Its hash."""
