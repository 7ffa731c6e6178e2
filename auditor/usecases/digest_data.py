"""Gather what a digest tells, from what is stored: once for all readers, then what changed for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auditor.model.changes import Changes
from auditor.model.check import Severity
from auditor.model.digest import Digest, DueFinding, ScoreTold, TrialTold
from auditor.model.finding import CLOSED, FindingStatus
from auditor.model.finding_record import FindingRecord
from auditor.model.message import Audience
from auditor.model.schedule import Slot, SlotStatus
from auditor.store.results import ORGANIZATION
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import days_left
from auditor.usecases.changes import changes_between
from auditor.usecases.digest_audits import Audits, ended, is_expected
from auditor.usecases.inputs import Inputs
from auditor.usecases.trial_status import open_trial, trial_status
from controls.acknowledgements import acknowledgement_of, acknowledgements_on

_TROUBLE = (SlotStatus.MISSED, SlotStatus.CUT, SlotStatus.FAILED)
_FIRST_LOOK_BACK = timedelta(days=7)
"""So far back the first digest of a reader tells of what did not run or arrive."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class DigestSource:
    """What is stored, as the digests of one instant tell it."""

    def __init__(self, workspace: Workspace, inputs: Inputs, now: datetime):
        self._workspace, self._inputs, self._now = workspace, inputs, now
        self._audits = Audits(workspace, inputs, now)
        self._changes: dict[datetime | None, Changes] = {}
        self._scores: dict[datetime | None, Mapping[str, ScoreTold]] = {}
        self._base = self._gathered()

    def digest(self, audience: Audience, opd: str, since: datetime | None) -> Digest:
        """Return what a reader is told who was told last at `since`; None: never."""
        changes = self._changes_since(since)
        whole = replace(
            self._base,
            since=since,
            changes=changes,
            new_audit=bool(changes.runs),
            scores=self._scores_since(since),
        )
        if audience is Audience.SECURITY:
            return self._with_trouble(whole, since or self._now - _FIRST_LOOK_BACK)
        if audience is Audience.LEADERSHIP:
            return whole
        return replace(whole.of_opd(opd), timezone=self._inputs.inventory.timezone_of(opd))

    def _gathered(self) -> Digest:
        inventory, policy = self._inputs.inventory, self._inputs.policy
        records = [one for one in self._workspace.results.findings().values() if self._is_open(one)]
        due = self._due(records)
        return Digest(
            at=self._now,
            since=None,
            organization=inventory.organization.name,
            office=inventory.organization.office,
            classification=policy.classification,
            timezone=inventory.organization.timezone,
            due_soon_days=policy.messages.due_soon_days,
            opd_names={one.id: one.name for one in inventory.opds},
            server_names={one.id: one.name for one in inventory.servers()},
            check_titles={one.id: one.title for one in self._inputs.catalogue.checks.values()},
            scores={},
            open=self._open(records),
            registered={one.id: sum(map(is_expected, one.servers)) for one in inventory.opds},
            unmeasured={one.id: self._audits.unmeasured(one.servers, one.id) for one in inventory.opds},
            changes=Changes(None, self._now, ()),
            overdue=tuple(one for one in due if one.days < 0),
            due_soon=tuple(one for one in due if 0 <= one.days <= policy.messages.due_soon_days),
            unscanned=self._audits.unscanned(),
            new_audit=False,
            trial=self._trial(),
        )

    def _is_open(self, record: FindingRecord) -> bool:
        """Return whether a finding asks for work: it stands, nobody accepted it, and its check is known."""
        closed = (*CLOSED, FindingStatus.WAIVED)
        return record.status not in closed and record.check in self._inputs.catalogue.checks

    def _severity(self, record: FindingRecord) -> Severity:
        return self._inputs.catalogue.checks[record.check].severity

    def _open(self, records: Iterable[FindingRecord]) -> Mapping[str, Mapping[Severity, int]]:
        counts = Counter((one.opd, self._severity(one)) for one in records)
        return {opd: {one: counts[opd, one] for one in Severity} for opd in sorted({o for o, _ in counts})}

    def _due(self, records: Iterable[FindingRecord]) -> list[DueFinding]:
        """Return open findings with their days left as their own agencies count days, most urgent first."""
        given = acknowledgements_on(self._workspace.decisions.all())
        found = []
        for record in records:
            answer = acknowledgement_of(record.id, record.opened_at, given)
            found.append(
                DueFinding(
                    finding=record.id,
                    check=record.check,
                    opd=record.opd,
                    subject=record.subject,
                    severity=self._severity(record),
                    due=record.due,
                    days=days_left(record.due, self._now, self._inputs.inventory, record.opd),
                    owner=answer.owner if answer else "",
                    planned=answer.planned if answer else None,
                )
            )
        return sorted(found, key=lambda one: (one.severity.rank, one.days, one.opd, one.finding))

    def _scores_since(self, since: datetime | None) -> Mapping[str, ScoreTold]:
        if since not in self._scores:
            names = (ORGANIZATION, *(one.id for one in self._inputs.inventory.opds))
            told = {opd: self._audits.told(opd, since) for opd in names}
            self._scores[since] = {opd: score for opd, score in told.items() if score is not None}
        return self._scores[since]

    def _changes_since(self, since: datetime | None) -> Changes:
        if since not in self._changes:
            known = self._known_at(since)
            self._changes[since] = changes_between(self._workspace, self._inputs, known, self._now)
        return self._changes[since]

    def _known_at(self, since: datetime | None) -> datetime | None:
        """Return the beginning of the newest judged run that had ended when a reader was told.

        What began before and ended after is told by the next digest. Whoever was never told is told what the
        newest audit changed.
        """
        if since is None:
            before = self._audits.before(ORGANIZATION, None)
            return before.started_at if before else None
        judged = self._workspace.results.judged()
        known = (one for one in self._workspace.runs.all() if one.id in judged and ended(one) <= since)
        return max((one.started_at for one in known), default=_EVER)

    def _with_trouble(self, digest: Digest, since: datetime) -> Digest:
        return replace(
            digest,
            misfires=tuple(one for one in self._workspace.slots.all() if _is_trouble_since(one, since)),
            undelivered=self._workspace.deliveries.troubled_since(since),
        )

    def _trial(self) -> TrialTold | None:
        record = open_trial(self._workspace)
        if record is None:
            return None
        status = trial_status(self._workspace, self._inputs, record, self._now)
        return TrialTold(
            name=status.trial.name,
            ends=status.trial.ends,
            days_left=status.days_left,
            whole=status.whole,
            opds=status.opds,
            begins_in_days=status.begins_in_days,
        )


def _is_trouble_since(slot: Slot, since: datetime) -> bool:
    """Return whether something did not run as it should have, and was known only after an instant."""
    # What was done has a reason where it was done otherwise than it should have been.
    trouble = slot.status in _TROUBLE or (slot.status is SlotStatus.DONE and slot.reason != "")
    return trouble and max(slot.at, slot.finished_at or slot.at) > since
