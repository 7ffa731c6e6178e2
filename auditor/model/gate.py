"""Whether a server may stand in the server room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Admission(StrEnum):
    """The decision about one server, worst last."""

    ADMIT = "admit"
    CONDITIONS = "conditions"
    """Admitted with conditions: what is listed is to be done, each until its day."""
    NOT_YET = "not_yet"


class GateReason(StrEnum):
    """Why a server is not simply admitted."""

    NEVER_MEASURED = "never_measured"
    """Nothing of it was ever measured, or nothing at an address that it has now."""
    TOO_OLD = "too_old"
    LOW_COVERAGE = "low_coverage"
    FAILING = "failing"
    """A failing check, as severe as the policy does not let in."""
    FAILING_MILDER = "failing_milder"
    """A failing check, as severe as the policy lets in with a condition."""
    OVERDUE = "overdue"
    ACCEPTED = "accepted"
    """A failing check whose risk somebody accepted for a time."""
    UNKNOWN = "unknown"
    """A check as severe as the policy does not let in could not be judged."""


WORST_FIRST = (Admission.NOT_YET, Admission.CONDITIONS, Admission.ADMIT)


@dataclass(frozen=True, slots=True)
class Because:
    """One reason. `finding` is the id of a finding where there is one; `detail` depends on the reason.

    NEVER_MEASURED: the address, empty when it is about the whole server. TOO_OLD: days since it was measured,
    negative when that day has not come yet. LOW_COVERAGE: percent, truncated. All about a check: its id.
    """

    reason: GateReason
    decision: Admission
    """What this reason alone would come to."""
    finding: str = ""
    detail: str = ""
    subject: str = ""
    """Key of the subject of a finding, or of the first one that could not be judged."""
    due: date | None = None
    """Last local day of a condition: when it is due, or until when its risk is accepted."""


@dataclass(frozen=True, slots=True)
class ServerGate:
    """The decision about one server; `reasons` worst first, empty when it is simply admitted."""

    server: str
    opd: str
    decision: Admission
    reasons: tuple[Because, ...]
    run: str = ""
    """The audit that it rests on; empty when there is none."""
    measured_at: datetime | None = None
