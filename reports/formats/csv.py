"""CSV for spreadsheets: one row per finding, one per control, and one per OPD."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from auditor.model.check import Severity
from auditor.model.facts import JSON
from auditor.model.framework import Control
from auditor.model.movement import Cause
from auditor.model.report import ReportData
from auditor.model.scorecard import ControlResult, Level
from reports.apportion import change_shown, parts_shown
from reports.finding_shape import FindingShape
from reports.findings import KEYS, finding_record
from reports.formats.base import RenderedFile, selected
from reports.names import file_name
from reports.statement.sources import Sources, sources
from reports.view.context import Context, make_context
from reports.view.score import ScoreView, level_view
from reports.visible import shown

MEDIA_TYPE = "text/csv; charset=utf-8"

# Half and full width: spreadsheets fold the wide forms to the narrow ones before they look for a formula.
_FORMULA_STARTS = frozenset("=+-@|\t\r\n＝＋－＠｜")

_NESTED = ("acknowledgement", "controls", "remediation", "retest", "evidence")
_PLAIN = tuple(key for key in KEYS if key not in _NESTED)
LEVEL_COLUMNS = (
    "grade",
    "floor",
    "ceiling",
    "coverage",
    "grade_with_waivers",
    "floor_with_waivers",
    "ceiling_with_waivers",
    "coverage_with_waivers",
)
_TAKEN_ON = ("owner", "plan", "planned")
_RETEST = ("run", "at", "result")
FINDING_COLUMNS = (
    *_PLAIN,
    *_TAKEN_ON,
    *(f"retest_{key}" for key in _RETEST),
    "controls_2013",
    "controls_2022",
    "remediation",
    "evidence",
)


def cell(value: object) -> str:
    """Return a value as a cell that a spreadsheet shows and never calculates.

    Hidden characters become visible; a leading formula sign, also after blanks, gets a quote before it.
    """
    text = shown("" if value is None else str(value))
    return f"'{text}" if text.lstrip()[:1] in _FORMULA_STARTS and text.strip() else text


def plain(text: str) -> str:
    """Return what `cell` was given, without the quote that it put before a formula sign."""
    return text[1:] if text[:1] == "'" and text[1:].lstrip()[:1] in _FORMULA_STARTS else text


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return findings and controls of each OPD; for all OPD also a table with one row per OPD."""
    context = make_context(data, language, edition)
    files = [
        file for one in selected(data, opd_id) for file in (_findings(context, one), _controls(context, one))
    ]
    return tuple(files) if opd_id is not None else (_summary(context), *files)


def _findings(context: Context, opd_id: str) -> RenderedFile:
    context.opd(opd_id)
    language = context.words.language
    records = (finding_record(f, context.data, language) for f in context.findings(opd_id))
    name = file_name(context.data, "findings", "csv", language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, _table(FINDING_COLUMNS, (_finding_row(one) for one in records)))


def _finding_row(record: FindingShape) -> list[object]:
    values: Mapping[str, object] = record
    answer: Mapping[str, object] = record["acknowledgement"] or {}
    retest: Mapping[str, object] = record["retest"] or {}
    return [
        *(values[name] for name in _PLAIN),
        *(answer.get(key) for key in _TAKEN_ON),
        *(retest.get(key) for key in _RETEST),
        *(" ".join(record["controls"].get(edition, ())) for edition in ("2013", "2022")),
        " / ".join(one["steps"] for one in record["remediation"]),
        " ".join(str(one["sequence"]) for one in record["evidence"]),
    ]


CONTROL_COLUMNS = (
    "edition",
    "control",
    "title",
    "responsible",
    "status",
    "measured",
    "answer",
    "valid_until",
    "answered_by",
    "taken_from",
    "inherited",
    "applicable",
    "justification",
    "contradiction",
    "loosened",
    "waived",
    "checks",
    *LEVEL_COLUMNS,
)


def _controls(context: Context, opd_id: str) -> RenderedFile:
    language = context.words.language
    card, titles = context.scorecard(opd_id), {c.id: c for c in context.framework.controls}
    found = sources(context)
    rows = (
        _control_row(context, one, titles.get(one.control), found) for one in card.controls[context.edition]
    )
    name = file_name(context.data, "controls", "csv", language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, _table(CONTROL_COLUMNS, rows))


def _control_row(
    context: Context, result: ControlResult, control: Control | None, found: Sources
) -> list[JSON]:
    attested, applied = result.attested, result.applied
    decision, given = found.decided(applied), found.given(attested)
    reasons = [one.justification for one in ((decision,) if decision else ()) + given]
    taken = attested.taken_from if attested else applied.taken_from if applied else ()
    return [
        context.edition,
        result.control,
        context.words.of(control.title) if control else "",
        control.responsible.value if control else "",
        result.status.value,
        result.measured.value,
        attested.answer.value if attested and attested.answer else "",
        attested.valid_until.isoformat() if attested else "",
        "; ".join(dict.fromkeys(one.attested_by for one in given)),
        " ".join(taken),
        _yes_no(attested.inherited if attested else applied.inherited if applied else None),
        _yes_no(applied.applicable if applied else None),
        "; ".join(dict.fromkeys(reasons)),
        result.contradiction.value if result.contradiction else "",
        " ".join(result.loosened),
        " ".join(result.waived),
        " ".join(f"{check}={status.value}" for check, status in sorted(result.checks.items())),
        *_level_cells(context, result.level),
    ]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _level_cells(context: Context, level: Level) -> list[JSON]:
    view = level_view(context, level)
    return [
        view.grade.letter,
        *_shown(view.score),
        view.grade_with_waivers.letter,
        *_shown(view.with_waivers),
    ]


def _shown(score: ScoreView) -> tuple[str, str, str]:
    return score.floor.shown, score.ceiling.shown, score.coverage.shown


def _summary(context: Context) -> RenderedFile:
    severities = tuple(severity.value for severity in Severity)
    grade, *numbers = LEVEL_COLUMNS
    centre = (f"centre_{column}" for column in LEVEL_COLUMNS)
    causes = (f"change_{cause.value}" for cause in Cause)
    columns = ("opd", "name", grade, *numbers[:3], *severities, "overdue", "accepted")
    columns = (*columns, *numbers[3:], *centre, "same_rules", "change", *causes)
    rows = (_opd_row(context, opd_id) for opd_id in selected(context.data, None))
    name = file_name(context.data, "summary", "csv", context.words.language)
    return RenderedFile(name, MEDIA_TYPE, _table(columns, rows))


def _opd_row(context: Context, opd_id: str) -> list[JSON]:
    card, standing = context.scorecard(opd_id), context.open_findings(opd_id)
    own = _level_cells(context, card.own)
    return [
        opd_id,
        context.opd(opd_id).name,
        *own[:4],
        *(sum(f.severity is severity for f in standing) for severity in Severity),
        sum(map(context.is_overdue, standing)),
        len(context.accepted_findings(opd_id)),
        *own[4:],
        *_level_cells(context, card.centre),
        *_change_cells(context, opd_id),
    ]


def _change_cells(context: Context, opd_id: str) -> list[JSON]:
    """Return whether the rules were the same, the change of the floor, and what each cause moved.

    A leading plus would be taken for a formula, so it is left out.
    """
    comparison = context.data.comparisons.get(opd_id)
    if comparison is None:
        return [""] * (2 + len(Cause))
    movement, words = comparison.without_exceptions, context.words
    shown_parts = parts_shown(movement)
    points = (change_shown(movement), *(shown_parts[cause] for cause in Cause))
    return [_yes_no(comparison.same_rules), *(words.points(one).lstrip("+±") for one in points)]


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
