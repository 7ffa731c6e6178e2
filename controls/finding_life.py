"""What a finding becomes by what a run saw of it. Pure.

A finding is the fold of `advance` over its observations in the order in which the runs began, so that it does
not matter in which order they were judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from auditor.model.finding import FindingStatus, finding_id
from auditor.model.finding_record import FindingRecord, Observation, Observed, Term
from auditor.model.plan import Place
from auditor.model.subject import Subject

FIXES = (Observed.SETTLED, Observed.GONE)
Terms = Callable[[FindingRecord], Term]
"""Told the record of a finding that opens in its `last_run` → what it is given."""


def advance(
    record: FindingRecord | None,
    observation: Observation,
    terms: Terms,
    new: FindingRecord | None = None,
    *,
    passed: bool = True,
) -> FindingRecord | None:
    """Return a finding after one more run, which began after all that it has seen.

    `new` is how it begins, where there is none yet and it fails; see `opened`. `passed` says of a fixed one
    whether it was seen to pass, and was not merely gone.
    """
    failing = observation.observed in (Observed.FAILING, Observed.ACCEPTED)
    if record is None:
        return _first(new, observation, terms) if failing and new is not None else None
    if failing:
        return _fails(record, observation, terms, passed=passed)
    if record.closed:
        return record
    if observation.observed is Observed.NOT_MEASURED:
        return replace(record, status=FindingStatus.NOT_MEASURED)
    settled = observation.observed in FIXES
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


def _fails(record: FindingRecord, observation: Observation, terms: Terms, *, passed: bool) -> FindingRecord:
    seen = replace(
        record,
        status=_failing_status(record, observation),
        opd=observation.opd or record.opd,
        last_run=observation.run,
        last_seen=observation.at,
        fixed_run="",
        fixed_at=None,
    )
    if not record.closed:
        return seen
    again = replace(seen, opened_at=observation.at)
    # What was gone was never seen to be sound: whoever hides a fault for a while gains no time.
    return _opened_again(record, again, terms) if passed else again


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
    passed = True
    for one in observations:
        new = opened(now.id, now.place_at(one.at), one) if record is None else None
        record = advance(record, one, terms, new, passed=passed)
        passed = one.observed is not Observed.GONE
    if record is None:
        return None
    moved = tuple(one for one in now.moved_from if one.at < instant)
    later = next((one.subject for one in now.moved_from if one.at >= instant), now.subject)
    return replace(record, subject=later, moved_from=moved)


def ids_by_place(records: Iterable[FindingRecord]) -> dict[Place, str]:
    """Return place → id of the finding there.

    Two may be at one place when servers moved: the one that stands goes before the closed one, what was fixed
    before what is out of scope, then the one seen last.
    """
    out = FindingStatus.OUT_OF_SCOPE
    ordered = sorted(records, key=lambda one: (not one.closed, one.status is not out, one.last_seen, one.id))
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
