"""Decisions that only the leadership can take, worked out from what stands open."""

from __future__ import annotations

from datetime import timedelta

from auditor.model.check import Severity
from auditor.model.inventory import Opd
from auditor.model.waiver import WaiverStatus
from auditor.model.waiver_standing import in_force
from reports.view.attention import contradictions, ending_answers
from reports.view.causes import hours_of
from reports.view.context import Context
from reports.view.servers import unmeasured_servers, was_chosen
from reports.visible import shown

SOON = timedelta(days=30)
"""How far ahead the end of an exception or of a letter of assignment asks for a decision."""


def decisions(context: Context, opds: list[Opd]) -> tuple[str, ...]:
    """Return the decisions to take, the most urgent first; none when nothing asks for one."""
    found = (
        _overdue(context, opds),
        _critical(context),
        _unmeasured(context, opds),
        _coverage(context, opds),
        _contradictions(context, opds),
        _ended_answers(context, opds),
        _requests(context),
        _exceptions(context),
        _assignments(context),
    )
    return tuple(one for one in found if one)


def _names(context: Context, opds: list[Opd]) -> str:
    return context.words.listed([shown(opd.name) for opd in opds])


def _overdue(context: Context, opds: list[Opd]) -> str:
    late = [finding for finding in context.open_findings() if context.is_overdue(finding)]
    if not late:
        return ""
    owners = {finding.opd for finding in late}
    return context.words.plural(
        "Name who finishes %(count)s overdue finding, and by when: %(opds)s.",
        "Name who finishes %(count)s overdue findings, and by when: %(opds)s.",
        len(late),
        opds=_names(context, [opd for opd in opds if opd.id in owners]),
    )


def _critical(context: Context) -> str:
    grave = [
        finding
        for finding in context.open_findings()
        if finding.severity in (Severity.CRITICAL, Severity.HIGH)
    ]
    if not grave:
        return ""
    return context.words.plural(
        "Set aside about %(hours)s working hours for %(count)s critical or high finding.",
        "Set aside about %(hours)s working hours for %(count)s critical or high findings.",
        len(grave),
        hours=context.words.quantity(hours_of(context, grave)),
    )


def _unmeasured(context: Context, opds: list[Opd]) -> str:
    """Ask for what the audit meant to measure and could not; what nobody chose needs no decision."""
    missed = [
        context.server_label(server.id)
        for opd in opds
        for server in unmeasured_servers(context, opd.id, context.data.scorecards[opd.id])
        if was_chosen(context, server)
    ]
    if not missed:
        return ""
    return context.words.plural(
        "Open the way to measure %(count)s server that was not measured: %(servers)s.",
        "Open the way to measure %(count)s servers that were not measured: %(servers)s.",
        len(missed),
        servers=context.words.listed(missed),
    )


def _coverage(context: Context, opds: list[Opd]) -> str:
    floor = context.data.policy.grading.coverage_floor
    low = [opd for opd in opds if context.data.scorecards[opd.id].score.coverage < floor]
    if not low:
        return ""
    return context.words.say(
        "Raise the coverage of %(opds)s: below %(minimum)s no grade is given.",
        opds=_names(context, low),
        minimum=context.words.percent(floor),
    )


def _contradictions(context: Context, opds: list[Opd]) -> str:
    cards = context.data.scorecards
    owners = [opd for opd in opds if contradictions(context, cards[opd.id])]
    if not owners:
        return ""
    return context.words.say(
        "Have it clarified where answers and measurements do not agree: %(opds)s.",
        opds=_names(context, owners),
    )


def _ended_answers(context: Context, opds: list[Opd]) -> str:
    cards = context.data.scorecards
    owners = [opd for opd in opds if ending_answers(context, cards[opd.id])]
    if not owners:
        return ""
    return context.words.say(
        "Have answers about controls renewed that have ended or end soon: %(opds)s.",
        opds=_names(context, owners),
    )


def _requests(context: Context) -> str:
    waivers = context.data.waivers.values()
    waiting = [
        waiver
        for waiver in waivers
        if waiver.status is WaiverStatus.REQUESTED and context.today <= waiver.valid_until
    ]
    if not waiting:
        return ""
    return context.words.plural(
        "Approve or reject %(count)s requested exception: %(ids)s.",
        "Approve or reject %(count)s requested exceptions: %(ids)s.",
        len(waiting),
        ids=context.words.listed(sorted(shown(waiver.id) for waiver in waiting)),
    )


def _exceptions(context: Context) -> str:
    waivers = context.data.waivers.values()
    held = (waiver for waiver in waivers if in_force(waiver, context.today))
    ending = [waiver for waiver in held if waiver.valid_until <= context.today + SOON]
    if not ending:
        return ""
    return context.words.plural(
        "Decide on %(count)s exception that ends within 30 days: %(ids)s.",
        "Decide on %(count)s exceptions that end within 30 days: %(ids)s.",
        len(ending),
        ids=context.words.listed(sorted(shown(waiver.id) for waiver in ending)),
    )


def _assignments(context: Context) -> str:
    letters = context.data.inventory.authorizations
    ending = [a for a in letters if context.today <= a.valid_until <= context.today + SOON]
    if not ending:
        return ""
    return context.words.say(
        "Renew the letter of assignment that ends within 30 days: %(references)s.",
        references=context.words.listed([shown(letter.reference) for letter in ending]),
    )
