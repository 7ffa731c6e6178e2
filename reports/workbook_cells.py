"""Cells of workbooks: what a spreadsheet keeps of a value, and how it looks. Pure.

Texts are stored as texts whatever they begin with, marked as such for the programs that open them, with
hidden characters shown.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from reports.visible import shown_block
from reports.words import truncated

LONGEST_CELL = 32_767
"""UTF-16 units that a cell holds."""

_LARGEST_EXACT = 10**15
_LEAP_ERROR = date(1900, 3, 1)
"""Spreadsheets count a 29 February 1900; days before are written as text."""

_TEXT, _DAY, _MOMENT, _PERCENT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage (0 to 100), stored as a number that a spreadsheet shows as the pages show it: cut off."""

    value: float


class Tint(StrEnum):
    """Colours behind a cell; its text says the same."""

    NONE = "none"
    CALM = "E3F1E6"
    SLIGHT = "FDF3D8"
    CLEAR = "FBE0BF"
    STRONG = "F6C6B0"
    WORST = "EFA79E"


@dataclass(frozen=True, slots=True)
class Tinted:
    """A value with a colour behind it."""

    value: str | int | float | date | Percentage | None
    tint: Tint


Cell = str | int | float | date | Percentage | Tinted | None
"""Moments (`datetime`) are local, without a zone: a spreadsheet knows none."""
Look = Any
"""A style of openpyxl that cells of one sheet share."""


class Looks:
    """The few styles of a sheet, made once and shared by its cells."""

    def __init__(self, made: Worksheet):
        self._made = made
        self._tinted: dict[tuple[str, Tint], Look] = {}
        self.line = self._look(_TEXT, Alignment())
        self.head = self._look(_TEXT, _HEAD, bold=True, fill="D9E2EC")

    def of(self, number_format: str, tint: Tint = Tint.NONE) -> Look:
        """Return the style of a cell below the head."""
        key = number_format, tint
        if key not in self._tinted:
            fill = "" if tint is Tint.NONE else tint.value
            self._tinted[key] = self._look(number_format, _TOP, fill=fill)
        return self._tinted[key]

    def _look(self, number_format: str, alignment: Alignment, *, bold: bool = False, fill: str = "") -> Look:
        cell: Any = self._made.cell(1, 1)
        before = cell._style
        cell.number_format, cell.alignment = number_format, alignment
        cell.quotePrefix = number_format == _TEXT
        if bold:
            cell.font = Font(bold=True)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        look, cell._style = cell._style, type(before)()
        return look


_TOP = Alignment(wrap_text=True, vertical="top")
_HEAD = Alignment(wrap_text=True, vertical="center")


def write_value(cell: Any, value: Cell, looks: Looks, *, holds_days: bool = False) -> None:
    """Put a value into a cell as what it is, where a spreadsheet keeps that exactly; else as text."""
    value, tint = (value.value, value.tint) if isinstance(value, Tinted) else (value, Tint.NONE)
    if value is None:
        cell._style = looks.of(_DAY if holds_days else _TEXT, tint)
        return
    number_format, kept = _stored(value)
    if number_format == _TEXT:
        write_text(cell, str(kept), looks.of(_TEXT, tint))
    else:
        cell.value, cell._style = kept, looks.of(number_format, tint)


def _stored(value: str | float | date | Percentage) -> tuple[str, str | float | date]:
    """Return the format of a value and what is stored of it."""
    if isinstance(value, Percentage):
        return (_PERCENT, float(truncated(value.value) / 100)) if math.isfinite(value.value) else (_TEXT, "")
    if isinstance(value, datetime):
        return (_MOMENT if value.date() > _LEAP_ERROR else _TEXT), value.replace(tzinfo=None)
    if isinstance(value, date) and value > _LEAP_ERROR:
        return _DAY, value
    if isinstance(value, int | float) and _fits_a_number(value):
        return "General", value
    return _TEXT, str(value)


def _fits_a_number(value: float) -> bool:
    """Return whether a spreadsheet keeps the number exactly: it has fifteen digits and no infinity."""
    return not isinstance(value, bool) and math.isfinite(value) and abs(value) < _LARGEST_EXACT


def write_text(cell: Any, text: str, look: Look) -> None:
    """Put a text into a cell as a text."""
    cell.value = _cell_text(text)
    # After the value: openpyxl takes what begins with "=" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    cell._style = look


def cell_text(text: str) -> str:
    """Return what a cell shows of a text: line feeds kept, hidden characters shown, cut where a cell ends."""
    visible = shown_block(text.replace("\r\n", "\n"))
    if _fits(visible):
        return visible
    return visible.encode("utf-16-le")[: (LONGEST_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _cell_text(text: str) -> str:
    r"""Return the text as it is stored: what looks like an escape (`_x0041_`) is kept from becoming one."""
    visible = cell_text(text)
    stored = _ESCAPE.sub("_x005F_", visible)
    # The marks count as well; a text made of nothing but such looks is cut in half.
    return stored if _fits(stored) else _ESCAPE.sub("_x005F_", visible[: LONGEST_CELL // 2])


def _fits(text: str) -> bool:
    # Asked of every cell: no character takes more than two units.
    return 2 * len(text) <= LONGEST_CELL or len(text) + sum(one > "\uffff" for one in text) <= LONGEST_CELL
