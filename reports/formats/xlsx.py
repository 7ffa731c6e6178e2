"""Workbooks: a card that can be filtered and counted, one per OPD, and one over all OPD."""

from __future__ import annotations

from auditor.model.report import ReportData
from reports.formats.base import RenderedFile, selected
from reports.formats.xlsx_controls import controls_sheet
from reports.formats.xlsx_findings import findings_sheet
from reports.formats.xlsx_fixes import fixes_sheet
from reports.formats.xlsx_follow_up import changes_sheet, retests_sheet
from reports.formats.xlsx_numbers import card_sheet, history_sheet, organization_sheet
from reports.formats.xlsx_opds import heat_sheet, opds_sheet
from reports.formats.xlsx_servers import gaps_sheet, servers_sheet, waivers_sheet
from reports.names import file_name
from reports.view.context import Context, make_context
from reports.workbook import Sheet, write_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return the workbook of each OPD; for all OPD also the one over all of them."""
    context = make_context(data, language, edition)
    files = [_file(context, "scorecard", _card(context, one), one) for one in selected(data, opd_id)]
    return tuple(files) if opd_id is not None else (_file(context, "summary", _whole(context)), *files)


def _file(context: Context, kind: str, sheets: tuple[Sheet, ...], opd_id: str | None = None) -> RenderedFile:
    name = file_name(context.data, kind, "xlsx", context.words.language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, write_workbook(sheets))


def _card(context: Context, opd_id: str) -> tuple[Sheet, ...]:
    return (
        card_sheet(context, opd_id),
        controls_sheet(context, opd_id),
        findings_sheet(context, opd_id),
        fixes_sheet(context, opd_id),
        servers_sheet(context, opd_id),
        gaps_sheet(context, opd_id),
        waivers_sheet(context, opd_id),
        changes_sheet(context, opd_id),
        retests_sheet(context, opd_id),
        history_sheet(context, opd_id),
    )


def _whole(context: Context) -> tuple[Sheet, ...]:
    return (
        organization_sheet(context),
        opds_sheet(context),
        heat_sheet(context),
        findings_sheet(context, None),
        fixes_sheet(context, None),
        gaps_sheet(context, None),
        waivers_sheet(context, None),
        changes_sheet(context, None),
        retests_sheet(context, None),
        history_sheet(context, None),
    )
