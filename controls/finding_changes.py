"""Which list of changes a finding belongs to, by what became of it in between. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from auditor.model.changes import ChangedFinding, Changes
from auditor.model.check import Severity, Text
from auditor.model.finding import FindingStatus
from auditor.model.finding_record import FindingEvent, FindingRecord

Day = Callable[[datetime, str], date]
"""Instant, OPD id → the local day there."""
_LISTS = {
    FindingStatus.FIXED: "fixed",
    FindingStatus.NOT_MEASURED: "not_measured",
    FindingStatus.OUT_OF_SCOPE: "out_of_scope",
}
_AGAIN = (FindingStatus.REOPENED, FindingStatus.FLAPPING)


def change_lists(
    records: Mapping[str, FindingRecord],
    events: Iterable[FindingEvent],
    empty: Changes,
    severities: Mapping[str, Severity],
    day: Day,
    reasons: Mapping[str, Text],
) -> Changes:
    """Return `empty`, which says from when until when, with the lists of what changed in between.

    `records` are the findings as they stood at the end, `events` what the runs in between saw of them, oldest
    first, `reasons` finding id → why it was not measured or is not looked at. Findings of checks whose
    severity nobody knows any more are left out.
    """
    by_finding: dict[str, list[FindingEvent]] = {}
    for event in events:
        by_finding.setdefault(event.finding, []).append(event)
    lists: dict[str, list[ChangedFinding]] = defaultdict(list)
    for key, seen in by_finding.items():
        record = records.get(key)
        if record is None or record.check not in severities:
            continue
        name = list_of(record, seen, empty.since)
        if name:
            days = _days(record, name, empty.until, seen[-1].at, day)
            one = _item(record, seen[-1], severities[record.check], days, reasons.get(key, {}))
            lists[name].append(one)
    ordered = {name: tuple(sorted(listed, key=_worst_first)) for name, listed in lists.items()}
    return replace(
        empty,
        fixed=ordered.get("fixed", ()),
        new=ordered.get("new", ()),
        redetected=ordered.get("redetected", ()),
        not_measured=ordered.get("not_measured", ()),
        out_of_scope=ordered.get("out_of_scope", ()),
    )


def list_of(record: FindingRecord, seen: Sequence[FindingEvent], since: datetime | None) -> str:
    """Return the name of the list of changes that a finding is in; "" where it only goes on.

    `seen` is what became of it after `since`, oldest first.
    """
    last = seen[-1].status
    if last in _LISTS:
        return _LISTS[last]
    if since is None or record.first_seen > since:
        return "new"
    again = record.opened_at > since or any(one.status in _AGAIN for one in seen)
    return "redetected" if again else ""


def _days(record: FindingRecord, name: str, until: datetime, at: datetime, day: Day) -> int:
    start, end = record.opened_at, until
    if name == "fixed":
        end = record.fixed_at or at
    elif name == "not_measured":
        start = record.last_seen
    return (day(end, record.opd) - day(start, record.opd)).days


def _item(
    record: FindingRecord, last: FindingEvent, severity: Severity, days: int, reason: Text
) -> ChangedFinding:
    return ChangedFinding(
        finding=record.id,
        check=record.check,
        opd=record.opd,
        server=record.subject.split("|")[1],
        subject=record.subject,
        severity=severity,
        status=last.status,
        due=record.due,
        days=days,
        run=last.run,
        at=last.at,
        reason=reason,
    )


def _worst_first(one: ChangedFinding) -> tuple[int, str, str, str, str]:
    return one.severity.rank, one.opd, one.server, one.check, one.subject
