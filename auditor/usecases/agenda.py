"""What a calendar of audits holds: deadlines, times in which audits may run, times in which they must not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.finding import CLOSED, FindingStatus
from auditor.model.finding_record import FindingRecord
from auditor.model.inventory import Inventory
from auditor.model.schedule import Blackout, Schedule, Work
from auditor.model.subject import Subject
from auditor.usecases.calendar import is_overdue, local_day
from auditor.usecases.waive import Desk
from controls.acknowledgements import acknowledgement_of, acknowledgements_on, shown_status
from controls.blackouts import occurrences
from controls.slots import next_time, window_closes
from reports.agenda import Agenda, Due, Pause, Window, write_calendar
from reports.words import Words

DAYS_AHEAD = 60
_DAY = timedelta(days=1)


def calendar_of(desk: Desk, opd: str, language: str, days: int = DAYS_AHEAD) -> bytes:
    """Return the calendar of one OPD, or with "" of all; what repeats goes so many days ahead."""
    agenda = agenda_of(desk, opd, days)
    return write_calendar(agenda, Words(language, desk.inputs.inventory.organization.timezone))


def agenda_of(desk: Desk, opd: str, days: int = DAYS_AHEAD) -> Agenda:
    """Return what a calendar holds. A deadline is not moved by what agencies plan, so both are told."""
    inventory = desk.inputs.inventory
    name = inventory.opd(opd).name if opd else inventory.organization.name
    return Agenda(
        name,
        desk.now,
        tuple(_deadlines(desk, opd)),
        tuple(_windows(desk, opd, days)),
        tuple(_pauses(desk, opd, days)),
    )


def _deadlines(desk: Desk, opd: str) -> Iterator[Due]:
    given = acknowledgements_on(desk.workspace.decisions.all())
    records = desk.workspace.results.findings().values()
    for record in sorted(records, key=lambda one: (one.due, one.id)):
        # An accepted risk has no deadline while it is accepted.
        stands = record.status not in (*CLOSED, FindingStatus.WAIVED)
        if stands and opd in ("", record.opd):
            answer = acknowledgement_of(record.id, record.opened_at, given)
            yield _due(record, desk, answer)


def _due(record: FindingRecord, desk: Desk, answer: Acknowledgement | None) -> Due:
    check, inventory = desk.inputs.catalogue.checks.get(record.check), desk.inputs.inventory
    return Due(
        finding=record.id,
        day=record.due,
        severity=check.severity if check else None,
        title=check.title if check else {},
        check=record.check,
        opd=record.opd,
        server=Subject.from_key(record.subject).server,
        status=shown_status(record.status, answer),
        late=is_overdue(record.due, desk.now, inventory, record.opd),
        owner=answer.owner if answer else "",
        plan=answer.plan if answer else "",
        planned=answer.planned if answer else None,
    )


def _windows(desk: Desk, opd: str, days: int) -> Iterator[Window]:
    """Yield the windows of audits from the beginning of today on."""
    inventory = desk.inputs.inventory
    today = local_day(desk.now, inventory.organization)
    for schedule in desk.inputs.policy.schedules:
        if schedule.work is Work.AUDIT and (not opd or not schedule.opds or opd in schedule.opds):
            yield from _windows_of(schedule, inventory, today, days)


def _windows_of(schedule: Schedule, inventory: Inventory, today: date, days: int) -> Iterator[Window]:
    name = schedule.timezone or inventory.organization.timezone
    zone = ZoneInfo(name)
    # The times after an instant are looked for, so the search begins with the second before.
    after = datetime.combine(today, time(), zone).astimezone(UTC) - timedelta(seconds=1)
    last = datetime.combine(today + days * _DAY, time(), zone)
    while (at := next_time(schedule, name, after)) is not None and at < last:
        ends = window_closes(schedule, name, at, at)
        whom = tuple(_names(schedule.opds, inventory))
        yield Window(schedule.id, at.astimezone(zone), ends.astimezone(zone), whom)
        after = at


def _pauses(desk: Desk, opd: str, days: int) -> Iterator[Pause]:
    inventory = desk.inputs.inventory
    for blackout in desk.inputs.policy.blackouts:
        zones = _zones(blackout, opd, inventory)
        # Whole days are the same wherever they are.
        for zone in zones[:1] if _is_whole_days(blackout) else zones:
            today = desk.now.astimezone(ZoneInfo(zone)).date()
            yield from _pauses_in(blackout, zone, today, days, inventory)


def _zones(blackout: Blackout, opd: str, inventory: Inventory) -> list[str]:
    """Return the zones of the agencies that a blackout concerns: its hours are those of each of them."""
    owners = {inventory.server(one).opd for one in blackout.servers}
    chosen = [
        one.id
        for one in inventory.opds
        if opd in ("", one.id)
        and (not blackout.opds or one.id in blackout.opds)
        and (not owners or one.id in owners)
    ]
    return sorted({inventory.timezone_of(one) for one in chosen})


def _pauses_in(
    blackout: Blackout, zone: str, today: date, days: int, inventory: Inventory
) -> Iterator[Pause]:
    whom, last = tuple(_names(blackout.opds, inventory)), today + days * _DAY
    if _is_whole_days(blackout) and not blackout.weekdays and blackout.first and blackout.last:
        if today <= blackout.last and blackout.first <= last:
            key = _key(blackout, zone, blackout.first)
            yield Pause(key, blackout.reason, blackout.first, blackout.last, whom, blackout.servers)
        return
    for begins, ends in occurrences(blackout, today - _DAY, last):
        key = _key(blackout, zone, begins.date())
        if _is_whole_days(blackout):
            yield Pause(key, blackout.reason, begins.date(), begins.date(), whom, blackout.servers)
        else:
            first, after = (one.replace(tzinfo=ZoneInfo(zone)) for one in (begins, ends))
            yield Pause(key, blackout.reason, first, after, whom, blackout.servers)


def _is_whole_days(blackout: Blackout) -> bool:
    return blackout.begins == blackout.ends


def _key(blackout: Blackout, zone: str, day: date) -> str:
    """Return what stays the same of one time of a blackout from file to file."""
    parts = (blackout.reason, *blackout.opds, "", *blackout.servers, str(blackout.begins), str(blackout.ends))
    where = "" if _is_whole_days(blackout) else zone
    known = "\n".join((*parts, where, day.isoformat()))
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def _names(opds: Iterable[str], inventory: Inventory) -> Iterator[str]:
    for one in opds:
        yield inventory.opd(one).name
