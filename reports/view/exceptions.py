"""Accepted risks that touch an OPD, as they stand on the day of the audit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver
from auditor.model.waiver_scope import WaiverPart, missing_part
from auditor.model.waiver_standing import (
    Standing,
    Surroundings,
    WaiverRemark,
    WaiverState,
    standings,
)
from reports.view.context import Context
from reports.view.labels import excepted
from reports.visible import shown
from reports.words import N_, Words

STATES = {
    WaiverState.REQUESTED: N_("requested, not approved yet"),
    WaiverState.REJECTED: N_("rejected"),
    WaiverState.REVOKED: N_("revoked"),
    WaiverState.NOT_YET: N_("approved, not in force yet"),
    WaiverState.IN_FORCE: N_("in force"),
    WaiverState.EXPIRED: N_("expired"),
    WaiverState.SELF_APPROVED: N_("approved by whoever requested it: never in force"),
    WaiverState.BEYOND_POLICY: N_("longer or wider than the policy allows: covers nothing"),
    WaiverState.ORPHANED: N_("covers nothing any more"),
}
MISSING = {
    WaiverPart.CHECK: N_("its check is no longer in force"),
    WaiverPart.OPD: N_("its OPD is no longer registered"),
    WaiverPart.SERVER: N_("its server is no longer registered for this OPD"),
    WaiverPart.ADDRESS: N_("its address is no longer registered"),
    WaiverPart.NAME: N_("its host name is no longer registered"),
}
_UNDECIDED = (Status.UNKNOWN, Status.ERROR)


@dataclass(frozen=True, slots=True)
class WaiverView:
    """One accepted risk with who answers for it; `state` says in words what it comes to on the day."""

    id: str
    what: str
    where: str
    reason: str
    compensating_control: str
    people: str
    valid: str
    state: str
    active: bool


def waiver_views(context: Context, opd_id: str) -> tuple[WaiverView, ...]:
    """Return the waivers that touch an OPD: those in force first, what ends soonest on top."""
    chosen = [waiver for waiver in context.data.waivers.values() if touches(context, waiver, opd_id)]
    if not chosen:
        return ()
    # Others are asked too, because what covers a part of the same may have been given to the whole.
    found = waiver_standings(context)
    ordered = sorted(
        chosen, key=lambda waiver: (not _active(found[waiver.id]), waiver.valid_until, waiver.id)
    )
    return tuple(_waiver_view(context, waiver, found[waiver.id]) for waiver in ordered)


def touches(context: Context, waiver: Waiver, opd_id: str) -> bool:
    """Return whether a waiver was given to an OPD, or to all and reaches something that is the OPD's own.

    One that was given to an OPD touches it even when what it names is gone: that has to be told.
    """
    if waiver.opd:
        return waiver.opd == opd_id
    inventory = context.data.inventory
    return missing_part(replace(waiver, opd=opd_id), context.data.checks, inventory) is None


def waiver_standings(context: Context) -> dict[str, Standing]:
    """Return waiver id → what it comes to on the day of the audit, over every OPD."""
    return standings(context.data.waivers.values(), _surroundings(context))


def _surroundings(context: Context) -> Surroundings:
    data = context.data
    failing = [
        (Verdict(one.check, one.subject, one.verdict), one.opd)
        for one in context.standing_findings()
        if one.verdict is Status.FAIL or one.verdict in _UNDECIDED
    ]
    # Whose an undecided verdict is cannot be told here; it is taken for anybody's.
    undecided = [(one, "") for one in data.verdicts if one.status in _UNDECIDED]
    return Surroundings(
        day=context.words.local_day(data.run.started_at),
        rules=data.policy.waivers,
        checks={name: one for name, one in data.checks.items() if name not in data.policy.disabled_checks},
        inventory=data.inventory,
        run_scope=frozenset(data.run.scope),
        unsettled=(*failing, *undecided),
    )


def _active(standing: Standing) -> bool:
    return standing.state is WaiverState.IN_FORCE


def _waiver_view(context: Context, waiver: Waiver, standing: Standing) -> WaiverView:
    words = context.words
    check = context.data.checks.get(waiver.check)
    return WaiverView(
        id=shown(waiver.id),
        what=excepted(words, shown(words.of(check.title) if check else waiver.check)),
        where=_where(context, waiver),
        reason=shown(waiver.reason),
        compensating_control=shown(waiver.compensating_control) or words.say("none"),
        people=shown(_people(words, waiver)),
        valid=f"{words.day(waiver.valid_from)} – {words.day(waiver.valid_until)}",
        state=shown(_state(words, standing)),
        active=_active(standing),
    )


def _where(context: Context, waiver: Waiver) -> str:
    parts = (waiver.server, waiver.address, str(waiver.port or ""), waiver.server_name)
    return shown(" · ".join(part for part in parts if part)) or context.words.say("every server")


def _people(words: Words, waiver: Waiver) -> str:
    if waiver.approved_by:
        said = words.say(
            "requested by %(requester)s, approved by %(approver)s",
            requester=waiver.requested_by,
            approver=waiver.approved_by,
        )
    else:
        said = words.say("requested by %(requester)s", requester=waiver.requested_by)
    if waiver.ended_on is None:
        return said
    ended = words.say(
        "ended by %(name)s on %(day)s: %(reason)s",
        name=waiver.ended_by,
        day=words.day(waiver.ended_on),
        reason=waiver.ended_reason,
    )
    return f"{said}; {ended}"


def _state(words: Words, standing: Standing) -> str:
    """Word the state and everything that somebody should do something about."""
    parts = [words.say(STATES[standing.state])]
    if standing.state is WaiverState.ORPHANED and standing.missing is not None:
        parts.append(words.say(MISSING[standing.missing]))
    if standing.days_left is not None:
        parts.append(_days_left(words, standing.days_left))
    if WaiverRemark.ENDING in standing.remarks:
        parts.append(words.say("fix the cause in time, or request anew"))
    if WaiverRemark.IDLE in standing.remarks:
        parts.append(words.say("nothing that it covers fails any more: it can be revoked"))
    if WaiverRemark.OVERLAPPING in standing.remarks:
        parts.append(
            words.say("another covers a part of the same: %(ids)s", ids=words.listed([*standing.overlaps]))
        )
    return "; ".join(parts)


def _days_left(words: Words, days: int) -> str:
    if not days:
        return words.say("ends today")
    return words.plural("%(count)s day left", "%(count)s days left", days)
