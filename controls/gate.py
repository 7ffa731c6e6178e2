"""Whether a server may stand in the server room, by the rules of the policy. Pure.

Nothing that could not be measured lets a server in: what failed and was not measured again counts as failing,
and a grave check that could not be judged keeps it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from auditor.model.check import Severity
from auditor.model.gate import WORST_FIRST, Admission, Because, GateReason, ServerGate
from auditor.model.operation import AdmissionRules


@dataclass(frozen=True, slots=True)
class Failing:
    """A check that fails, or failed when it was measured last. `due` is a local day of the owning OPD."""

    finding: str
    check: str
    subject: str
    severity: Severity
    due: date | None
    overdue: bool
    accepted_until: date | None = None
    """Last day of the waiver that covers it; None when there is none in force."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A check that could not be judged about a subject, and of which no failure is known."""

    check: str
    subject: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a server. Coverage is percent of its weight, whoever answers for it."""

    run: str
    measured_at: datetime
    days_ago: int
    coverage: float
    failing: tuple[Failing, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    judged: bool = True
    """Whether anything was measured at all."""
    unseen: tuple[str, ...] = field(default=())
    """Addresses that it has now and that were not measured."""


def gate(server: str, opd: str, seen: Seen | None, rules: AdmissionRules) -> ServerGate:
    """Return the decision about one server, with every reason; `seen` is None when it was never measured."""
    if seen is None:
        never = Because(GateReason.NEVER_MEASURED, Admission.NOT_YET)
        return ServerGate(server, opd, Admission.NOT_YET, (never,))
    reasons = tuple(sorted(_reasons(seen, rules), key=_order))
    decision = reasons[0].decision if reasons else Admission.ADMIT
    return ServerGate(server, opd, decision, reasons, seen.run, seen.measured_at)


def _reasons(seen: Seen, rules: AdmissionRules) -> Iterator[Because]:
    yield from _about_measuring(seen, rules)
    for one in seen.failing:
        because = _about_failing(one, rules)
        if because is not None:
            yield because
    told: set[str] = set()
    for unjudged in sorted(seen.unjudged, key=lambda one: (one.check, one.subject)):
        if seen.judged and unjudged.severity.rank <= rules.refuse_from.rank and unjudged.check not in told:
            told.add(unjudged.check)
            yield Because(
                GateReason.UNKNOWN, Admission.NOT_YET, detail=unjudged.check, subject=unjudged.subject
            )


def _about_measuring(seen: Seen, rules: AdmissionRules) -> Iterator[Because]:
    if not seen.judged:
        yield Because(GateReason.NEVER_MEASURED, Admission.NOT_YET)
        return
    for address in seen.unseen:
        yield Because(GateReason.NEVER_MEASURED, Admission.NOT_YET, detail=address)
    # A day that has not come yet was told by a wrong clock, and proves no freshness.
    if not 0 <= seen.days_ago <= rules.evidence_days:
        yield Because(GateReason.TOO_OLD, Admission.NOT_YET, detail=str(seen.days_ago))
    if seen.coverage < rules.minimum_coverage:
        yield Because(GateReason.LOW_COVERAGE, Admission.NOT_YET, detail=_truncated(seen.coverage))


def _about_failing(one: Failing, rules: AdmissionRules) -> Because | None:
    """Return the gravest thing there is to say of a failing check; None when it is too mild for any."""

    def because(reason: GateReason, decision: Admission, day: date | None) -> Because:
        return Because(reason, decision, one.finding, one.check, one.subject, day)

    held = one.severity.rank <= rules.condition_from.rank
    if one.accepted_until is not None:
        # What would be no reason if nobody had accepted it is none because somebody did.
        return because(GateReason.ACCEPTED, Admission.CONDITIONS, one.accepted_until) if held else None
    if one.severity.rank <= rules.refuse_from.rank:
        return because(GateReason.FAILING, Admission.NOT_YET, one.due)
    limit = rules.refuse_overdue_from
    if one.overdue and limit is not None and one.severity.rank <= limit.rank:
        return because(GateReason.OVERDUE, Admission.NOT_YET, one.due)
    return because(GateReason.FAILING_MILDER, Admission.CONDITIONS, one.due) if held else None


def _order(one: Because) -> tuple[int, int, str, str, str]:
    return (
        WORST_FIRST.index(one.decision),
        list(GateReason).index(one.reason),
        one.due.isoformat() if one.due else "",
        one.detail,
        one.subject,
    )


def _truncated(percent: float) -> str:
    return str(Decimal(repr(round(percent, 9))).quantize(Decimal("0.1"), rounding=ROUND_DOWN))
