"""Match accepted risks to failing verdicts. A waived FAIL stays a FAIL; it only carries the waiver's id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from auditor.model.people import same_person
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus


def waiver_for(verdict: Verdict, opd: str, waivers: Iterable[Waiver], today: date) -> Waiver | None:
    """Return the first waiver (by id) in force on the local day `today` that covers a failing verdict."""
    if verdict.status is not Status.FAIL:
        return None
    for waiver in sorted(waivers, key=lambda waiver: waiver.id):
        if _in_force(waiver, today) and _covers(waiver, verdict, opd):
            return waiver
    return None


def _in_force(waiver: Waiver, today: date) -> bool:
    approved = waiver.status is WaiverStatus.APPROVED and not same_person(
        waiver.requested_by, waiver.approved_by
    )
    return approved and waiver.valid_from <= today <= waiver.valid_until


def _covers(waiver: Waiver, verdict: Verdict, opd: str) -> bool:
    subject = verdict.subject
    asked_and_found = (
        (waiver.opd, opd),
        (waiver.server, subject.server),
        (waiver.address, subject.address),
        (waiver.port, subject.port),
    )
    return waiver.check == verdict.check and all(
        not asked or asked == found for asked, found in asked_and_found
    )
