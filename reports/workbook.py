"""Write workbooks (XLSX): the one place where they are written. Pure.

Nothing that is handed in becomes a formula or a link. The same sheets give the same bytes. Rows are written
one by one, so that a workbook of many costs no more memory than its file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as WrittenCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from reports.visible import shown
from reports.workbook_cells import (
    LONGEST_CELL,
    Cell,
    Looks,
    Percentage,
    Tint,
    Tinted,
    cell_text,
    write_text,
    write_value,
)

__all__ = (
    "LONGEST_CELL",
    "MOST_ROWS",
    "Cell",
    "Column",
    "Percentage",
    "Sheet",
    "Tint",
    "Tinted",
    "cell_text",
    "write_workbook",
)

MOST_ROWS = 1_048_576
"""Rows that a sheet of any spreadsheet program holds, its head among them."""

_LONGEST_NAME = 31
_LONGEST_CHOICES = 255
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed moment, so that equal sheets make equal bytes
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


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

    Raise ValueError when there is no sheet, a row is longer than its head, there are more rows than a sheet
    holds, or choices cannot be offered (a comma or a double quote in one, or more than 255 characters).
    """
    if not sheets:
        raise ValueError("a workbook needs a sheet")
    book = Workbook()
    book.remove(book.worksheets[0])
    names = _sheet_names([sheet.name for sheet in sheets])
    for sheet, name in zip(sheets, names, strict=True):
        _check(sheet)
        _lay_out(book.create_sheet(name), sheet)
    book.properties.creator = "Tilik"
    book.properties.created = book.properties.modified = _MADE
    buffer = io.BytesIO()
    _InMemoryWriter(book, _TimelessZip(buffer, "w", zipfile.ZIP_DEFLATED), sheets).save()
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

    def __init__(self, book: Workbook, archive: zipfile.ZipFile, sheets: Sequence[Sheet]):
        super().__init__(book, archive)
        self._own_archive = archive
        self._sheets = dict(zip(book.worksheets, sheets, strict=True))

    def write_worksheet(self, ws: Any) -> None:
        out = io.BytesIO()
        _RowWriter(ws, out, self._sheets[ws]).write()
        self._own_archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


class _RowWriter(WorksheetWriter):
    """openpyxl's writer of one sheet, whose cells are made row by row and kept by nobody."""

    def __init__(self, made: Worksheet, out: io.BytesIO, sheet: Sheet):
        super().__init__(made, out)
        self._sheet, self._looks = sheet, Looks(made)
        made._cells.clear()

    def write_dimensions(self) -> None:
        last = get_column_letter(max(1, len(self._sheet.columns)))
        self.xf.send(SheetDimension(f"A1:{last}{_head(self._sheet) + len(self._sheet.rows)}").to_tree())

    def rows(self) -> Any:
        sheet, looks = self._sheet, self._looks
        for number, line in enumerate(sheet.above, start=1):
            cell = WrittenCell(self.ws, row=number, column=1)
            write_text(cell, line, looks.line)
            yield number, [cell]
        head = _head(sheet)
        titles = [WrittenCell(self.ws, row=head, column=place) for place, _ in enumerate(sheet.columns, 1)]
        for cell, column in zip(titles, sheet.columns, strict=True):
            write_text(cell, column.title, looks.head)
        yield head, titles
        for number, row in enumerate(sheet.rows, start=head + 1):
            yield number, self._row(number, row)

    def _row(self, number: int, row: Sequence[Cell]) -> list[Any]:
        cells = []
        for place, column in enumerate(self._sheet.columns, start=1):
            cell = WrittenCell(self.ws, row=number, column=place)
            value = row[place - 1] if place <= len(row) else None
            write_value(cell, value, self._looks, holds_days=column.holds_days)
            cells.append(cell)
        return cells


def _head(sheet: Sheet) -> int:
    return len(sheet.above) + 1


def _check(sheet: Sheet) -> None:
    longest = max((len(row) for row in sheet.rows), default=0)
    if longest > len(sheet.columns):
        raise ValueError(f"a row of {longest} cells under a head of {len(sheet.columns)}")
    if _head(sheet) + len(sheet.rows) > MOST_ROWS:
        raise ValueError(f"a sheet holds {MOST_ROWS} rows, its head among them")


def _lay_out(made: Worksheet, sheet: Sheet) -> None:
    """Freeze and filter the head, print the sheet as wide as a page, and offer the choices."""
    head = _head(sheet)
    last_row, last_column = head + len(sheet.rows), get_column_letter(max(1, len(sheet.columns)))
    made.freeze_panes = made.cell(head + 1, sheet.frozen_columns + 1).coordinate
    made.auto_filter.ref = f"A{head}:{last_column}{last_row}"
    made.print_title_rows = f"{head}:{head}"
    made.page_setup.orientation = "landscape"
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for number, column in enumerate(sheet.columns, start=1):
        made.column_dimensions[get_column_letter(number)].width = column.width
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
