"""Sheets that lay the OPD side by side."""

from __future__ import annotations

from collections import Counter

from auditor.model.check import Severity
from auditor.model.scorecard import Level
from reports.formats.base import selected
from reports.formats.xlsx_parts import percentages, sheet, subject
from reports.view.context import Context
from reports.view.labels import SEVERITIES
from reports.view.score import card_level_view
from reports.view.servers import unmeasured_servers
from reports.view.summary import summary_view
from reports.words import N_
from reports.workbook import Cell, Column, Sheet, Tint, Tinted

_LEVEL = (N_("Grade"), N_("Floor"), N_("Ceiling"), N_("Coverage"))
_COUNTS = (
    N_("Open findings"),
    *SEVERITIES.values(),
    N_("Findings overdue"),
    N_("Accepted risks"),
    N_("Registered servers"),
    N_("Servers not measured"),
)
_HEAT = {
    "0": Tint.CALM,
    "1": Tint.SLIGHT,
    "2": Tint.CLEAR,
    "3": Tint.STRONG,
    "4": Tint.WORST,
}


def opds_sheet(context: Context) -> Sheet:
    """Return one row per OPD, in the order of the inventory."""
    words = context.words
    titles = [("OPD", 16.0), (N_("Name"), 44.0), *((title, 12.0) for title in (*_LEVEL, *_COUNTS))]
    made = sheet(context, N_("OPD table"), subject(context, None), titles, _opd_rows(context), 2)
    with_exceptions, centre = words.say("with exceptions"), words.say("IT centre")
    further = [f"{words.say(title)}, {with_exceptions}" for title in _LEVEL]
    further += [f"{centre}: {words.say(title)}" for title in _LEVEL]
    columns = (*made.columns, *(Column(title, 16) for title in further))
    return Sheet(made.name, columns, made.rows, made.above, made.frozen_columns)


def _opd_rows(context: Context) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for opd_id in selected(context.data, None):
        card, standing = context.scorecard(opd_id), context.open_findings(opd_id)
        counts = Counter(finding.severity for finding in standing)
        whole = card_level_view(context, card).whole
        rows.append(
            (
                opd_id,
                context.opd(opd_id).name,
                *_level(card.own, lenient=False),
                len(standing),
                *(counts[severity] for severity in Severity),
                sum(map(context.is_overdue, standing)),
                len(context.accepted_findings(opd_id)),
                len(context.opd(opd_id).machines()),
                len(unmeasured_servers(context, opd_id, card)),
                *_level(card.own, lenient=True),
                *(() if whole else _level(card.centre, lenient=False)),
            )
        )
    return rows


def _level(level: Level, *, lenient: bool) -> tuple[Cell, ...]:
    grade = level.grade_with_waivers if lenient else level.grade
    return grade.letter or "–", *percentages(level.with_waivers if lenient else level.score)


def heat_sheet(context: Context) -> Sheet:
    """Return controls that do not conform, of those assessed, by OPD and clause or theme."""
    view, words = summary_view(context), context.words
    rows: list[tuple[Cell, ...]] = [
        (one.id, one.name, *(Tinted(cell.text, _HEAT.get(cell.kind, Tint.NONE)) for cell in one.cells))
        for one in view.rows
    ]
    titles = [("OPD", 16.0), (N_("Name"), 44.0)]
    made = sheet(context, N_("Heat map"), subject(context, None), titles, rows, 2)
    groups = (Column(f"{group} {title}", 18) for group, title in view.columns)
    told = words.say("Each cell: controls that do not conform / controls that were assessed.")
    return Sheet(made.name, (*made.columns, *groups), made.rows, (*made.above, told), made.frozen_columns)
