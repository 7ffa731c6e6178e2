"""CSV for spreadsheets: one row per finding, and one row per OPD."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from auditor.model.check import Severity
from auditor.model.facts import JSON
from auditor.model.report import ReportData
from reports.findings import KEYS, finding_record
from reports.formats.base import RenderedFile, selected
from reports.names import file_name
from reports.view.context import Context, make_context
from reports.view.score import level_view
from reports.visible import shown

MEDIA_TYPE = "text/csv; charset=utf-8"

# Half and full width: spreadsheets fold the wide forms to the narrow ones before they look for a formula.
_FORMULA_STARTS = frozenset("=+-@|\t\r\n＝＋－＠｜")

_PLAIN = tuple(key for key in KEYS if key not in ("controls", "remediation", "evidence"))
FINDING_COLUMNS = (*_PLAIN, "controls_2013", "controls_2022", "remediation", "evidence")


def cell(value: object) -> str:
    """Return a value as a cell that a spreadsheet shows and never calculates.

    Hidden characters become visible; a leading formula sign, also after blanks, gets a quote before it.
    """
    text = shown("" if value is None else str(value))
    return f"'{text}" if text.lstrip()[:1] in _FORMULA_STARTS and text.strip() else text


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return the findings of each OPD; for all OPD also a table with one row per OPD."""
    context = make_context(data, language, edition)
    files = [_findings(context, one) for one in selected(data, opd_id)]
    return tuple(files) if opd_id is not None else (_summary(context), *files)


def _findings(context: Context, opd_id: str) -> RenderedFile:
    context.opd(opd_id)
    language = context.words.language
    records = (finding_record(f, context.data, language) for f in context.findings(opd_id))
    name = file_name(context.data, "findings", "csv", language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, _table(FINDING_COLUMNS, (_finding_row(one) for one in records)))


def _finding_row(record: Mapping[str, JSON]) -> list[JSON]:
    controls, remedies, evidence = record["controls"], record["remediation"], record["evidence"]
    return [
        *(record[name] for name in _PLAIN),
        *(" ".join(map(str, _listed(controls, edition))) for edition in ("2013", "2022")),
        " / ".join(str(one["steps"]) for one in remedies) if isinstance(remedies, list) else "",
        " ".join(str(one["sequence"]) for one in evidence) if isinstance(evidence, list) else "",
    ]


def _listed(controls: JSON, edition: str) -> list[JSON]:
    found = controls.get(edition) if isinstance(controls, dict) else None
    return found if isinstance(found, list) else []


def _summary(context: Context) -> RenderedFile:
    severities = tuple(severity.value for severity in Severity)
    columns = ("opd", "name", "grade", "floor", "ceiling", "coverage", *severities, "overdue")
    rows = (_opd_row(context, opd_id) for opd_id in selected(context.data, None))
    name = file_name(context.data, "summary", "csv", context.words.language)
    return RenderedFile(name, MEDIA_TYPE, _table(columns, rows))


def _opd_row(context: Context, opd_id: str) -> list[JSON]:
    level = level_view(context, context.scorecard(opd_id))
    standing = context.open_findings(opd_id)
    return [
        opd_id,
        context.opd(opd_id).name,
        level.grade.letter,
        level.score.floor.shown,
        level.score.ceiling.shown,
        level.score.coverage.shown,
        *(sum(f.severity is severity for f in standing) for severity in Severity),
        sum(context.is_overdue(finding) for finding in standing),
    ]


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
