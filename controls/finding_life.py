"""What a finding becomes by what a run saw of it, and where it is when its server moves. Pure.

A finding is the fold of `advance` over its observations in the order in which the runs began, so that it does
not matter in which order they were judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from auditor.model.finding import FindingStatus, finding_id
from auditor.model.finding_record import FindingRecord, Moved, Observation, Observed, Term
from auditor.model.plan import Place
from auditor.model.subject import Subject

Terms = Callable[[FindingRecord], Term]
"""Told the record of a finding that opens in its `last_run` → what it is given."""


def advance(
    record: FindingRecord | None, observation: Observation, terms: Terms, new: FindingRecord | None = None
) -> FindingRecord | None:
    """Return a finding after one more run, which began after all that it has seen.

    `new` is how it begins, where there is none yet and it fails; see `opened`.
    """
    failing = observation.observed in (Observed.FAILING, Observed.ACCEPTED)
    if record is None:
        return _first(new, observation, terms) if failing and new is not None else None
    if failing:
        return _fails(record, observation, terms)
    if record.closed:
        return record
    if observation.observed is Observed.NOT_MEASURED:
        return replace(record, status=FindingStatus.NOT_MEASURED)
    settled = observation.observed is Observed.SETTLED
    return replace(
        record,
        status=FindingStatus.FIXED if settled else FindingStatus.OUT_OF_SCOPE,
        fixed_run=observation.run,
        fixed_at=observation.at,
        times_fixed=record.times_fixed + settled,
    )


def opened(finding: str, place: Place, observation: Observation) -> FindingRecord:
    """Return how a finding begins; its deadline is not counted yet."""
    at = observation.at
    return FindingRecord(
        id=finding,
        check=place.check,
        subject=place.subject,
        opd=observation.opd,
        status=FindingStatus.NEW,
        first_run=observation.run,
        last_run=observation.run,
        first_seen=at,
        last_seen=at,
        due=at.date(),
        opened_at=at,
    )


def _first(new: FindingRecord, observation: Observation, terms: Terms) -> FindingRecord:
    accepted = observation.observed is Observed.ACCEPTED
    status = FindingStatus.WAIVED if accepted else FindingStatus.NEW
    return replace(new, status=status, due=terms(new).due)


def _fails(record: FindingRecord, observation: Observation, terms: Terms) -> FindingRecord:
    seen = replace(
        record,
        status=_failing_status(record, observation),
        opd=observation.opd or record.opd,
        last_run=observation.run,
        last_seen=observation.at,
        fixed_run="",
        fixed_at=None,
    )
    return _opened_again(record, replace(seen, opened_at=observation.at), terms) if record.closed else seen


def _failing_status(record: FindingRecord, observation: Observation) -> FindingStatus:
    """Return the status of what fails: when its acceptance has ended, it is open again by itself."""
    if observation.observed is Observed.ACCEPTED:
        return FindingStatus.WAIVED
    if record.status is FindingStatus.FIXED and record.times_fixed > 1:
        return FindingStatus.FLAPPING
    if record.closed or record.status is FindingStatus.WAIVED:
        return FindingStatus.REOPENED
    return FindingStatus.OPEN


def _opened_again(closed: FindingRecord, again: FindingRecord, terms: Terms) -> FindingRecord:
    """Count the deadline anew only for what stayed fixed as long as a deadline is, and is not unsteady.

    What was merely not looked at was never fixed, and whoever mends for a day gains none.
    """
    if closed.status is not FindingStatus.FIXED or closed.fixed_at is None or closed.times_fixed > 1:
        return again
    term = terms(again)
    rested = again.opened_at - closed.fixed_at >= timedelta(days=max(term.days, 1))
    return replace(again, due=term.due) if rested else again


def fold(
    now: FindingRecord, observations: Iterable[Observation], instant: datetime, terms: Terms
) -> FindingRecord | None:
    """Return a finding as it was just before an instant, by what was seen of it until then, oldest first.

    `now` is what is known of it at last: where it was follows from that.
    """
    record: FindingRecord | None = None
    for one in observations:
        new = opened(now.id, now.place_at(one.at), one) if record is None else None
        record = advance(record, one, terms, new)
    if record is None:
        return None
    moved = tuple(one for one in now.moved_from if one.at < instant)
    later = next((one.subject for one in now.moved_from if one.at >= instant), now.subject)
    return replace(record, subject=later, moved_from=moved)


def ids_by_place(records: Iterable[FindingRecord]) -> dict[Place, str]:
    """Return place → id of the finding there.

    Two may be at one place when servers moved: the one that stands goes before the closed one, then the one
    seen last.
    """
    ordered = sorted(records, key=lambda one: (not one.closed, one.last_seen, one.id))
    return {Place(one.check, one.subject): one.id for one in ordered}


def free_id(place: Place, taken: Mapping[str, object]) -> str:
    """Return the id of a finding at a place; another one where a finding that moved away took it along."""
    plain = finding_id(place.check, Subject.from_key(place.subject))
    if plain not in taken:
        return plain
    number = 2
    while (numbered := finding_id(f"{place.check}|{number}", Subject.from_key(place.subject))) in taken:
        number += 1
    return numbered


def moves(
    before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, str]]:
    """Return server id → old and new address, of servers that lost exactly one and got exactly one."""
    found = {}
    for server, now in after.items():
        lost, got = before.get(server, frozenset()) - now, now - before.get(server, frozenset())
        if len(lost) == len(got) == 1:
            found[server] = (min(lost), min(got))
    return found


def move(
    records: Mapping[str, FindingRecord], moved: Mapping[str, tuple[str, str]], at: datetime
) -> dict[str, FindingRecord]:
    """Return the findings that go with their servers to other addresses, by id.

    None goes to a place where another one stands.
    """
    if not moved:
        return {}
    standing = {Place(one.check, one.subject) for one in records.values() if not one.closed}
    found = {}
    for key, record in records.items():
        subject = Subject.from_key(record.subject)
        old, new = moved.get(subject.server, ("", ""))
        if not old or subject.address != old:
            continue
        there = replace(subject, address=new).key
        if Place(record.check, there) not in standing:
            found[key] = replace(
                record, subject=there, moved_from=(*record.moved_from, Moved(record.subject, at))
            )
    return found
