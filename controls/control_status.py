"""The status of one control: what was measured, what people answered, and both together. Pure.

Losing evidence never helps: what could not be measured stays unexamined whatever anybody attests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.attestation import Answer
from auditor.model.check import Severity
from auditor.model.framework import MachineCoverage
from auditor.model.scorecard import Applied, Attested, Contradiction, ControlStatus
from auditor.model.verdict import Status
from controls.scoring import UNJUDGED

_GRAVE = frozenset({Severity.CRITICAL, Severity.HIGH})
_AS_ANSWERED = {
    Answer.CONFORMS: ControlStatus.CONFORMS,
    Answer.PARTIAL: ControlStatus.PARTIAL,
    Answer.DOES_NOT_CONFORM: ControlStatus.DOES_NOT_CONFORM,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What scans say of a control: its implementing and related checks by worst status.

    `waived` are checks whose every failure is an accepted risk, `hiding` those of them of which the rest
    could not be judged, `loosened` those judged too leniently.
    """

    coverage: MachineCoverage
    checks: Mapping[str, Status]
    related: Mapping[str, Status]
    severities: Mapping[str, Severity]
    waived: frozenset[str] = frozenset()
    loosened: frozenset[str] = frozenset()
    hiding: frozenset[str] = frozenset()

    @property
    def applicable(self) -> dict[str, Status]:
        """Return the implementing checks that apply to anything."""
        return {name: one for name, one in self.checks.items() if one is not Status.NOT_APPLICABLE}

    @property
    def failing(self) -> frozenset[str]:
        """Return the implementing checks that fail."""
        return frozenset(name for name, one in self.checks.items() if one is Status.FAIL)

    @property
    def unjudged(self) -> frozenset[str]:
        """Return the implementing checks that may fail beside what is known of them."""
        return self.hiding | {name for name, one in self.checks.items() if one in UNJUDGED}


def measured_status(measured: Measured) -> ControlStatus:
    """Decide what the evidence supports, and never more than a machine can judge of the control."""
    applicable = measured.applicable
    if not applicable:
        return ControlStatus.NOT_ASSESSED
    if measured.failing:
        return _failing_status(measured)
    if measured.unjudged:
        return ControlStatus.NOT_EXAMINED
    if measured.coverage is MachineCoverage.TECHNICAL:
        return ControlStatus.PARTIAL if measured.loosened & applicable.keys() else ControlStatus.CONFORMS
    return (
        ControlStatus.PARTIAL if measured.coverage is MachineCoverage.PARTIAL else ControlStatus.NOT_ASSESSED
    )


def _failing_status(measured: Measured) -> ControlStatus:
    applicable, open_failures = measured.applicable, measured.failing - measured.waived
    if not open_failures:
        return ControlStatus.NOT_EXAMINED if measured.unjudged else ControlStatus.WAIVED
    grave = any(measured.severities[check] in _GRAVE for check in open_failures)
    passing = any(status is Status.PASS for status in applicable.values())
    # Where a scan only supports the judgement, a mild failure alone does not say that the control fails.
    settles = measured.coverage in (MachineCoverage.TECHNICAL, MachineCoverage.PARTIAL)
    if grave or (settles and not passing):
        return ControlStatus.DOES_NOT_CONFORM
    # A grave check that could not be judged may fail too: not knowing must not make the rest look mild.
    if any(measured.severities[check] in _GRAVE for check in measured.unjudged):
        return ControlStatus.NOT_EXAMINED
    # Beside an accepted grave failure a mild one must not lift the control above being accepted.
    accepted = any(measured.severities[check] in _GRAVE for check in measured.failing & measured.waived)
    return ControlStatus.WAIVED if accepted else ControlStatus.PARTIAL


def combined_status(
    measured: Measured, attested: Attested | None, applied: Applied | None
) -> tuple[ControlStatus, Contradiction | None]:
    """Put measurement and answers together; a failing measurement is never overridden, only contradicted."""
    status = measured_status(measured)
    if applied is not None and not applied.applicable:
        if not measured.applicable:
            return ControlStatus.NOT_APPLICABLE, None
        return _with_answer(measured, status, attested)[0], Contradiction.EXCLUDED_BUT_MEASURED
    return _with_answer(measured, status, attested)


def _with_answer(
    measured: Measured, status: ControlStatus, attested: Attested | None
) -> tuple[ControlStatus, Contradiction | None]:
    answer = attested.answer if attested is not None else None
    if answer is None:
        return status, None
    too_lenient = bool(measured.loosened & measured.applicable.keys())
    if status is ControlStatus.NOT_ASSESSED:
        # Judged strictly, it might fail: so no answer makes it whole.
        if answer is Answer.CONFORMS and too_lenient:
            return ControlStatus.PARTIAL, None
        return _AS_ANSWERED[answer], _hint_against(measured, answer)
    if answer is Answer.DOES_NOT_CONFORM:
        worse = status is ControlStatus.CONFORMS or (status is ControlStatus.PARTIAL and not measured.failing)
        return ControlStatus.DOES_NOT_CONFORM, Contradiction.ATTESTED_WORSE if worse else None
    if measured.failing:
        better = status is ControlStatus.DOES_NOT_CONFORM or answer is Answer.CONFORMS
        return status, Contradiction.ATTESTED_BETTER if better else None
    if status is ControlStatus.NOT_EXAMINED:
        return status, None
    if status is ControlStatus.CONFORMS:
        partly = answer is Answer.PARTIAL
        return _AS_ANSWERED[answer], Contradiction.ATTESTED_WORSE if partly else _hint_against(
            measured, answer
        )
    # Partial because a machine judges only a part, or judged it too leniently: people answer for the rest.
    if answer is Answer.CONFORMS and not too_lenient:
        return ControlStatus.CONFORMS, _hint_against(measured, answer)
    return ControlStatus.PARTIAL, None


def _hint_against(measured: Measured, answer: Answer) -> Contradiction | None:
    grave = any(
        status is Status.FAIL and measured.severities[check] in _GRAVE
        for check, status in measured.related.items()
    )
    return Contradiction.RELATED_FAILS if grave and answer is Answer.CONFORMS else None
