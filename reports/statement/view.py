"""A statement of applicability in words, for pages and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.framework import ControlGroup
from auditor.model.scorecard import Contradiction, ControlResult
from auditor.model.verdict import Status
from reports.statement.answers import (
    AnswerView,
    DecisionView,
    ExceptionView,
    answer_view,
    decision_view,
    exception_view,
)
from reports.statement.labels import CONTRADICTIONS, CONTROL_SIDES
from reports.statement.lines import Line, Statement
from reports.statement.matrix import MatrixView, matrix_view
from reports.view.context import Context
from reports.view.identity import Letterhead, Row, document_rows, letterhead, proof_rows
from reports.view.labels import MACHINE_COVERAGES, Badge, badge
from reports.view.statuses import Segment, group_label, segments, verdict_counts
from reports.visible import shown

PREFIX = "PK"
"""What the document number begins with."""


@dataclass(frozen=True, slots=True)
class MeasuredView:
    """What scans alone say: checks by verdict, the status that they support, and which of them fail."""

    status: Badge
    checks: str
    failing: str
    machine: str
    loosened: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One control, worded. `counterparts` are its ids in the other edition."""

    id: str
    title: str
    decision: DecisionView
    status: Badge
    measured: MeasuredView
    answer: AnswerView | None
    exceptions: tuple[ExceptionView, ...]
    contradiction: str
    evidence: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file."""
    references: tuple[str, ...]
    responsible: str
    counterparts: str


@dataclass(frozen=True, slots=True)
class GroupLines:
    """One clause or theme with its controls."""

    id: str
    title: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class TotalsView:
    """The numbers on top; `alarm` when there is a contradiction."""

    controls: str
    applicable: str
    included: str
    undecided: str
    excluded: str
    contradictions: str
    alarm: bool
    statuses: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """Everything in a statement; `matrix` is None for one OPD."""

    head: Letterhead
    document: tuple[Row, ...]
    proof: tuple[Row, ...]
    subject: str
    totals: TotalsView
    groups: tuple[GroupLines, ...]
    matrix: MatrixView | None
    other_edition: str


def statement_view(context: Context, statement: Statement) -> StatementView:
    """Word a statement."""
    data, opd = context.data, statement.opd
    return StatementView(
        head=letterhead(context, opd),
        document=document_rows(context, PREFIX, opd),
        proof=(*proof_rows(context), _decisions_row(context)),
        subject=shown(data.inventory.organization.name if opd is None else context.opd(opd).name),
        totals=_totals(context, statement),
        groups=tuple(_group(context, group, statement.lines) for group in context.framework.groups),
        matrix=matrix_view(context) if opd is None else None,
        other_edition=other_edition(context),
    )


def other_edition(context: Context) -> str:
    """Return the edition that the crosswalk leads to, or nothing when there is no other."""
    return next((one for one in sorted(context.data.frameworks) if one != context.edition), "")


def _decisions_row(context: Context) -> Row:
    words, decisions = context.words, context.data.decisions
    if not decisions.sequence:
        return Row(words.say("Log of decisions"), (words.say("no decisions yet"),))
    entry = words.say("entry %(number)s", number=words.integer(decisions.sequence))
    return Row(words.say("Log of decisions"), (f"{entry}: {shown(decisions.head)}",))


def _totals(context: Context, statement: Statement) -> TotalsView:
    words, totals = context.words, statement.totals
    return TotalsView(
        controls=words.integer(totals.controls),
        applicable=words.integer(totals.applicable),
        included=words.integer(totals.included),
        undecided=words.integer(totals.undecided),
        excluded=words.integer(totals.excluded),
        contradictions=words.integer(totals.contradictions),
        alarm=totals.contradictions > 0,
        statuses=segments(words, Counter(totals.statuses)),
    )


def _group(context: Context, group: ControlGroup, lines: tuple[Line, ...]) -> GroupLines:
    mine = tuple(_line(context, line) for line in lines if line.control.group == group.id)
    return GroupLines(group_label(context, group), context.words.of(group.title), mine)


def _line(context: Context, line: Line) -> LineView:
    words, control = context.words, line.control
    return LineView(
        id=control.id,
        title=words.of(control.title),
        decision=decision_view(context, line),
        status=badge(words, line.result.status),
        measured=_measured(context, line),
        answer=answer_view(context, line),
        exceptions=tuple(exception_view(context, one) for one in line.excepted),
        contradiction=_contradiction(context, line.result),
        evidence=tuple((shown(file.name), shown(file.digest)) for file in line.evidence),
        references=tuple(shown(paper) for paper in line.references),
        responsible=words.say(CONTROL_SIDES[control.responsible]),
        counterparts=words.listed(list(line.counterparts)),
    )


def _measured(context: Context, line: Line) -> MeasuredView:
    words, result = context.words, line.result
    return MeasuredView(
        status=badge(words, result.measured),
        checks=_checks(context, result),
        failing=words.listed(_failing(result.checks)),
        machine=words.say(MACHINE_COVERAGES[line.control.coverage]),
        loosened=words.listed([shown(check) for check in sorted(result.loosened)]),
    )


def _checks(context: Context, result: ControlResult) -> str:
    words = context.words
    if result.checks:
        return verdict_counts(words, Counter(result.checks.values()))
    if result.related:
        counts = verdict_counts(words, Counter(result.related.values()))
        return words.say("only related checks: %(counts)s", counts=counts)
    return words.say("no check speaks to it")


def _failing(checks: Mapping[str, Status]) -> list[str]:
    return [shown(check) for check, status in sorted(checks.items()) if status is Status.FAIL]


def _contradiction(context: Context, result: ControlResult) -> str:
    """Tell a contradiction with the checks that people are contradicted by."""
    if result.contradiction is None:
        return ""
    told = context.words.say(CONTRADICTIONS[result.contradiction])
    related = result.contradiction is Contradiction.RELATED_FAILS
    failing = _failing(result.related if related else result.checks)
    if not failing:
        return told
    return f"{told} " + context.words.say("Failing: %(checks)s", checks=context.words.listed(failing))
