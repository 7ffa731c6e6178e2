"""Measurement and answers together: nothing that people say hides what was measured, or was not."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from auditor.model.attestation import Answer
from auditor.model.check import Severity
from auditor.model.framework import MachineCoverage
from auditor.model.scorecard import Applied, Attested, Contradiction, ControlStatus
from auditor.model.verdict import Status
from controls.control_status import Measured, combined_status, measured_status
from tests.controls.decided import LATER

TECHNICAL, PARTIAL = MachineCoverage.TECHNICAL, MachineCoverage.PARTIAL
SUPPORTING, PAPERS = MachineCoverage.SUPPORTING, MachineCoverage.ATTESTATION
P, F, U, E, N = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.ERROR, Status.NOT_APPLICABLE
C, PARTLY, D = Answer.CONFORMS, Answer.PARTIAL, Answer.DOES_NOT_CONFORM
Conforms, Partial, Fails = ControlStatus.CONFORMS, ControlStatus.PARTIAL, ControlStatus.DOES_NOT_CONFORM
BETTER, WORSE = Contradiction.ATTESTED_BETTER, Contradiction.ATTESTED_WORSE
SEVERITIES = {"grave": Severity.HIGH, "mild": Severity.LOW, "near": Severity.CRITICAL}
LEFT_OUT = Applied(False, "S-1")


def measured(
    coverage: MachineCoverage,
    grave: Status = N,
    mild: Status = N,
    near: Status = N,
    waived: frozenset[str] = frozenset(),
    loosened: frozenset[str] = frozenset(),
) -> Measured:
    checks = {"grave": grave, "mild": mild}
    return Measured(coverage, checks, {"near": near}, SEVERITIES, waived, loosened)


def attested(answer: Answer | None) -> Attested:
    return Attested(answer, {}, ("A-1",), LATER)


@pytest.mark.parametrize(
    ("found", "answer", "status", "contradiction"),
    [
        # Nothing measured: the answer counts as it was given.
        (measured(PAPERS), C, Conforms, None),
        (measured(PAPERS), PARTLY, Partial, None),
        (measured(PAPERS), D, Fails, None),
        (measured(TECHNICAL), C, Conforms, None),
        (measured(SUPPORTING, P, P), C, Conforms, None),
        (measured(PAPERS, near=F), C, Conforms, Contradiction.RELATED_FAILS),
        (measured(PAPERS, near=F), PARTLY, Partial, None),
        # A machine judges a part: people answer for the rest.
        (measured(PARTIAL, P), C, Conforms, None),
        (measured(PARTIAL, P), PARTLY, Partial, None),
        (measured(PARTIAL, P), D, Fails, WORSE),
        (measured(PARTIAL, P, near=F), C, Conforms, Contradiction.RELATED_FAILS),
        # Everything measured passes: the worse answer counts, and is told.
        (measured(TECHNICAL, P, P), C, Conforms, None),
        (measured(TECHNICAL, P, P), PARTLY, Partial, WORSE),
        (measured(TECHNICAL, P, P), D, Fails, WORSE),
        # What fails stays failing whatever is said.
        (measured(TECHNICAL, F, P), C, Fails, BETTER),
        (measured(TECHNICAL, F, P), PARTLY, Fails, BETTER),
        (measured(TECHNICAL, F, P), D, Fails, None),
        (measured(TECHNICAL, P, F), C, Partial, BETTER),
        (measured(TECHNICAL, P, F), PARTLY, Partial, None),
        (measured(TECHNICAL, P, F), D, Fails, None),
        # What could not be measured cannot be attested away.
        (measured(TECHNICAL, U, P), C, ControlStatus.NOT_EXAMINED, None),
        (measured(SUPPORTING, E), C, ControlStatus.NOT_EXAMINED, None),
        (measured(TECHNICAL, U, P), D, Fails, None),
        # An accepted risk stays one.
        (measured(TECHNICAL, F, P, waived=frozenset({"grave"})), C, ControlStatus.WAIVED, BETTER),
        (measured(TECHNICAL, F, P, waived=frozenset({"grave"})), PARTLY, ControlStatus.WAIVED, None),
        (measured(TECHNICAL, F, P, waived=frozenset({"grave"})), D, Fails, None),
        # Judged too leniently: no answer makes it whole.
        (measured(TECHNICAL, P, P, loosened=frozenset({"mild"})), C, Partial, None),
        (measured(PARTIAL, P, P, loosened=frozenset({"mild"})), C, Partial, None),
        # An answer that has ended says nothing.
        (measured(PAPERS), None, ControlStatus.NOT_ASSESSED, None),
    ],
)
def test_what_both_come_to(
    found: Measured, answer: Answer | None, status: ControlStatus, contradiction: Contradiction | None
) -> None:
    assert combined_status(found, attested(answer), None) == (status, contradiction)


def test_one_failure_more_never_lifts_an_accepted_control() -> None:
    for coverage, near in itertools.product(MachineCoverage, (P, N)):
        checks = {"grave": F, "mild": P, "other": near}
        severities = {**SEVERITIES, "other": Severity.MEDIUM}
        accepted = Measured(coverage, checks, {}, severities, frozenset({"grave"}))
        worse = replace(accepted, checks={**checks, "mild": F})
        assert GOODNESS[measured_status(worse)] <= GOODNESS[measured_status(accepted)], (coverage, near)


def test_a_parameter_looser_than_tolerated_never_gives_a_whole_control() -> None:
    assert measured_status(measured(TECHNICAL, P, P)) is Conforms
    assert measured_status(measured(TECHNICAL, P, P, loosened=frozenset({"grave"}))) is Partial
    assert measured_status(measured(TECHNICAL, P, N, loosened=frozenset({"mild"}))) is Conforms


@pytest.mark.parametrize("status", [P, F, U, E])
def test_what_was_measured_cannot_be_left_out(status: Status) -> None:
    found = measured(TECHNICAL, status)
    left_out, contradiction = combined_status(found, None, LEFT_OUT)
    assert left_out is measured_status(found)
    assert contradiction is Contradiction.EXCLUDED_BUT_MEASURED


def test_what_applies_nowhere_can_be_left_out() -> None:
    for given in (None, attested(C), attested(D)):
        assert combined_status(measured(TECHNICAL), given, LEFT_OUT) == (ControlStatus.NOT_APPLICABLE, None)
    assert combined_status(measured(TECHNICAL), None, Applied(True, "S-1"))[0] is ControlStatus.NOT_ASSESSED


GOODNESS = {
    Conforms: 4,
    ControlStatus.NOT_APPLICABLE: 4,
    Partial: 3,
    ControlStatus.WAIVED: 2,
    ControlStatus.NOT_ASSESSED: 1,
    ControlStatus.NOT_EXAMINED: 0,
    Fails: 0,
}


def test_losing_a_verdict_never_makes_any_control_better() -> None:
    """Every combination of coverage, two checks, exceptions and answers."""
    answers = [None, *(attested(one) for one in (C, PARTLY, D, None))]
    waived = [frozenset(one) for size in range(3) for one in itertools.combinations(("grave", "mild"), size)]
    for coverage, (grave, mild), accepted, given, applied in itertools.product(
        MachineCoverage, itertools.product(Status, repeat=2), waived, answers, (None, LEFT_OUT)
    ):
        covered = accepted & {name for name, one in (("grave", grave), ("mild", mild)) if one is F}
        whole, _ = combined_status(measured(coverage, grave, mild, waived=covered), given, applied)
        for lost in ("grave", "mild"):
            kept = {"grave": grave, "mild": mild, lost: U}
            less = measured(coverage, **kept, waived=covered - {lost})
            after, _ = combined_status(less, given, applied)
            assert GOODNESS[after] <= GOODNESS[whole], (coverage, grave, mild, covered, given, applied, lost)


def test_an_answer_never_hides_a_failure() -> None:
    for coverage, other, answer in itertools.product(MachineCoverage, Status, Answer):
        status, _ = combined_status(measured(coverage, F, other), attested(answer), None)
        assert status is Fails
