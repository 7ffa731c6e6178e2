"""Which findings may not be measured again now: their agency's blackout, or enough of it today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditor.model.check import Text
from auditor.model.retest import RetestRecord
from auditor.model.subject import Subject
from auditor.store.results import FindingRecord
from auditor.store.workspace import Workspace
from auditor.usecases import retest_reasons as why
from auditor.usecases.calendar import opd_day
from auditor.usecases.inputs import Inputs
from controls.blackouts import blackout_at


def refused_today(
    workspace: Workspace, inputs: Inputs, records: Iterable[FindingRecord], now: datetime
) -> dict[str, Text]:
    """Return finding id → why it may not be measured again now; days are those of the finding's agency.

    Every re-test counts that was begun, whatever it came to; one re-test of many findings counts once for
    each finding and once for each agency.
    """
    found: dict[str, Text] = {}
    listed = tuple(records)
    days = [opd_day(now, inputs.inventory, record.opd) for record in listed]
    made = workspace.retests.since(min(days)) if days else ()
    for record in listed:
        reason = _blackout(inputs, record, now) or _enough(inputs, made, record, now)
        if reason:
            found[record.id] = reason
    return found


def _blackout(inputs: Inputs, record: FindingRecord, now: datetime) -> Text:
    """Return the blackout of the finding's agency or of its server's, which may be another."""
    server = Subject.from_key(record.subject).server
    hosts = {one.opd for one in inputs.inventory.servers() if one.id == server}
    for opd in sorted({record.opd, *hosts}):
        local = now.astimezone(ZoneInfo(inputs.inventory.timezone_of(opd)))
        blackout = blackout_at(inputs.policy.blackouts, opd, server, local)
        if blackout is not None:
            return why.blacked_out(blackout.reason)
    return {}


def _enough(inputs: Inputs, made: Iterable[RetestRecord], record: FindingRecord, now: datetime) -> Text:
    today, rules = opd_day(now, inputs.inventory, record.opd), inputs.policy.retests
    of_agency = [one for one in made if _counts(one, record.opd, today)]
    of_finding = sum(record.id in one.wanted for one in of_agency)
    if of_finding >= rules.per_finding_per_day:
        return why.asked_enough(of_finding)
    if len(of_agency) >= rules.per_opd_per_day:
        return why.agency_asked_enough(record.opd, len(of_agency))
    return {}


def _counts(made: RetestRecord, opd: str, today: date) -> bool:
    return made.counts.get(opd) == today
