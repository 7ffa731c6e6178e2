"""Read workbooks the way their readers do, and look at what is inside."""

from __future__ import annotations

import zipfile
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet


def opened(content: bytes) -> Workbook:
    """Return a workbook from its bytes."""
    return load_workbook(BytesIO(content))


def table(sheet: Worksheet) -> list[dict[str, str]]:
    """Return the rows below the filtered head, by the titles of their columns; empty cells are empty text."""
    filtered = sheet[str(sheet.auto_filter.ref)]
    rows = [["" if cell.value is None else str(cell.value) for cell in row] for row in filtered]
    head, *body = rows
    return [dict(zip(head, row, strict=True)) for row in body]


def parts(content: bytes) -> dict[str, str]:
    """Return the XML parts of a workbook by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
