"""Where a finding is when its server moves or is renamed: its place changes, its days do not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from auditor.model.finding_record import FindingRecord, Moved
from auditor.model.plan import Place
from auditor.model.subject import Subject

Addresses = Mapping[str, frozenset[str]]
"""Server id → its addresses."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a server is now: its id, and its address in place of `lost`; both empty where it has the same."""

    server: str
    lost: str = ""
    address: str = ""

    def of(self, subject: Subject) -> Subject:
        """Return a subject of the server as it is called there."""
        moved = self.lost and subject.address == self.lost
        return replace(subject, server=self.server, address=self.address if moved else subject.address)


@dataclass(frozen=True, slots=True)
class Rehomed:
    """All findings after some moved, and the ids of those whose place an earlier one took."""

    records: dict[str, FindingRecord]
    merged: frozenset[str] = frozenset()


def moves(before: Addresses, after: Addresses, registered: Collection[str]) -> dict[str, Home]:
    """Return server id → where it is now.

    Of servers that lost exactly one address and got exactly one, and of those that left the inventory while
    exactly one other has the very same addresses. `registered` are the ids in the inventory now.
    """
    found = {}
    for server, now in after.items():
        lost, got = before.get(server, frozenset()) - now, now - before.get(server, frozenset())
        if len(lost) == len(got) == 1:
            found[server] = Home(server, min(lost), min(got))
    for server, were in before.items():
        same = [other for other, now in after.items() if were and now == were and other in registered]
        if server not in registered and len(same) == 1:
            found[server] = Home(same[0])
    return found


def move(records: Mapping[str, FindingRecord], homes: Mapping[str, Home], at: datetime) -> Rehomed:
    """Return the findings after servers moved."""
    going = {}
    for key, record in records.items() if homes else ():
        subject = Subject.from_key(record.subject)
        there = homes[subject.server].of(subject) if subject.server in homes else subject
        if there != subject:
            going[key] = there.key
    return rehome(records, going, at)


def rehome(records: Mapping[str, FindingRecord], going: Mapping[str, str], at: datetime) -> Rehomed:
    """Return the findings after some went to other subjects, by id.

    Where another one stands there, the one that is due first goes on, so that moving buys no time.
    """
    moved, merged = {**records}, set()
    standing = {Place(one.check, one.subject): key for key, one in records.items() if not one.closed}
    for key in sorted(going, key=lambda one: (*_age(records[one]), one)):
        record, place = records[key], Place(records[key].check, going[key])
        other = standing.get(place)
        if other is not None and (record.closed or _age(record) >= _age(moved[other])):
            continue
        moves_from = (*record.moved_from, Moved(record.subject, at))
        moved[key] = replace(record, subject=place.subject, moved_from=moves_from)
        if not record.closed:
            standing[place] = key
        if other is not None:
            merged.add(other)
    return Rehomed(moved, frozenset(merged))


def twins(subject: Subject, among: Iterable[Subject], *, address: bool, name: bool) -> list[Subject]:
    """Return the same thing elsewhere on its server, at another address or by another name where allowed."""
    return [
        one
        for one in among
        if one != subject
        and (one.kind, one.server, one.port, one.transport, one.variant)
        == (subject.kind, subject.server, subject.port, subject.transport, subject.variant)
        and (address or one.address == subject.address)
        and (name or one.server_name == subject.server_name)
    ]


def _age(record: FindingRecord) -> tuple[date, datetime]:
    return record.due, record.first_seen
