"""Who may stand in the server room: each rule, and that nothing lost ever lets a server in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.gate import WORST_FIRST, Admission, GateReason, ServerGate
from auditor.model.operation import AdmissionRules
from controls.gate import Failing, Seen, Unjudged, gate

DUE, ENDS = date(2026, 12, 1), date(2027, 1, 31)
SOUND = Seen("run-1", datetime(2026, 11, 22, tzinfo=UTC), days_ago=0, coverage=100.0)
RULES = AdmissionRules()


def failing(severity: Severity, **more: object) -> Failing:
    values: dict[str, object] = {"due": DUE, "overdue": False, **more}
    return Failing(f"F-{severity}", f"check-{severity}", "address|web|10.1.0.10||", severity, **values)  # type: ignore[arg-type]


def decided(seen: Seen | None, rules: AdmissionRules = RULES) -> ServerGate:
    return gate("web", "bkd", seen, rules)


def reasons(seen: Seen | None, rules: AdmissionRules = RULES) -> list[tuple[GateReason, Admission]]:
    return [(one.reason, one.decision) for one in decided(seen, rules).reasons]


def test_a_sound_server_measured_today_is_admitted_without_a_word() -> None:
    found = decided(SOUND)
    assert (found.decision, found.reasons, found.run) == (Admission.ADMIT, (), "run-1")


def test_what_was_never_measured_is_not_admitted() -> None:
    assert reasons(None) == [(GateReason.NEVER_MEASURED, Admission.NOT_YET)]


def test_of_a_server_that_kept_silent_one_reason_is_told_and_not_every_check() -> None:
    silent = replace(
        SOUND, judged=False, coverage=0.0, unjudged=(Unjudged("check-critical", "", Severity.CRITICAL),)
    )
    assert reasons(silent) == [(GateReason.NEVER_MEASURED, Admission.NOT_YET)]


def test_an_address_that_was_not_measured_keeps_a_server_out() -> None:
    found = decided(replace(SOUND, unseen=("10.1.0.99",)))
    assert [(one.reason, one.detail) for one in found.reasons] == [(GateReason.NEVER_MEASURED, "10.1.0.99")]


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, []), (7, []), (8, ["8"]), (400, ["400"]), (-1, ["-1"])],
)
def test_measurements_grow_old_and_none_is_of_tomorrow(days: int, told: list[str]) -> None:
    found = decided(replace(SOUND, days_ago=days))
    assert [one.detail for one in found.reasons if one.reason is GateReason.TOO_OLD] == told
    assert found.decision is (Admission.NOT_YET if told else Admission.ADMIT)


@pytest.mark.parametrize(
    ("coverage", "told"),
    [(80.0, []), (79.999999, ["79.9"]), (79.95, ["79.9"]), (0.0, ["0.0"])],
)
def test_coverage_is_never_rounded_up_to_what_is_needed(coverage: float, told: list[str]) -> None:
    found = decided(replace(SOUND, coverage=coverage))
    assert [one.detail for one in found.reasons if one.reason is GateReason.LOW_COVERAGE] == told


@pytest.mark.parametrize(
    ("severity", "more", "expected"),
    [
        (Severity.CRITICAL, {}, (GateReason.FAILING, Admission.NOT_YET)),
        (Severity.CRITICAL, {"overdue": True}, (GateReason.FAILING, Admission.NOT_YET)),
        (Severity.CRITICAL, {"accepted_until": ENDS}, (GateReason.ACCEPTED, Admission.CONDITIONS)),
        (Severity.HIGH, {}, (GateReason.FAILING_MILDER, Admission.CONDITIONS)),
        (Severity.HIGH, {"overdue": True}, (GateReason.OVERDUE, Admission.NOT_YET)),
        (
            Severity.HIGH,
            {"overdue": True, "accepted_until": ENDS},
            (GateReason.ACCEPTED, Admission.CONDITIONS),
        ),
        (Severity.MEDIUM, {}, (GateReason.FAILING_MILDER, Admission.CONDITIONS)),
        (Severity.MEDIUM, {"overdue": True}, (GateReason.FAILING_MILDER, Admission.CONDITIONS)),
        (Severity.LOW, {"overdue": True}, None),
        (Severity.LOW, {"accepted_until": ENDS}, None),
        (Severity.INFO, {}, None),
    ],
)
def test_a_failing_check_counts_by_its_severity_deadline_and_acceptance(
    severity: Severity, more: dict[str, object], expected: tuple[GateReason, Admission] | None
) -> None:
    found = reasons(replace(SOUND, failing=(failing(severity, **more),)))
    assert found == ([expected] if expected else [])


def test_the_day_of_a_condition_is_its_deadline_and_of_an_accepted_risk_the_end_of_that() -> None:
    seen = replace(SOUND, failing=(failing(Severity.HIGH), failing(Severity.CRITICAL, accepted_until=ENDS)))
    assert {one.finding: one.due for one in decided(seen).reasons} == {
        "F-high": DUE,
        "F-critical": ENDS,
    }


def test_the_policy_decides_which_severities_count() -> None:
    strict = AdmissionRules(Severity.MEDIUM, Severity.INFO, Severity.LOW)
    seen = replace(
        SOUND,
        failing=(
            failing(Severity.MEDIUM),
            failing(Severity.LOW, overdue=True),
            failing(Severity.INFO, overdue=True),
        ),
    )
    assert [(one.detail, one.decision) for one in decided(seen, strict).reasons] == [
        ("check-medium", Admission.NOT_YET),
        ("check-low", Admission.NOT_YET),
        ("check-info", Admission.CONDITIONS),
    ]
    never_late = AdmissionRules(refuse_overdue_from=None)
    assert reasons(replace(SOUND, failing=(failing(Severity.HIGH, overdue=True),)), never_late) == [
        (GateReason.FAILING_MILDER, Admission.CONDITIONS)
    ]


def test_a_grave_check_that_could_not_be_judged_keeps_out_and_is_told_once() -> None:
    unjudged = (
        Unjudged("telnet", "b", Severity.CRITICAL),
        Unjudged("telnet", "a", Severity.CRITICAL),
        Unjudged("headers", "a", Severity.HIGH),
    )
    found = decided(replace(SOUND, unjudged=unjudged))
    assert [(one.reason, one.detail, one.subject) for one in found.reasons] == [
        (GateReason.UNKNOWN, "telnet", "a")
    ]
    assert found.decision is Admission.NOT_YET


def test_the_worst_reason_comes_first_and_decides() -> None:
    seen = replace(SOUND, coverage=10.0, failing=(failing(Severity.MEDIUM), failing(Severity.CRITICAL)))
    found = decided(seen)
    assert [one.decision for one in found.reasons] == [
        Admission.NOT_YET,
        Admission.NOT_YET,
        Admission.CONDITIONS,
    ]
    assert found.decision is Admission.NOT_YET


SEVERITIES = st.sampled_from(list(Severity))
FAILINGS = st.builds(
    Failing,
    finding=st.text("abc", min_size=1, max_size=2),
    check=st.sampled_from(["one", "two", "three"]),
    subject=st.just(""),
    severity=SEVERITIES,
    due=st.none() | st.just(DUE),
    overdue=st.booleans(),
    accepted_until=st.none() | st.just(ENDS),
)
ANY_RULES = st.builds(
    AdmissionRules,
    refuse_from=st.sampled_from([Severity.CRITICAL, Severity.HIGH]),
    condition_from=st.sampled_from([Severity.HIGH, Severity.MEDIUM, Severity.INFO]),
    refuse_overdue_from=st.none() | SEVERITIES,
    minimum_coverage=st.sampled_from([0.0, 50.0, 100.0]),
    evidence_days=st.integers(1, 30),
)
ANY_SEEN = st.builds(
    Seen,
    run=st.just("run-1"),
    measured_at=st.just(SOUND.measured_at),
    days_ago=st.integers(-2, 40),
    coverage=st.floats(0, 100),
    failing=st.lists(FAILINGS, max_size=4).map(tuple),
    unjudged=st.lists(
        st.builds(Unjudged, check=st.just("four"), subject=st.just(""), severity=SEVERITIES)
    ).map(tuple),
    judged=st.booleans(),
    unseen=st.lists(st.just("10.1.0.9"), max_size=1).map(tuple),
)


def worse_or_same(before: ServerGate, after: ServerGate) -> bool:
    return WORST_FIRST.index(after.decision) <= WORST_FIRST.index(before.decision)


@given(seen=ANY_SEEN, rules=ANY_RULES, more=FAILINGS, less=st.floats(0, 1), older=st.integers(0, 60))
def test_less_seen_more_failing_and_older_never_lets_a_server_in(
    seen: Seen, rules: AdmissionRules, more: Failing, less: float, older: int
) -> None:
    before = decided(seen, rules)
    # A day that has not come yet is refused already; only what is past grows older.
    aged = replace(seen, days_ago=seen.days_ago + older) if seen.days_ago >= 0 else seen
    for worse in (
        replace(seen, failing=(*seen.failing, more)),
        replace(seen, coverage=seen.coverage * less),
        replace(seen, unjudged=(*seen.unjudged, Unjudged("five", "", more.severity))),
        replace(seen, unseen=(*seen.unseen, "10.1.0.8")),
        replace(seen, judged=False),
        aged,
        None,
    ):
        assert worse_or_same(before, decided(worse, rules))
    assert worse_or_same(decided(replace(seen, failing=()), rules), before)


@given(seen=ANY_SEEN, rules=ANY_RULES)
def test_a_decision_is_its_worst_reason_and_does_not_depend_on_order(
    seen: Seen, rules: AdmissionRules
) -> None:
    found = decided(seen, rules)
    ranks = [WORST_FIRST.index(one.decision) for one in found.reasons]
    assert ranks == sorted(ranks)
    assert found.decision is (found.reasons[0].decision if found.reasons else Admission.ADMIT)
    turned = replace(seen, failing=seen.failing[::-1], unjudged=seen.unjudged[::-1])
    assert decided(turned, rules).decision is found.decision
