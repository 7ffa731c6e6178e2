"""When an agency is measured again follows from schedules and from when it must not be measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from auditor.model.schedule import Blackout, Schedule, Work
from auditor.policy.loading import load_policy
from auditor.usecases.next_audits import next_audits
from tests.reports.organisation import inventory

NOW = datetime(2026, 10, 5, 2, 12, tzinfo=UTC)  # Monday, 09:12 in Jakarta
NIGHTLY = Schedule("night", Work.AUDIT, "0 22 * * *", "", window_minutes=360, catch_up_minutes=0)
WEEKLY = Schedule("dinkes", Work.AUDIT, "0 12 * * mon", "", 60, 0, opds=("dinkes",))
BACKUP = Schedule("backup", Work.BACKUP, "0 10 * * *", "", 60, 0)


def upcoming(*schedules: Schedule, blackouts: tuple[Blackout, ...] = ()) -> dict[str, datetime]:
    policy = replace(load_policy(), schedules=schedules, blackouts=blackouts)
    return dict(next_audits(policy, inventory(), NOW))


def test_the_earliest_audit_of_an_agency_counts() -> None:
    night, noon = datetime(2026, 10, 5, 15, tzinfo=UTC), datetime(2026, 10, 5, 5, tzinfo=UTC)
    assert upcoming(NIGHTLY, WEEKLY, BACKUP) == {"dinkes": noon, "disdik": night, "dukcapil": night}


def test_an_agency_that_no_schedule_measures_is_absent() -> None:
    assert upcoming(WEEKLY, BACKUP).keys() == {"dinkes"}
    assert upcoming() == {}


def test_the_time_is_that_of_the_schedules_zone() -> None:
    there = replace(NIGHTLY, timezone="Asia/Jayapura")
    assert upcoming(there)["disdik"] == datetime(2026, 10, 5, 13, tzinfo=UTC)


def test_a_blackout_within_the_window_postpones_and_one_beyond_it_skips() -> None:
    late = Blackout("rekap", opds=("dinkes",), begins=time(20), ends=time(23, 30))
    assert upcoming(NIGHTLY, blackouts=(late,))["dinkes"] == datetime(2026, 10, 5, 16, 30, tzinfo=UTC)
    days = Blackout("ujian", opds=("disdik",), first=date(2026, 10, 5), last=date(2026, 10, 7))
    found = upcoming(NIGHTLY, blackouts=(days,))
    # The window that begins on the last day reaches into the first free one.
    assert found["disdik"] == datetime(2026, 10, 7, 17, tzinfo=UTC)
    assert found["dinkes"] == datetime(2026, 10, 5, 15, tzinfo=UTC)


def test_what_must_never_be_measured_has_no_next_audit() -> None:
    assert upcoming(NIGHTLY, blackouts=(Blackout("selamanya", opds=("disdik",)),)).keys() == {
        "dinkes",
        "dukcapil",
    }
