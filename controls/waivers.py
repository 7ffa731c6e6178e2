"""Match accepted risks to failing verdicts. A waived FAIL stays a FAIL; it only carries the waiver's id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from auditor.model.decision import Decision, DecisionKind
from auditor.model.people import same_person
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_standing import in_force


def waiver_for(verdict: Verdict, opd: str, waivers: Iterable[Waiver], today: date) -> Waiver | None:
    """Return the waiver in force on the local day `today` that covers a failing verdict, or None.

    `opd` is the one that the verdict belongs to. Of several the one that ends last counts, then the first
    by id.
    """
    if verdict.status is not Status.FAIL:
        return None
    found = (one for one in waivers if in_force(one, today) and covers(one, verdict, opd))
    return min(found, key=lambda one: (-one.valid_until.toordinal(), one.id), default=None)


def covers(waiver: Waiver, verdict: Verdict, opd: str) -> bool:
    """Return whether a verdict lies in a waiver's scope; `opd` is the one that it belongs to."""
    subject = verdict.subject
    asked_and_found = (
        (waiver.opd, opd),
        (waiver.server, subject.server),
        (waiver.address, subject.address),
        (waiver.port, subject.port),
        (waiver.server_name, subject.server_name),
    )
    return waiver.check == verdict.check and all(
        not asked or asked == found for asked, found in asked_and_found
    )


def with_refused_approvals(waivers: Iterable[Waiver], log: Iterable[Decision]) -> tuple[Waiver, ...]:
    """Return the waivers, an approval by the requester told: such an entry of the log gives nothing."""
    listed = tuple(waivers)
    requesters = {waiver.id: waiver.requested_by for waiver in listed}
    refused = {
        entry.about: entry.by
        for entry in log
        if entry.kind is DecisionKind.WAIVER_APPROVED
        and same_person(requesters.get(entry.about, ""), entry.by)
    }
    return tuple(
        replace(waiver, approved_by=refused[waiver.id])
        if waiver.id in refused and waiver.status is WaiverStatus.REQUESTED
        else waiver
        for waiver in listed
    )


def request_id(waiver: Waiver) -> str:
    """Return the id of what is asked for: `W-` and eight digits of the SHA-256 over all of it."""
    asked = (
        *(waiver.check, waiver.opd, waiver.server, waiver.address, str(waiver.port), waiver.server_name),
        *(waiver.reason, waiver.compensating_control, waiver.requested_by),
        *(day.isoformat() for day in (waiver.requested_on, waiver.valid_from, waiver.valid_until)),
    )
    return "W-" + hashlib.sha256("\n".join(asked).encode()).hexdigest()[:8]
