"""Write deadlines, scan windows and times without scans as iCalendar (RFC 5545). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from auditor.model.check import Severity, Text
from auditor.model.finding import FindingStatus
from reports.view.labels import FINDING_STATUSES, SEVERITIES, not_met
from reports.visible import clipped, shown
from reports.words import Words

_DAY = timedelta(days=1)
_AT = "tilik"


@dataclass(frozen=True, slots=True)
class Due:
    """A finding that is due on a day. `severity` and `title` are None where the check is gone."""

    finding: str
    day: date
    severity: Severity | None
    title: Text
    check: str
    opd: str
    server: str
    status: FindingStatus
    late: bool
    owner: str = ""
    plan: str = ""
    planned: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which an audit may run. Both ends carry the zone that they are shown in."""

    schedule: str
    begins: datetime
    ends: datetime
    opds: tuple[str, ...]
    """Names of the agencies that are measured; empty: all."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which nothing may be measured: days (the last included), or hours that carry their zone."""

    key: str
    reason: str
    begins: datetime | date
    ends: datetime | date
    opds: tuple[str, ...]
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a calendar holds; the same agenda gives the same bytes."""

    name: str
    """Of the agency, or of the organisation."""
    made: datetime
    due: Sequence[Due]
    windows: Sequence[Window]
    pauses: Sequence[Pause]


def write_calendar(agenda: Agenda, words: Words) -> bytes:
    """Return the calendar; every event keeps its id from file to file, so that one replaces the other."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Tilik//Tilik//{words.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words.say("Audit of %(name)s", name=shown(agenda.name)))
    made = agenda.made.astimezone(UTC).replace(microsecond=0)
    for one in agenda.due:
        calendar.add_component(_due(one, made, words))
    for window in agenda.windows:
        calendar.add_component(_window(window, made, words))
    for pause in agenda.pauses:
        calendar.add_component(_pause(pause, made, words))
    # A year on either side of what is in it, whatever time zones have done before and after.
    calendar.add_missing_timezones(made.date() - 366 * _DAY, made.date() + 2 * 366 * _DAY)
    return bytes(calendar.to_ical())


def _event(key: str, made: datetime, summary: str, lines: Sequence[str]) -> Event:
    event = Event()
    event.add("uid", f"{key}@{_AT}")
    event.add("dtstamp", made)
    event.add("summary", clipped(summary))
    event.add("description", "\n".join(shown(line) for line in lines if line))
    event.add("transp", "TRANSPARENT")
    return event


def _due(due: Due, made: datetime, words: Words) -> Event:
    severity = words.say(SEVERITIES[due.severity]) if due.severity else ""
    title = words.of(due.title) or due.check
    event = _event(
        f"due-{due.finding}",
        made,
        words.say("Deadline: %(title)s (%(server)s)", title=not_met(words, title), server=due.server),
        [
            due.finding,
            words.say("Server: %(server)s, OPD: %(opd)s", server=due.server, opd=due.opd),
            words.say("Severity: %(severity)s", severity=severity) if severity else "",
            words.say("Status: %(status)s", status=words.say(FINDING_STATUSES[due.status])),
            words.say("The deadline has passed.") if due.late else "",
            *_taken_on(due, words),
        ],
    )
    event.add("dtstart", due.day)
    event.add("dtend", due.day + _DAY)
    if severity:
        event.add("categories", [severity])
    return event


def _taken_on(due: Due, words: Words) -> list[str]:
    if not due.owner:
        return []
    planned = words.say("Planned for: %(day)s", day=words.day(due.planned)) if due.planned else ""
    return [
        words.say("Mended by: %(owner)s", owner=due.owner),
        words.say("Plan: %(plan)s", plan=due.plan),
        planned,
    ]


def _window(window: Window, made: datetime, words: Words) -> Event:
    begins = window.begins.astimezone(UTC)
    event = _event(
        f"window-{window.schedule}-{begins:%Y%m%dT%H%M%SZ}",
        made,
        words.say("Scan window: %(name)s", name=window.schedule),
        [_whom(window.opds, words), words.say("Measuring stops at its end and keeps what it has.")],
    )
    event.add("dtstart", window.begins)
    event.add("dtend", window.ends)
    return event


def _pause(pause: Pause, made: datetime, words: Words) -> Event:
    lines = [pause.reason, _whom(pause.opds, words)]
    if pause.servers:
        lines.append(words.say("Servers: %(servers)s", servers=words.listed(list(pause.servers))))
    summary = words.say("No scans: %(reason)s", reason=pause.reason)
    event = _event(f"pause-{pause.key}", made, summary, lines)
    event.add("dtstart", pause.begins)
    event.add("dtend", pause.ends if isinstance(pause.ends, datetime) else pause.ends + _DAY)
    return event


def _whom(opds: tuple[str, ...], words: Words) -> str:
    if not opds:
        return words.say("Concerns every OPD.")
    return words.say("Concerns: %(opds)s", opds=words.listed(list(opds)))
