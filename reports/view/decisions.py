"""Decisions that only the leadership can take, worked out from what stands open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.inventory import Opd
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_standing import in_force
from reports.view.attention import contradictions, ending_answers
from reports.view.causes import hours_of
from reports.view.context import Context
from reports.view.servers import unmeasured_servers, was_chosen
from reports.visible import shown

SOON = timedelta(days=30)
"""How far ahead the end of an exception or of a letter of assignment asks for a decision."""
_NAMED = 6
"""So many agencies, servers or ids are named in one decision; the rest is counted."""


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


def below_coverage(context: Context, opds: Iterable[Opd]) -> list[Opd]:
    """Return the OPD whose coverage is too low for a grade; where nothing applies, there is none to raise."""
    floor, cards = context.data.policy.grading.coverage_floor, context.data.scorecards
    scores = [(opd, cards[opd.id].score) for opd in opds]
    return [opd for opd, score in scores if score.applicable and score.coverage < floor]


def _names(context: Context, opds: Iterable[Opd]) -> str:
    return _few(context, [shown(opd.name) for opd in opds])


def _few(context: Context, names: list[str]) -> str:
    """List some names, and count the rest: a decision is read in one breath."""
    more = len(names) - _NAMED
    if more <= 1:
        return context.words.listed(names)
    rest = context.words.plural("%(count)s more", "%(count)s more", more)
    return context.words.listed([*names[:_NAMED], rest])


def _with(context: Context, name: str, detail: str) -> str:
    return context.words.say("%(name)s (%(detail)s)", name=name, detail=detail)


def _overdue(context: Context, opds: list[Opd]) -> str:
    late = [finding for finding in context.open_findings() if context.is_overdue(finding)]
    if not late:
        return ""
    by_opd = {opd.id: [finding for finding in late if finding.opd == opd.id] for opd in opds}
    names = [_late_at(context, opd, by_opd[opd.id]) for opd in opds if by_opd[opd.id]]
    return context.words.plural(
        "Name who finishes %(count)s overdue finding, and by when: %(opds)s.",
        "Name who finishes %(count)s overdue findings, and by when: %(opds)s.",
        len(late),
        opds=_few(context, names),
    )


def _late_at(context: Context, opd: Opd, late: list[Finding]) -> str:
    """Name an OPD with how many findings are late and for how long, in the days of its own zone."""
    words, today = context.words, context.day_of(context.data.run.started_at, opd.id)
    longest = max((today - finding.due).days for finding in late)
    days = words.plural("for up to %(count)s day", "for up to %(count)s days", longest)
    return _with(context, shown(opd.name), f"{words.integer(len(late))}, {days}")


def _critical(context: Context) -> str:
    grave = [
        finding
        for finding in context.open_findings()
        if finding.severity in (Severity.CRITICAL, Severity.HIGH)
    ]
    if not grave:
        return ""
    return context.words.plural(
        "Set aside about %(hours)s working hours for %(count)s critical or high finding, due by %(day)s.",
        "Set aside about %(hours)s working hours for %(count)s critical or high findings, due from %(day)s.",
        len(grave),
        hours=context.words.quantity(hours_of(context, grave)),
        day=context.words.day(min(finding.due for finding in grave)),
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
        servers=_few(context, missed),
    )


def _coverage(context: Context, opds: list[Opd]) -> str:
    low = below_coverage(context, opds)
    if not low:
        return ""
    return context.words.say(
        "Raise the coverage of %(opds)s: below %(minimum)s no grade is given.",
        opds=_names(context, low),
        minimum=context.words.percent(context.data.policy.grading.coverage_floor),
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
    waiting = [
        waiver
        for waiver in context.data.waivers.values()
        if waiver.status is WaiverStatus.REQUESTED and context.today <= waiver.valid_until
    ]
    if not waiting:
        return ""
    return context.words.plural(
        "Approve or reject %(count)s requested exception: %(ids)s.",
        "Approve or reject %(count)s requested exceptions: %(ids)s.",
        len(waiting),
        ids=_few(context, [_waiting(context, one) for one in sorted(waiting, key=lambda one: one.id)]),
    )


def _waiting(context: Context, waiver: Waiver) -> str:
    since = context.words.say("since %(day)s", day=context.words.day(waiver.requested_on))
    return _with(context, shown(waiver.id), since)


def _exceptions(context: Context) -> str:
    held = (waiver for waiver in context.data.waivers.values() if in_force(waiver, context.today))
    ending = [waiver for waiver in held if waiver.valid_until <= context.today + SOON]
    if not ending:
        return ""
    told = [
        _until(context, one.id, one.valid_until)
        for one in sorted(ending, key=lambda one: (one.valid_until, one.id))
    ]
    return context.words.plural(
        "Decide on %(count)s exception that ends within 30 days: %(ids)s.",
        "Decide on %(count)s exceptions that end within 30 days: %(ids)s.",
        len(ending),
        ids=_few(context, told),
    )


def _until(context: Context, name: str, day: date) -> str:
    return _with(context, shown(name), context.words.say("until %(day)s", day=context.words.day(day)))


def _assignments(context: Context) -> str:
    letters = context.data.inventory.authorizations
    ending = [a for a in letters if context.today <= a.valid_until <= context.today + SOON]
    if not ending:
        return ""
    return context.words.say(
        "Renew the letter of assignment that ends within 30 days: %(references)s.",
        references=_few(context, [_until(context, one.reference, one.valid_until) for one in ending]),
    )
