"""Write workbooks (XLSX): the one place where cells are written. Pure.

Nothing that is handed in becomes a formula, whatever it begins with: texts are stored as texts, marked as
such for the programs that open them, with hidden characters shown. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from reports.visible import shown, shown_block

Cell = str | int | float | date | None

LONGEST_CELL = 32_767
"""UTF-16 units that a cell holds."""

_LONGEST_NAME = 31
_LONGEST_CHOICES = 255
_LARGEST_EXACT = 10**15
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed moment, so that equal sheets make equal bytes
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LEAP_ERROR = date(1900, 3, 1)
"""Spreadsheets count a 29 February 1900; days before are written as text."""

_TEXT, _DAY = "@", "yyyy-mm-dd"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in characters, and the words offered for its cells.

    Other words than the offered ones can still be written, after a warning. `holds_days` lets a spreadsheet
    program take what is typed into an empty cell for a day; into the others it types text.
    """

    title: str
    width: float = 20
    choices: tuple[str, ...] = ()
    holds_days: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: lines above the table, a head that stays in view, and rows as long as `columns` or shorter."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    above: tuple[str, ...] = ()
    frozen_columns: int = 0


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of an XLSX file with these sheets, in their order.

    Raise ValueError when there is no sheet, a row is longer than its head, or choices cannot be offered
    (a comma or a double quote in one, or more than 255 characters together).
    """
    if not sheets:
        raise ValueError("a workbook needs a sheet")
    book = Workbook()
    book.remove(book.worksheets[0])
    names = _sheet_names([sheet.name for sheet in sheets])
    for sheet, name in zip(sheets, names, strict=True):
        _fill(book.create_sheet(name), sheet)
    book.properties.creator = "Tilik"
    book.properties.created = book.properties.modified = _MADE
    buffer = io.BytesIO()
    _InMemoryWriter(book, _TimelessZip(buffer, "w", zipfile.ZIP_DEFLATED)).save()
    return buffer.getvalue()


class _TimelessZip(zipfile.ZipFile):
    """An archive whose members bear no time of day."""

    def writestr(
        self,
        zinfo_or_arcname: Any,
        data: Any,
        compress_type: int | None = zipfile.ZIP_DEFLATED,
        compresslevel: int | None = None,
    ) -> None:
        entry = zipfile.ZipInfo(zinfo_or_arcname, _ZIP_TIME)
        super().writestr(entry, data, compress_type, compresslevel)


class _InMemoryWriter(ExcelWriter):
    """openpyxl's writer without the temporary files that it makes for sheets."""

    def __init__(self, book: Workbook, archive: zipfile.ZipFile):
        super().__init__(book, archive)
        self._own_archive = archive

    def write_worksheet(self, ws: Any) -> None:
        out = io.BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        self._own_archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


def _fill(made: Worksheet, sheet: Sheet) -> None:
    looks = _Looks(made)
    for number, line in enumerate(sheet.above, start=1):
        _write_text(made.cell(number, 1), line, looks.line)
    head = len(sheet.above) + 1
    for number, column in enumerate(sheet.columns, start=1):
        _write_text(made.cell(head, number), column.title, looks.head)
        made.column_dimensions[get_column_letter(number)].width = column.width
    for row, cells in enumerate(sheet.rows, start=head + 1):
        _write_row(made, row, cells, sheet.columns, looks)
    _lay_out(made, sheet, head)


def _lay_out(made: Worksheet, sheet: Sheet, head: int) -> None:
    """Freeze and filter the head, print the sheet as wide as a page, and offer the choices."""
    last_row, last_column = head + len(sheet.rows), get_column_letter(max(1, len(sheet.columns)))
    made.freeze_panes = made.cell(head + 1, sheet.frozen_columns + 1).coordinate
    made.auto_filter.ref = f"A{head}:{last_column}{last_row}"
    made.print_title_rows = f"{head}:{head}"
    made.page_setup.orientation = "landscape"
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for number, column in enumerate(sheet.columns, start=1):
        if column.choices and sheet.rows:
            offered = _offer(column.choices)
            letter = get_column_letter(number)
            offered.add(f"{letter}{head + 1}:{letter}{last_row}")
            made.add_data_validation(offered)


def _offer(choices: tuple[str, ...]) -> DataValidation:
    listed = ",".join(choices)
    if len(listed) > _LONGEST_CHOICES or '"' in listed or listed.count(",") >= len(choices):
        raise ValueError(f"these choices cannot be offered in a cell: {listed}")
    return DataValidation(
        type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True, errorStyle="warning"
    )


class _Looks:
    """The few styles of a sheet, made once and shared by its cells."""

    def __init__(self, made: Worksheet):
        top = Alignment(wrap_text=True, vertical="top")
        self.line = self._look(made, _TEXT, Alignment())
        self.head = self._look(made, _TEXT, Alignment(wrap_text=True, vertical="center"), head=True)
        self.text = self._look(made, _TEXT, top)
        self.day = self._look(made, _DAY, top, quoted=False)
        self.number = self._look(made, "General", top, quoted=False)

    @staticmethod
    def _look(
        made: Worksheet, number_format: str, alignment: Alignment, *, quoted: bool = True, head: bool = False
    ) -> Any:
        cell: Any = made.cell(1, 1)
        before = cell._style
        cell.number_format, cell.alignment, cell.quotePrefix = number_format, alignment, quoted
        if head:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E2EC")
        look, cell._style = cell._style, type(before)()
        return look


def _write_row(
    made: Worksheet, row: int, cells: Sequence[Cell], columns: tuple[Column, ...], looks: _Looks
) -> None:
    if len(cells) > len(columns):
        raise ValueError(f"a row of {len(cells)} cells under a head of {len(columns)}")
    for number, column in enumerate(columns, start=1):
        value = cells[number - 1] if number <= len(cells) else None
        _write_cell(made.cell(row, number), value, looks, column)


def _write_cell(cell: Any, value: Cell, looks: _Looks, column: Column) -> None:
    if value is None:
        cell._style = looks.day if column.holds_days else looks.text
    elif isinstance(value, date) and not isinstance(value, datetime) and value > _LEAP_ERROR:
        cell.value, cell._style = value, looks.day
    elif isinstance(value, int | float) and _fits_a_number(value):
        cell.value, cell._style = value, looks.number
    else:
        _write_text(cell, str(value), looks.text)


def _fits_a_number(value: float) -> bool:
    """Return whether a spreadsheet keeps the number exactly: it has fifteen digits and no infinity."""
    return not isinstance(value, bool) and math.isfinite(value) and abs(value) < _LARGEST_EXACT


def _write_text(cell: Any, text: str, look: Any) -> None:
    cell.value = _cell_text(text)
    # After the value: openpyxl takes what begins with "=" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    cell._style = look


def cell_text(text: str) -> str:
    """Return what a cell shows of a text: line feeds kept, hidden characters shown, cut where a cell ends."""
    visible = shown_block(text.replace("\r\n", "\n"))
    if _units(visible) <= LONGEST_CELL:
        return visible
    return visible.encode("utf-16-le")[: (LONGEST_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _cell_text(text: str) -> str:
    r"""Return the text as it is stored: what looks like an escape (`_x0041_`) is kept from becoming one."""
    visible = cell_text(text)
    stored = _ESCAPE.sub("_x005F_", visible)
    # The marks count as well; a text made of nothing but such looks is cut in half.
    return stored if _units(stored) <= LONGEST_CELL else _ESCAPE.sub("_x005F_", visible[: LONGEST_CELL // 2])


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _sheet_names(wanted: Sequence[str]) -> Iterator[str]:
    """Yield names that a workbook takes: short, without its own signs, none twice."""
    taken = {"history"}  # a name that spreadsheet programs keep for themselves
    for name in wanted:
        plain = re.sub(r"[\[\]:*?/\\]", "_", shown(name)).strip("' ")[:_LONGEST_NAME].rstrip("' ")
        plain = made = plain or "_"
        number = 1
        while made.casefold() in taken:
            number += 1
            made = f"{plain[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
        taken.add(made.casefold())
        yield made
