"""Trials as the log tells them, and what was open after each of their days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from auditor.model.check import Severity
from auditor.model.decision import Decision, DecisionKind
from auditor.model.finding import FindingStatus
from auditor.model.gate import Admission
from auditor.model.trial import Trial, TrialClosing
from controls.decisions import fold
from controls.trial_days import DayState, Owned, Step, days_of
from controls.trials import trials_of

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 5, tzinfo=UTC)
TRIAL = Trial("T-1", "Uji coba", DAY, DAY + timedelta(days=29), "", {"bkd": 75.0})
OTHER = Trial("T-2", "Uji coba kedua", DAY, DAY + timedelta(days=9), "", {})
CLOSING = TrialClosing("T-1", "Selesai.", "", "", (), 1, "0" * 64, {"web": Admission.ADMIT}, "a" * 64)


def entry(
    kind: DecisionKind, about: str, content: Trial | TrialClosing | None, by: str = "Siti Aminah"
) -> Decision:
    return Decision(kind, about, by, DAY, "", content, "tester", AT)


def started(trial: Trial) -> Decision:
    return entry(DecisionKind.TRIAL_STARTED, trial.id, trial)


def closed(about: str = "T-1", by: str = "Budi Santoso") -> Decision:
    return entry(DecisionKind.TRIAL_CLOSED, about, CLOSING, by)


def test_a_trial_is_open_until_it_is_closed() -> None:
    (record,) = trials_of([started(TRIAL)])
    assert (record.trial, record.started_by, record.closed_on) == (TRIAL, "Siti Aminah", None)
    (record,) = trials_of([started(TRIAL), closed()])
    assert (record.closed_on, record.closed_by, record.closing) == (DAY, "Budi Santoso", CLOSING)


def test_what_contradicts_the_rules_does_nothing() -> None:
    assert trials_of([closed()]) == ()
    assert len(trials_of([started(TRIAL), started(OTHER)])) == 1
    assert len(trials_of([started(TRIAL), closed(), started(TRIAL)])) == 1
    (record,) = trials_of([started(TRIAL), closed(), closed(by="Orang Lain")])
    assert record.closed_by == "Budi Santoso"
    assert trials_of([entry(DecisionKind.TRIAL_STARTED, "T-9", TRIAL)]) == ()


def test_after_one_is_closed_another_may_begin() -> None:
    assert [one.trial.id for one in trials_of([started(TRIAL), closed(), started(OTHER)])] == ["T-1", "T-2"]


def test_trials_move_no_verdict_and_no_score() -> None:
    folded = fold([started(TRIAL), closed()])
    assert (folded.attestations, folded.applicabilities, folded.waivers) == ((), (), ())


NEW, OPEN, FIXED = FindingStatus.NEW, FindingStatus.OPEN, FindingStatus.FIXED
OWNERS = {
    "a": Owned("bkd", Severity.CRITICAL),
    "b": Owned("bkd", Severity.LOW),
    "c": Owned("dinkes", Severity.MEDIUM),
}


def step(number: int, statuses: Mapping[str, FindingStatus], *, audit: bool = True, run: str = "") -> Step:
    return Step(run or f"run-{number}", DAY + timedelta(days=number), statuses, audit)


def folded_days(*steps: Step, baseline: str = "run--1") -> list[DayState]:
    return list(days_of(steps, OWNERS, baseline, DAY))


def test_the_baseline_moves_nothing_and_each_day_is_told_from_there() -> None:
    found = folded_days(
        step(-3, {"a": NEW, "b": NEW}),
        step(-1, {"a": OPEN, "b": OPEN}),
        step(0, {"a": OPEN, "b": FIXED, "c": NEW}),
        step(2, {"a": FIXED, "c": OPEN}),
    )
    shown = [day.shown(Severity.MEDIUM) for day in found]
    assert [(day.day, day.held, day.new, day.fixed) for day in shown] == [
        (DAY - timedelta(days=1), 1, 0, 0),
        (DAY, 2, 1, 1),
        (DAY + timedelta(days=2), 1, 0, 1),
    ]
    assert shown[1].open[Severity.LOW] == 0
    assert found[1].shown(Severity.MEDIUM, "bkd").held == 1
    assert found[1].shown(Severity.MEDIUM, "dinkes").new == 1


def test_what_is_accepted_or_taken_out_of_scope_is_not_fixed() -> None:
    (_, day) = folded_days(
        step(-1, {"a": NEW, "b": NEW}),
        step(0, {"a": FindingStatus.WAIVED, "b": FindingStatus.OUT_OF_SCOPE}),
    )
    shown = day.shown(Severity.INFO)
    assert (shown.fixed, shown.accepted, sum(shown.open.values())) == (0, 1, 0)


def test_what_could_not_be_measured_again_stays_open() -> None:
    (_, day) = folded_days(step(-1, {"a": NEW}), step(0, {"a": FindingStatus.NOT_MEASURED}))
    assert day.shown(Severity.CRITICAL).held == 1


def test_what_comes_back_is_new_again() -> None:
    (_, _, day) = folded_days(
        step(-1, {"a": NEW}), step(0, {"a": FIXED}), step(1, {"a": FindingStatus.REOPENED})
    )
    assert (day.shown(Severity.CRITICAL).new, day.shown(Severity.CRITICAL).held) == (1, 1)


def test_two_runs_of_a_day_are_one_day_and_a_retest_alone_is_no_audit() -> None:
    found = folded_days(
        step(-1, {"a": NEW, "b": NEW}),
        step(0, {"a": OPEN, "b": FIXED}),
        step(0, {"a": FIXED}, audit=False, run="retest"),
        step(1, {"a": FindingStatus.REOPENED}, audit=False),
    )
    assert [(day.runs, day.audited, day.shown(Severity.INFO).fixed) for day in found] == [
        (("run--1",), True, 0),
        (("run-0", "retest"), True, 2),
        (("run-1",), False, 0),
    ]


def test_a_finding_of_a_check_that_is_gone_is_not_counted() -> None:
    (day,) = folded_days(step(-1, {"a": NEW, "zz": NEW}))
    assert sum(day.shown(Severity.INFO).open.values()) == 1


def test_without_a_baseline_there_is_nothing_to_tell() -> None:
    assert folded_days(step(0, {"a": NEW}), baseline="") == []


def test_what_was_mended_on_the_day_of_the_baseline_does_not_lower_where_it_began() -> None:
    steps = [
        Step("r1", DAY, {"a": NEW, "b": NEW, "c": NEW}),
        Step("r2", DAY, {"a": FIXED}, audit=False),
        Step("r3", DAY + timedelta(days=1), {"c": FIXED}),
    ]
    days = [one.shown(Severity.MEDIUM) for one in days_of(steps, OWNERS, "r1", DAY)]
    assert [(one.held, one.held_at_baseline) for one in days] == [(1, 2), (0, None)]
    (first, _) = (one.shown(Severity.MEDIUM, "dinkes") for one in days_of(steps, OWNERS, "r1", DAY))
    assert (first.held, first.held_at_baseline) == (1, 1)
