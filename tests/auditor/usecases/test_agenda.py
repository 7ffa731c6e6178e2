"""The calendar that agencies take in: read back by a parser, with every zone that it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from auditor.model.schedule import Blackout, Schedule, Work
from auditor.usecases.acknowledge import acknowledge
from auditor.usecases.agenda import calendar_of
from auditor.usecases.waive import Desk
from tests.auditor.usecases.taking_on import WHO, Office, copied, judged_office, some_finding
from tests.auditor.usecases.waiving import later
from tests.auditor.usecases.world import World

NIGHTLY = Schedule("malam", Work.AUDIT, "0 22 * * *", "", 360, 0)
DINKES_ONLY = Schedule("dinkes", Work.AUDIT, "30 9 * * sun", "Asia/Jayapura", 60, 0, ("dinkes",))
BACKUP = Schedule("cadangan", Work.BACKUP, "0 4 * * *", "", 60, 0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    return judged_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(made: tuple[Path, World], tmp_path: Path) -> Iterator[Office]:
    office = copied(made, tmp_path)
    yield office
    office.workspace.engine.dispose()


def desk_with(office: Office, *schedules: Schedule, blackouts: tuple[Blackout, ...] = ()) -> Desk:
    """Return a desk in a government where Dinkes lies two zones east of everybody else."""
    desk = office.desk
    opds = tuple(
        replace(one, timezone="Asia/Jayapura") if one.id == "dinkes" else one
        for one in desk.inputs.inventory.opds
    )
    policy = replace(desk.inputs.policy, schedules=schedules, blackouts=blackouts)
    inventory = replace(desk.inputs.inventory, opds=opds)
    return replace(desk, inputs=replace(desk.inputs, inventory=inventory, policy=policy))


def events(content: bytes, start: str) -> list[Event]:
    """Return the events whose id begins with a word, by their beginning."""
    found = [one for one in Calendar.from_ical(content).walk("VEVENT") if str(one["uid"]).startswith(start)]
    return sorted(found, key=lambda one: (str(one["dtstart"].dt), str(one["uid"])))


def test_every_open_finding_is_due_on_a_whole_day_with_an_id_that_stays(office: Office) -> None:
    desk = desk_with(office)
    records = desk.workspace.results.findings()
    content = calendar_of(desk, "", "id")
    found = {str(one["uid"]): one for one in events(content, "due-")}
    assert set(found) == {f"due-{finding}@tilik" for finding in records}
    for finding, record in records.items():
        event = found[f"due-{finding}@tilik"]
        assert (event["dtstart"].dt, event["dtend"].dt) == (record.due, record.due + timedelta(days=1))
        assert not isinstance(event["dtstart"].dt, datetime)
    again = {str(one["uid"]) for one in events(calendar_of(later(desk, 3), "", "en"), "due-")}
    assert again == set(found)
    assert calendar_of(desk, "", "id") == content


def test_an_agency_is_given_only_its_own(office: Office) -> None:
    desk = desk_with(office, NIGHTLY, DINKES_ONLY)
    records = desk.workspace.results.findings().values()
    own = {f"due-{one.id}@tilik" for one in records if one.opd == "bkd"}
    content = calendar_of(desk, "bkd", "id")
    assert {str(one["uid"]) for one in events(content, "due-")} == own
    assert not events(content, "window-dinkes")
    assert events(content, "window-malam")
    assert events(calendar_of(desk, "dinkes", "id"), "window-dinkes")


def test_who_mends_it_is_told_and_a_deadline_that_passed(office: Office) -> None:
    desk = desk_with(office)
    finding = some_finding(desk)
    acknowledge(desk, [finding], "Budi; Santoso, S.Kom.", WHO[1], "2026-12-01", "Siti Aminah")
    (event,) = events(calendar_of(desk, "", "id"), f"due-{finding}")
    assert "Budi; Santoso, S.Kom." in event["description"]
    assert "1 Desember 2026" in event["description"]
    assert "telah lewat" not in event["description"]
    (event,) = events(calendar_of(later(desk, 4000), "", "id"), f"due-{finding}")
    assert "Tenggat telah lewat." in event["description"]


def test_scan_windows_carry_their_zone_and_nothing_else_that_runs_is_told(office: Office) -> None:
    desk = desk_with(office, NIGHTLY, DINKES_ONLY, BACKUP)
    content = calendar_of(desk, "", "en", 14)
    nightly = events(content, "window-malam")
    # From the day of the desk, 22 November, on.
    assert [one["dtstart"].dt.date() for one in nightly] == [date(2026, 11, 22 + n) for n in range(9)] + [
        date(2026, 12, 1 + n) for n in range(5)
    ]
    begins, ends = nightly[0]["dtstart"].dt, nightly[0]["dtend"].dt
    assert begins == datetime(2026, 11, 22, 22, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert (ends - begins, str(nightly[0]["dtstart"].params["TZID"])) == (timedelta(hours=6), "Asia/Jakarta")
    assert [one["dtstart"].dt for one in events(content, "window-dinkes")] == [
        datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Asia/Jayapura")),
        datetime(2026, 11, 29, 9, 30, tzinfo=ZoneInfo("Asia/Jayapura")),
    ]
    assert len(events(content, "window-")) == len(nightly) + 2
    calendar = Calendar.from_ical(content)
    assert calendar.get_missing_tzids() == set()
    assert {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")} == {"Asia/Jakarta", "Asia/Jayapura"}


def test_the_same_window_keeps_its_id_from_day_to_day(office: Office) -> None:
    desk = desk_with(office, NIGHTLY)
    first = {str(one["uid"]) for one in events(calendar_of(desk, "", "id", 10), "window-")}
    next_day = {str(one["uid"]) for one in events(calendar_of(later(desk, 1), "", "id", 9), "window-")}
    assert next_day < first
    assert len(first - next_day) == 1


ELECTION = Blackout("Pemilu", first=date(2026, 11, 20), last=date(2026, 11, 25))
MORNINGS = Blackout(
    "Pelayanan pagi", opds=("dinkes",), weekdays=frozenset({0}), begins=time(7), ends=time(10)
)
NIGHT = Blackout("Cadangan", servers=("bkd-db-01",), first=date(2026, 11, 21), begins=time(23), ends=time(2))
SUNDAYS = Blackout("Libur", opds=("bkd",), weekdays=frozenset({6}))


def test_times_without_scans_are_told_in_the_zone_of_whom_they_concern(office: Office) -> None:
    desk = desk_with(office, blackouts=(MORNINGS, NIGHT))
    content = calendar_of(desk, "", "id", 9)
    monday, next_monday = (one for one in events(content, "pause-") if "Pelayanan" in str(one["summary"]))
    eastern = ZoneInfo("Asia/Jayapura")
    assert monday["dtstart"].dt == datetime(2026, 11, 23, 7, tzinfo=eastern)
    assert monday["dtend"].dt == datetime(2026, 11, 23, 10, tzinfo=eastern)
    assert next_monday["dtstart"].dt == datetime(2026, 11, 30, 7, tzinfo=eastern)
    nights = [one for one in events(content, "pause-") if "Cadangan" in str(one["summary"])]
    assert nights[0]["dtstart"].dt == datetime(2026, 11, 21, 23, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert nights[0]["dtend"].dt == datetime(2026, 11, 22, 2, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert "bkd-db-01" in nights[0]["description"]
    assert not [
        one for one in events(calendar_of(desk, "bkd", "id"), "pause-") if "Pelayanan" in one["summary"]
    ]


def test_whole_days_are_whole_days(office: Office) -> None:
    desk = desk_with(office, blackouts=(ELECTION, SUNDAYS))
    found = events(calendar_of(desk, "bkd", "id", 9), "pause-")
    spans = {(str(one["summary"]), one["dtstart"].dt, one["dtend"].dt) for one in found}
    assert spans == {
        ("Tanpa pemindaian: Pemilu", date(2026, 11, 20), date(2026, 11, 26)),
        ("Tanpa pemindaian: Libur", date(2026, 11, 22), date(2026, 11, 23)),
        ("Tanpa pemindaian: Libur", date(2026, 11, 29), date(2026, 11, 30)),
    }
    assert not events(calendar_of(later(desk, 30), "dinkes", "id", 9), "pause-")


def test_nothing_that_is_written_breaks_out_of_its_event(office: Office) -> None:
    hostile = "a\r\nEND:VEVENT\r\nBEGIN:VALARM\nb;c,d\\n\x1b\u202e" + "é" * 200
    desk = desk_with(office, NIGHTLY, blackouts=(replace(ELECTION, reason=hostile),))
    content = calendar_of(desk, "", "id", 2)
    calendar = Calendar.from_ical(content)
    assert calendar.walk("VALARM") == []
    (pause,) = events(content, "pause-")
    assert "\\r\\nEND:VEVENT" in str(pause["description"]).replace("\\x0d\\x0a", "\\r\\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\x1b" not in content


def test_the_moment_of_making_is_told_in_utc(office: Office) -> None:
    desk = replace(desk_with(office, NIGHTLY), now=datetime(2026, 11, 22, 5, 0, 0, 999, tzinfo=UTC))
    assert b"DTSTAMP:20261122T050000Z" in calendar_of(desk, "", "id", 2)
