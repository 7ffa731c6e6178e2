"""Ask for a waiver, approve or reject it, revoke it. Nothing is edited: every step is an entry of the log."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from auditor.model.decision import Decision, DecisionKind
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_scope import scopes_overlap
from auditor.store.decisions import LogMovedError
from auditor.store.workspace import Workspace
from auditor.usecases.assess import decisions_of
from auditor.usecases.calendar import local_day
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.waive_rules import (
    check_approval,
    check_request,
    check_scope,
    is_live,
    known_waiver,
    person,
    written,
)
from auditor.usecases.waive_scope import Wish, scope_of
from controls.waivers import request_id


@dataclass(frozen=True, slots=True)
class Desk:
    """Where waivers are decided: on what, under which rules, when (UTC), and from which account."""

    workspace: Workspace
    inputs: Inputs
    now: datetime
    account: str
    seen: int | None = None
    """Number of the last decision that there was when the desk was opened; None: not looked at."""

    def decide(self, entries: Sequence[Decision]) -> None:
        """Store entries, all or none; raise UsageProblem when somebody decided something meanwhile."""
        try:
            self.workspace.decisions.append(entries, self.seen)
        except LogMovedError:
            raise UsageProblem(
                "somebody else decided something at the same moment; nothing was stored",
                "give the same command again: it then takes into account what is there now",
            ) from None

    @property
    def today(self) -> date:
        """Return the local day in the organisation's zone."""
        return local_day(self.now, self.inputs.inventory.organization)

    def waivers(self) -> tuple[Waiver, ...]:
        """Return every waiver as the log left it."""
        return decisions_of(self.workspace).waivers


def make_desk(workspace: Workspace, inputs: Inputs) -> Desk:
    """Return a desk for now and for the account that runs this, whatever its environment says."""
    return Desk(workspace, inputs, datetime.now(UTC), own_account(), workspace.decisions.head()[0])


def own_account() -> str:
    """Return the account that runs this, its number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for. `valid_from` is None for today."""

    wish: Wish
    reason: str
    compensating_control: str
    requested_by: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A waiver after a step, and the ids of others, asked for or approved, that cover a part of the same."""

    waiver: Waiver
    overlaps: tuple[str, ...] = ()


def request(desk: Desk, wanted: Request) -> Outcome:
    """Ask for a waiver; raise UsageProblem for one that could never be approved."""
    first, last = check_request(wanted.valid_from, wanted.valid_until, desk.today, desk.inputs.policy.waivers)
    scope = scope_of(wanted.wish, desk.workspace, desk.inputs)
    asked = Waiver(
        id="",
        check=scope.check,
        opd=scope.opd,
        server=scope.server,
        address=scope.address,
        port=scope.port,
        server_name=scope.server_name,
        reason=written(wanted.reason, "reason"),
        compensating_control=written(wanted.compensating_control, "compensating"),
        requested_by=person(wanted.requested_by, "requested-by"),
        requested_on=desk.today,
        valid_from=first,
        valid_until=last,
    )
    waiver = replace(asked, id=request_id(asked))
    others = desk.waivers()
    check_scope(waiver, others, desk.inputs, desk.today)
    _append(desk, DecisionKind.WAIVER_REQUESTED, waiver, waiver.requested_by, waiver.reason)
    return Outcome(waiver, _overlapping(waiver, others, desk.today))


def approve(desk: Desk, waiver_id: str, by: str) -> Outcome:
    """Let a waiver come into force, today or on its first day; raise UsageProblem when it may not."""
    others = desk.waivers()
    waiver = known_waiver(waiver_id, others)
    approver = person(by, "by")
    check_approval(waiver, approver, desk.inputs, desk.today)
    _append(desk, DecisionKind.WAIVER_APPROVED, waiver, approver, "")
    approved = _after(desk, waiver, WaiverStatus.APPROVED, approver)
    return Outcome(approved, _overlapping(approved, others, desk.today))


def reject(desk: Desk, waiver_id: str, by: str, reason: str) -> Outcome:
    """Refuse what was asked for; the requester may do so too, and takes it back by that."""
    waiver = known_waiver(waiver_id, desk.waivers())
    if waiver.status is not WaiverStatus.REQUESTED:
        raise UsageProblem(
            f"{waiver.id} is {waiver.status.value}, and only what is requested can be rejected",
            f"an approved one ends with: auditor waive revoke {waiver.id}",
        )
    return _end(desk, DecisionKind.WAIVER_REJECTED, waiver, by, reason)


def revoke(desk: Desk, waiver_id: str, by: str, reason: str) -> Outcome:
    """End an approved waiver from today on."""
    waiver = known_waiver(waiver_id, desk.waivers())
    if waiver.status is not WaiverStatus.APPROVED:
        raise UsageProblem(
            f"{waiver.id} is {waiver.status.value}, and only what is approved can be revoked",
            f"see: auditor waive show {waiver.id}",
        )
    if waiver.valid_until < desk.today:
        raise UsageProblem(
            f"{waiver.id} ended by itself with {waiver.valid_until}", "there is nothing left to revoke"
        )
    return _end(desk, DecisionKind.WAIVER_REVOKED, waiver, by, reason)


_ENDED = {
    DecisionKind.WAIVER_REJECTED: WaiverStatus.REJECTED,
    DecisionKind.WAIVER_REVOKED: WaiverStatus.REVOKED,
}


def _end(desk: Desk, kind: DecisionKind, waiver: Waiver, by: str, reason: str) -> Outcome:
    who, why = person(by, "by"), written(reason, "reason")
    _append(desk, kind, waiver, who, why)
    return Outcome(_after(desk, waiver, _ENDED[kind], who))


def _append(desk: Desk, kind: DecisionKind, waiver: Waiver, by: str, reason: str) -> None:
    content = waiver if kind is DecisionKind.WAIVER_REQUESTED else None
    entry = Decision(kind, waiver.id, by, desk.today, reason, content, desk.account, desk.now)
    desk.decide([entry])


def _after(desk: Desk, before: Waiver, wanted: WaiverStatus, by: str) -> Waiver:
    """Return the waiver as the log now has it: of two who decide at once, the first entry counts."""
    waiver = known_waiver(before.id, desk.waivers())
    if waiver.status is not wanted or by not in (waiver.approved_by, waiver.ended_by):
        raise UsageProblem(
            f"{waiver.id} was decided by somebody else meanwhile: it is {waiver.status.value}",
            f"see: auditor waive show {waiver.id}",
        )
    return waiver


def _overlapping(waiver: Waiver, others: tuple[Waiver, ...], today: date) -> tuple[str, ...]:
    found = (
        one.id
        for one in others
        if one.id != waiver.id
        and is_live(one, today)
        and scopes_overlap(one, waiver)
        and one.valid_from <= waiver.valid_until
        and waiver.valid_from <= one.valid_until
    )
    return tuple(sorted(found))
