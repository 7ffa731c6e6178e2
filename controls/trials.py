"""What a log of decisions says of trials. Pure: the log alone says what holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.model.decision import Decision, DecisionKind
from auditor.model.trial import Trial, TrialClosing, TrialRecord


def trials_of(log: Iterable[Decision]) -> tuple[TrialRecord, ...]:
    """Return every trial in the order in which they were started.

    What contradicts the rules does nothing: a start while another trial is open or under a known id, and the
    closing of what is not open.
    """
    found: dict[str, TrialRecord] = {}
    for entry in log:
        is_open = any(one.closed_on is None for one in found.values())
        if entry.kind is DecisionKind.TRIAL_STARTED and isinstance(entry.content, Trial):
            if not is_open and entry.about not in found and entry.about == entry.content.id:
                found[entry.about] = TrialRecord(entry.content, entry.by)
        elif entry.kind is DecisionKind.TRIAL_CLOSED and entry.about in found:
            record = found[entry.about]
            if record.closed_on is None:
                closing = entry.content if isinstance(entry.content, TrialClosing) else None
                found[entry.about] = replace(record, closed_on=entry.day, closed_by=entry.by, closing=closing)
    return tuple(found.values())
