"""What a log of decisions comes to. Pure: the log alone says what holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.attestation import Applicability, Attestation
from auditor.model.decision import Decision, DecisionKind, Decisions
from auditor.model.people import same_person
from auditor.model.trial import Trial, TrialClosing
from auditor.model.waiver import Waiver, WaiverStatus

_DAY = timedelta(days=1)


def fold(log: Iterable[Decision], head: str = "") -> Decisions:
    """Return what the entries of a log come to, in their order; `head` is the hash of the last one.

    An entry that contradicts the rules (an approval by the requester, of nothing, or of what has ended) does
    nothing: a log that was written around the commands gives nobody an exception.
    """
    attestations: list[Attestation] = []
    applicabilities: list[Applicability] = []
    waivers: dict[str, Waiver] = {}
    last = 0
    for entry in log:
        last = entry.sequence
        match entry.content:
            case Attestation() as answer:
                attestations.append(answer)
            case Applicability() as decided:
                applicabilities.append(decided)
            case Waiver() as requested:
                waivers.setdefault(requested.id, replace(requested, status=WaiverStatus.REQUESTED))
            case Acknowledgement() | Trial() | TrialClosing():
                # What moves no verdict and no score has readers of its own.
                continue
            case None:
                _end(entry, attestations, applicabilities, waivers)
    return Decisions(tuple(attestations), tuple(applicabilities), tuple(waivers.values()), last, head)


def _end(
    entry: Decision,
    attestations: list[Attestation],
    applicabilities: list[Applicability],
    waivers: dict[str, Waiver],
) -> None:
    before = entry.day - _DAY
    if entry.kind is DecisionKind.ATTESTATION_WITHDRAWN:
        attestations[:] = [
            replace(one, valid_until=min(one.valid_until, before)) if one.id == entry.about else one
            for one in attestations
        ]
    elif entry.kind is DecisionKind.APPLICABILITY_WITHDRAWN:
        applicabilities[:] = [
            replace(one, valid_until=min(one.valid_until, before)) if one.id == entry.about else one
            for one in applicabilities
        ]
    elif entry.about in waivers:
        waivers[entry.about] = _waiver_after(waivers[entry.about], entry)


def _waiver_after(waiver: Waiver, entry: Decision) -> Waiver:
    open_request = waiver.status is WaiverStatus.REQUESTED
    if entry.kind is DecisionKind.WAIVER_APPROVED:
        if not open_request or same_person(waiver.requested_by, entry.by):
            return waiver
        return replace(
            waiver,
            status=WaiverStatus.APPROVED,
            approved_by=entry.by,
            approved_on=entry.day,
            valid_from=max(waiver.valid_from, entry.day),
        )
    if entry.kind is DecisionKind.WAIVER_REJECTED and open_request:
        return _ended(waiver, WaiverStatus.REJECTED, entry)
    if entry.kind is DecisionKind.WAIVER_REVOKED and waiver.status is WaiverStatus.APPROVED:
        return _ended(waiver, WaiverStatus.REVOKED, entry)
    return waiver


def _ended(waiver: Waiver, status: WaiverStatus, entry: Decision) -> Waiver:
    return replace(waiver, status=status, ended_by=entry.by, ended_on=entry.day, ended_reason=entry.reason)
