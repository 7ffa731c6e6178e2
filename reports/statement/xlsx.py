"""The statement as a workbook: the document with its totals, the controls to filter, and the matrix."""

from __future__ import annotations

from collections.abc import Iterable

from reports.formats.base import RenderedFile
from reports.statement.answers import AnswerView, ExceptionView
from reports.statement.lines import Statement
from reports.statement.matrix import MatrixBlock
from reports.statement.names import statement_name
from reports.statement.view import GroupLines, LineView, StatementView, statement_view
from reports.view.context import Context
from reports.view.identity import Row
from reports.words import N_, Words
from reports.workbook import Cell, Column, Sheet, write_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_COLUMNS = (
    (N_("Control"), 9),
    (N_("Title"), 32),
    (N_("Clause or theme"), 24),
    (N_("Applicable"), 13),
    (N_("Basis"), 16),
    (N_("Justification"), 40),
    (N_("Decided by"), 32),
    (N_("Status"), 17),
    (N_("Measured alone"), 17),
    (N_("Checks"), 26),
    (N_("Reach of the scan"), 18),
    (N_("Attested"), 17),
    (N_("Answers"), 48),
    (N_("Exceptions in force"), 36),
    (N_("Contradiction"), 36),
    (N_("Evidence"), 48),
    (N_("References"), 28),
    (N_("Answered for by"), 18),
    (N_("Other edition"), 16),
)
_FROZEN = 2
_OPD_WIDTH = 18


def render(context: Context, statement: Statement) -> RenderedFile:
    """Return the workbook of a statement."""
    view, words = statement_view(context, statement), context.words
    sheets = [_document(words, view), _controls(words, view)]
    if view.matrix is not None:
        sheets.append(_matrix(words, view, view.matrix.blocks))
    name = statement_name(context, "xlsx", statement.opd)
    return RenderedFile(name, MEDIA_TYPE, write_workbook(sheets))


def _document(words: Words, view: StatementView) -> Sheet:
    head = view.head
    rows: list[tuple[Cell, ...]] = [
        *_facts(view.document),
        (words.say("Classification"), head.classification),
        *_warnings(words, view),
        *_totals(words, view),
        *_facts(view.proof),
        *((words.say(role), words.say("Name, NIP, signature:")) for role in _SIGNATURES),
    ]
    letterhead = tuple(line for line in (head.organization, head.office, head.address) if line)
    title = words.say("Statement of Applicability")
    columns = (Column(words.say("Item"), 34), Column(words.say("Content"), 90))
    return Sheet(words.say("Document"), columns, rows, (*letterhead, title, view.subject))


_SIGNATURES = (N_("Prepared by"), N_("Checked by"), N_("Approved by"))


def _facts(listed: Iterable[Row]) -> list[tuple[Cell, ...]]:
    return [(row.label, "\n".join(row.values)) for row in listed]


def _warnings(words: Words, view: StatementView) -> list[tuple[Cell, ...]]:
    told = []
    if view.head.stopped:
        told.append(words.say("Stopped before the end."))
    if view.head.partial:
        told.append(words.say("Part of the servers.") + f" {view.head.partial}")
    if view.head.gap_report:
        told.append(
            words.say(
                "Certificates to the 2013 edition ended in October 2025; this page shows the gaps to that "
                "edition and is no basis for certification."
            )
        )
    return [(words.say("Note"), one) for one in told]


def _totals(words: Words, view: StatementView) -> list[tuple[Cell, ...]]:
    totals = view.totals
    counted = [
        (words.say("Controls of the edition"), totals.controls),
        (words.say("Applicable"), totals.applicable),
        (words.say("of which decided"), totals.included),
        (words.say("of which undecided"), totals.undecided),
        (words.say("Left out"), totals.excluded),
        (words.say("Contradictions"), totals.contradictions),
    ]
    return [*counted, *((segment.badge.label, segment.shown) for segment in totals.statuses)]


def _controls(words: Words, view: StatementView) -> Sheet:
    return Sheet(
        words.say("Statement"),
        tuple(Column(words.say(title), width) for title, width in _COLUMNS),
        [_row(words, group, line) for group in view.groups for line in group.lines],
        (f"{view.subject} · {view.head.edition} · {view.head.classification}",),
        _FROZEN,
    )


def _row(words: Words, group: GroupLines, line: LineView) -> tuple[Cell, ...]:
    decision, measured, answer = line.decision, line.measured, line.answer
    return (
        line.id,
        line.title,
        f"{group.id} {group.title}",
        decision.applies.label,
        decision.bases,
        decision.justification,
        _lines(decision.people, decision.valid, decision.source),
        line.status.label,
        measured.status.label,
        _lines(measured.checks, _labelled(words, N_("failing"), measured.failing)),
        measured.machine,
        answer.answer.label if answer else "",
        _answers(answer),
        "\n".join(_exception(one) for one in line.exceptions),
        _lines(line.contradiction, _labelled(words, N_("judged too leniently"), measured.loosened)),
        "\n".join(f"{name} sha256:{digest}" for name, digest in line.evidence),
        "\n".join(line.references),
        line.responsible,
        line.counterparts,
    )


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _labelled(words: Words, label: str, value: str) -> str:
    return f"{words.say(label)}: {value}" if value else ""


def _answers(answer: AnswerView | None) -> str:
    if answer is None:
        return ""
    given = (f"{one.about}: {one.answer} ({one.people})\n{one.justification}" for one in answer.given)
    return _lines(answer.aspects, answer.valid, answer.source, *given)


def _exception(one: ExceptionView) -> str:
    return f"{one.id} {one.check}, {one.valid}, {one.covers}: {one.reason}"


def _matrix(words: Words, view: StatementView, blocks: Iterable[MatrixBlock]) -> Sheet:
    """Return controls as rows and OPD as columns, which a reader can filter by status."""
    titles = {line.id: line.title for group in view.groups for line in group.lines}
    rows: list[tuple[Cell, ...]] = []
    names: list[str] = []
    for block in blocks:
        names = [name for name, _ in block.rows]
        for place, control in enumerate(block.controls):
            cells = [block.whole[place], *(found[place] for _, found in block.rows)]
            rows.append((control, titles[control], *(cell.status.label for cell in cells)))
    head = (words.say("Control"), words.say("Title"), words.say("The whole organisation"), *names)
    widths = (9, 36, *[_OPD_WIDTH] * (len(names) + 1))
    columns = tuple(Column(title, width) for title, width in zip(head, widths, strict=True))
    return Sheet(words.say("Matrix"), columns, rows, (f"{view.subject} · {view.head.edition}",), 3)
