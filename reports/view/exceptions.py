"""Accepted risks that touch an OPD."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.waiver import Waiver
from reports.view.context import Context
from reports.visible import shown


@dataclass(frozen=True, slots=True)
class WaiverView:
    """One accepted risk with who answers for it; `state` says whether it holds on the day of the audit."""

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
    """Return the waivers whose scope touches an OPD, ordered by id."""
    chosen = [waiver for waiver in context.data.waivers.values() if touches(context, waiver, opd_id)]
    return tuple(_waiver_view(context, waiver) for waiver in sorted(chosen, key=lambda waiver: waiver.id))


def touches(context: Context, waiver: Waiver, opd_id: str) -> bool:
    """Return whether a waiver's scope includes anything of an OPD."""
    servers = context.opd(opd_id).servers
    addresses = {str(address) for server in servers for address in server.addresses}
    return (
        waiver.opd in ("", opd_id)
        and (not waiver.server or waiver.server in {server.id for server in servers})
        and (not waiver.address or waiver.address in addresses)
    )


def _waiver_view(context: Context, waiver: Waiver) -> WaiverView:
    words = context.words
    check = context.data.checks.get(waiver.check)
    active = waiver.valid_from <= context.today <= waiver.valid_until
    place = [part for part in (waiver.server, waiver.address, str(waiver.port or "")) if part]
    return WaiverView(
        id=shown(waiver.id),
        what=shown(words.of(check.title) if check else waiver.check or words.say("every check")),
        where=shown(" · ".join(place)) or words.say("every server"),
        reason=shown(waiver.reason),
        compensating_control=shown(waiver.compensating_control) or words.say("none"),
        people=shown(
            words.say(
                "requested by %(requester)s, approved by %(approver)s",
                requester=waiver.requested_by,
                approver=waiver.approved_by,
            )
        ),
        valid=f"{words.day(waiver.valid_from)} – {words.day(waiver.valid_until)}",
        state=words.say("in force") if active else words.say("not in force"),
        active=active,
    )
