"""What became of the findings of one OPD: open, being dealt with, waiting to be verified, done, overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.changes import ChangedFinding
from auditor.model.check import Severity
from auditor.model.finding import Finding, FindingStatus
from auditor.model.report import Retested
from auditor.model.retest import RetestResult
from auditor.model.subject import Subject
from reports.view.capped import Capped, capped
from reports.view.context import Context
from reports.view.labels import RETESTS, Badge, badge, not_met
from reports.view.response import response, retest_number, retest_words
from reports.visible import shown
from reports.words import N_

_LONGEST_LIST = 15
_LONGEST_RECORD = 10


class FollowUp(StrEnum):
    """Where the follow-up of a finding stands."""

    OPEN = "open"
    IN_HAND = "in-hand"
    WAITING = "waiting"
    DONE = "fixed"


_LABELS = {
    FollowUp.OPEN: N_("Open"),
    FollowUp.IN_HAND: N_("Being dealt with"),
    FollowUp.WAITING: N_("Waiting to be verified"),
    FollowUp.DONE: N_("Done"),
}
_MEANINGS = {
    FollowUp.OPEN: N_("Nobody has said yet who mends it."),
    FollowUp.IN_HAND: N_("Somebody has taken it on and said how it is mended."),
    FollowUp.WAITING: N_("It could not be measured again, so nobody knows whether it was mended."),
    FollowUp.DONE: N_("Since the audit before, a measurement has proven that it is mended."),
}


@dataclass(frozen=True, slots=True)
class CountView:
    """One state with its meaning, how many findings are in it, and how many of these are overdue."""

    state: Badge
    meaning: str
    count: str
    overdue: str


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One finding in a list, and what there is to tell of its follow-up."""

    id: str
    title: str
    severity: Badge
    server: str
    endpoint: str
    due: str
    overdue: bool
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUpList:
    """The findings of one state, worst first."""

    state: Badge
    count: str
    listed: Capped[FollowUpRow]


@dataclass(frozen=True, slots=True)
class RetestRow:
    """One re-test of this OPD's findings: its number, when, who asked, and what it came to."""

    number: str
    moment: str
    asked_by: str
    results: tuple[tuple[Badge, str], ...]


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """The whole section."""

    counts: tuple[CountView, ...]
    overdue: str
    lists: tuple[FollowUpList, ...]
    retests: Capped[RetestRow]


def follow_up_view(context: Context, opd_id: str) -> FollowUpView:
    """Return where the follow-up of an OPD stands; accepted risks are told among the exceptions."""
    by_state: dict[FollowUp, list[Finding]] = defaultdict(list)
    for finding in context.open_findings(opd_id):
        by_state[_state(context, finding)].append(finding)
    done = _done_rows(context, opd_id, by_state[FollowUp.DONE])
    counts = {state: len(by_state[state]) for state in FollowUp} | {FollowUp.DONE: len(done)}
    standing = [one for state in _STANDING for one in by_state[state]]
    late = sorted((one for one in standing if context.is_overdue(one)), key=_worst_first)
    lists = [
        (Badge("overdue", context.words.say("Overdue")), _rows(context, late)),
        *((_badge(context, state), _rows(context, by_state[state])) for state in _STANDING[1:]),
        (_badge(context, FollowUp.DONE), done),
    ]
    return FollowUpView(
        counts=tuple(_count(context, state, counts[state], by_state[state]) for state in FollowUp),
        overdue=context.words.integer(len(late)),
        lists=tuple(_list(context, opd_id, state, rows) for state, rows in lists if rows),
        retests=_retests(context, opd_id),
    )


_STANDING = (FollowUp.OPEN, FollowUp.IN_HAND, FollowUp.WAITING)


def _state(context: Context, finding: Finding) -> FollowUp:
    newest = newest_retest(context, finding.id)
    if newest is not None and newest.result is RetestResult.FIXED:
        return FollowUp.DONE
    unknown = newest is not None and newest.result is RetestResult.NOT_MEASURABLE
    failed = newest is not None and newest.result is RetestResult.FAILING
    if unknown or (finding.status is FindingStatus.NOT_MEASURED and not failed):
        return FollowUp.WAITING
    return FollowUp.IN_HAND if finding.acknowledgement is not None else FollowUp.OPEN


def newest_retest(context: Context, finding: str) -> Retested | None:
    """Return the newest re-test of a finding after the audit; None where there is none."""
    listed = context.data.retests.get(finding, ())
    return listed[-1] if listed and listed[-1].at > context.data.run.started_at else None


def _worst_first(finding: Finding) -> tuple[int, object, str]:
    return finding.severity.rank, finding.due, finding.id


def _badge(context: Context, state: FollowUp) -> Badge:
    return Badge(state.value, context.words.say(_LABELS[state]))


def _count(context: Context, state: FollowUp, count: int, findings: Iterable[Finding]) -> CountView:
    words = context.words
    late = 0 if state is FollowUp.DONE else sum(map(context.is_overdue, findings))
    return CountView(
        _badge(context, state),
        words.say(_MEANINGS[state]),
        words.integer(count),
        words.integer(late) if state is not FollowUp.DONE else "–",
    )


def _list(context: Context, opd_id: str, state: Badge, rows: Sequence[FollowUpRow]) -> FollowUpList:
    listed = capped(context, opd_id, "findings", rows, _LONGEST_LIST)
    return FollowUpList(state, context.words.integer(len(rows)), listed)


def _rows(context: Context, findings: Iterable[Finding]) -> list[FollowUpRow]:
    return [_row(context, finding) for finding in findings]


def _row(context: Context, finding: Finding) -> FollowUpRow:
    words = context.words
    told = (response(context, finding), retest_words(context, finding.id))
    return FollowUpRow(
        id=finding.id,
        title=not_met(words, words.of(finding.title)),
        severity=badge(words, finding.severity),
        server=context.server_label(finding.subject.server),
        endpoint=context.endpoint(finding.subject),
        due=words.day(finding.due),
        overdue=context.is_overdue(finding),
        told=tuple(part for part in told if part),
    )


def _done_rows(context: Context, opd_id: str, after: Iterable[Finding]) -> list[FollowUpRow]:
    """Return what is done: by re-tests since the audit, then what was closed since the audit before."""
    changes, run = context.data.changes, context.data.run.id
    before = changes.of_opd(opd_id).fixed if changes is not None else ()
    told = {one.finding for one in before}
    others = (one for one in context.findings(opd_id) if one.status is FindingStatus.FIXED)
    return [
        *(_done(context, one, retest_words(context, one.id)) for one in after),
        *(_closed(context, one) for one in before),
        *(_done(context, one, _by_audit(context, run)) for one in others if one.id not in told),
    ]


def _done(context: Context, one: Finding, told: str) -> FollowUpRow:
    return _done_row(context, one.id, context.words.of(one.title), one.subject, one.severity, told)


def _closed(context: Context, one: ChangedFinding) -> FollowUpRow:
    check = context.data.checks.get(one.check)
    title = context.words.of(check.title) if check else one.check
    retested = any(row.run == one.run for row in context.data.retests.get(one.finding, ()))
    told = retest_words(context, one.finding) if retested else _by_audit(context, one.run)
    return _done_row(context, one.finding, title, Subject.from_key(one.subject), one.severity, told)


def _by_audit(context: Context, run: str) -> str:
    return context.words.say("Proven by the audit %(run)s.", run=shown(run))


def _done_row(
    context: Context, finding: str, title: str, subject: Subject, severity: Severity, told: str
) -> FollowUpRow:
    return FollowUpRow(
        id=shown(finding),
        title=shown(title),
        severity=badge(context.words, severity),
        server=context.server_label(subject.server),
        endpoint=context.endpoint(subject),
        due="",
        overdue=False,
        told=(told,),
    )


def _retests(context: Context, opd_id: str) -> Capped[RetestRow]:
    """Return the re-tests of an OPD's findings, the newest first."""
    by_run: dict[str, list[Retested]] = defaultdict(list)
    for listed in context.data.retests.values():
        for one in listed:
            if one.opd == opd_id:
                by_run[one.run].append(one)
    ordered = sorted(by_run.values(), key=lambda listed: (listed[0].at, listed[0].run), reverse=True)
    rows = [_retest(context, opd_id, listed) for listed in ordered]
    return capped(context, opd_id, "findings", rows, _LONGEST_RECORD)


def _retest(context: Context, opd_id: str, listed: Sequence[Retested]) -> RetestRow:
    words, first = context.words, listed[0]
    return RetestRow(
        number=retest_number(opd_id, first.run),
        moment=words.moment(first.at),
        asked_by=shown(first.asked_by),
        results=tuple(
            (Badge(kind, words.say(label)), words.integer(count))
            for result, (kind, label) in RETESTS.items()
            if (count := sum(one.result is result for one in listed))
        ),
    )
