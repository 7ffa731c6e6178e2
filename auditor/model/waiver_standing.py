"""What a waiver comes to on a day: whether it is in force, and what is to be told about it.

Whoever judges, lists and prints must agree on it, so it stands beside the noun. Nothing here knows a clock:
the day is handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.model.check import Check
from auditor.model.inventory import Inventory
from auditor.model.people import same_person
from auditor.model.policy import WaiverRules
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_scope import WaiverPart, exceeds, missing_part, scopes_overlap, servers_of


class WaiverState(StrEnum):
    """Where a waiver stands on a day. Only one in force covers anything."""

    REQUESTED = "requested"
    REJECTED = "rejected"
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    SELF_APPROVED = "self_approved"
    """Approved by whoever asked for it, past the commands: never in force."""
    BEYOND_POLICY = "beyond_policy"
    """Longer or wider than the policy of the audit allows: it covers nothing."""
    ORPHANED = "orphaned"
    """What it names is no longer there, so it covers nothing."""


class WaiverRemark(StrEnum):
    """What is to be told of a waiver that is in force."""

    ENDING = "ending"
    IDLE = "idle"
    """Nothing that it covers fails any more."""
    OVERLAPPING = "overlapping"
    """Another one in force covers a part of the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a waiver comes to on a day. `days_left` is 0 on its last day, and None unless it is in force."""

    state: WaiverState
    remarks: tuple[WaiverRemark, ...] = ()
    days_left: int | None = None
    missing: WaiverPart | None = None
    """The widest part of its scope that is no longer there."""
    overlaps: tuple[str, ...] = ()
    """Ids of others in force that cover a part of the same."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What waivers are held against. `checks` are those in force, by id; `run_scope` the servers of the run.

    `unsettled` are its verdicts that do not show that nothing fails, with the OPD of each; "" where that is
    not known. Without a run both are empty, and nothing is called idle.
    """

    day: date
    rules: WaiverRules
    checks: Mapping[str, Check]
    inventory: Inventory
    run_scope: frozenset[str] = frozenset()
    unsettled: tuple[tuple[Verdict, str], ...] = ()


UNSETTLED = frozenset((Status.FAIL, Status.UNKNOWN, Status.ERROR))
"""Verdicts after which nobody can say that nothing fails."""


def in_force(waiver: Waiver, day: date) -> bool:
    """Return whether a waiver holds on a local day: approved by another person, begun, not ended."""
    agreed = bool(waiver.approved_by) and not same_person(waiver.requested_by, waiver.approved_by)
    if waiver.status is WaiverStatus.REVOKED:
        agreed = agreed and waiver.ended_on is not None and day < waiver.ended_on
    elif waiver.status is not WaiverStatus.APPROVED:
        return False
    return agreed and waiver.valid_from <= day <= waiver.valid_until


def standings(waivers: Iterable[Waiver], around: Surroundings) -> dict[str, Standing]:
    """Return waiver id → what it comes to on the day."""
    listed = tuple(waivers)
    states = {waiver.id: _state(waiver, around) for waiver in listed}
    active = [waiver for waiver in listed if states[waiver.id] is WaiverState.IN_FORCE]
    unsettled: dict[str, list[tuple[Verdict, str]]] = defaultdict(list)
    for verdict, opd in around.unsettled:
        unsettled[verdict.check].append((verdict, opd))
    return {
        waiver.id: _active(waiver, active, unsettled[waiver.check], around)
        if states[waiver.id] is WaiverState.IN_FORCE
        else Standing(states[waiver.id], missing=missing_part(waiver, around.checks, around.inventory))
        for waiver in listed
    }


def _state(waiver: Waiver, around: Surroundings) -> WaiverState:
    if waiver.status is WaiverStatus.REJECTED:
        return WaiverState.REJECTED
    if waiver.status is WaiverStatus.REVOKED and (waiver.ended_on is None or waiver.ended_on <= around.day):
        return WaiverState.REVOKED
    if same_person(waiver.requested_by, waiver.approved_by):
        return WaiverState.SELF_APPROVED
    if waiver.valid_until < around.day:
        return WaiverState.EXPIRED
    if missing_part(waiver, around.checks, around.inventory) is not None:
        return WaiverState.ORPHANED
    if waiver.status is WaiverStatus.REQUESTED or not waiver.approved_by:
        return WaiverState.REQUESTED
    if exceeds(waiver, around.checks[waiver.check], around.rules):
        return WaiverState.BEYOND_POLICY
    return WaiverState.IN_FORCE if in_force(waiver, around.day) else WaiverState.NOT_YET


def _active(
    waiver: Waiver, active: Iterable[Waiver], unsettled: Iterable[tuple[Verdict, str]], around: Surroundings
) -> Standing:
    overlaps = sorted(one.id for one in active if one.id != waiver.id and scopes_overlap(one, waiver))
    days_left = (waiver.valid_until - around.day).days
    remarks = (
        (WaiverRemark.ENDING, days_left <= around.rules.warn_days),
        (WaiverRemark.IDLE, _is_idle(waiver, unsettled, around)),
        (WaiverRemark.OVERLAPPING, bool(overlaps)),
    )
    told = tuple(remark for remark, holds in remarks if holds)
    return Standing(WaiverState.IN_FORCE, told, days_left, overlaps=tuple(overlaps))


def _is_idle(waiver: Waiver, unsettled: Iterable[tuple[Verdict, str]], around: Surroundings) -> bool:
    """Return whether the run looked at all that a waiver reaches, and nothing there fails or may fail."""
    reached = {server.id for server in servers_of(waiver, around.inventory, around.checks[waiver.check])}
    if not reached or not reached <= around.run_scope:
        return False
    return not any(
        verdict.subject.server in reached and _may_reach(waiver, verdict, opd) for verdict, opd in unsettled
    )


def _may_reach(waiver: Waiver, verdict: Verdict, opd: str) -> bool:
    """Return whether a verdict can be about something in a scope; an unmeasured address is about any port."""
    subject = verdict.subject
    asked_and_found = (
        (waiver.opd, opd),
        (waiver.address, subject.address),
        (waiver.port, subject.port),
        (waiver.server_name, subject.server_name),
    )
    return all(not asked or not found or asked == found for asked, found in asked_and_found)
