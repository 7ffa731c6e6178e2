"""Who has taken on which finding, laid over findings as they are read. It moves no score. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.decision import Decision, DecisionKind
from auditor.model.finding import CLOSED, Finding, FindingStatus

_SHOWN_AS_TAKEN_ON = (
    FindingStatus.NEW,
    FindingStatus.OPEN,
    FindingStatus.REOPENED,
    FindingStatus.FLAPPING,
)


def acknowledgements_on(log: Iterable[Decision]) -> dict[str, Decision]:
    """Return finding id → the entry that acknowledges it as a log leaves it: the newest, unless withdrawn."""
    found: dict[str, Decision] = {}
    for entry in log:
        if entry.kind is DecisionKind.ACKNOWLEDGEMENT_WITHDRAWN:
            found.pop(entry.about, None)
        elif isinstance(entry.content, Acknowledgement) and entry.content.finding == entry.about:
            found[entry.about] = entry
    return found


def acknowledgement_of(
    finding: str, opened_at: datetime, given: Mapping[str, Decision]
) -> Acknowledgement | None:
    """Return what was answered to a finding since it opened; what was answered to its life before is over."""
    entry = given.get(finding)
    if entry is None or entry.at < opened_at or not isinstance(entry.content, Acknowledgement):
        return None
    return entry.content


def with_acknowledgements(findings: Iterable[Finding], log: Iterable[Decision]) -> tuple[Finding, ...]:
    """Return findings in their order, with what was answered to those that stand.

    One that fails and was taken on is ACKNOWLEDGED; accepted as a risk, or not measured again, it stays so.
    """
    given = acknowledgements_on(log)
    return tuple(_with(one, acknowledgement_of(one.id, one.opened_at, given)) for one in findings)


def shown_status(status: FindingStatus, answer: Acknowledgement | None) -> FindingStatus:
    """Return the status to show of a finding: ACKNOWLEDGED where it fails and somebody has taken it on."""
    return FindingStatus.ACKNOWLEDGED if answer and status in _SHOWN_AS_TAKEN_ON else status


def _with(finding: Finding, found: Acknowledgement | None) -> Finding:
    if found is None or finding.status in CLOSED:
        return finding
    return replace(finding, acknowledgement=found, status=shown_status(finding.status, found))
