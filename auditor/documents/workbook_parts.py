"""The parts of a workbook that a reader of texts needs: sheets, shared texts, day formats, cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auditor.documents.workbook_xml import LONGEST_CELL, UnfitXml, plain_text

_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_SERIAL = re.compile(r"[0-9]{1,7}(\.[0-9]{1,20})?")
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")
_SMALL_INDEX = re.compile("[0-9]{1,9}")
_DAY_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The built-in formats of days and times (ECMA-376, 18.8.30)."""
_MOST_TEXT = 10_000_000
"""Characters of all cells together: one long text can be named by many cells."""


def column_name(column: int) -> str:
    """Return the letters of a column counted from 1: 5 is E, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty: what it says as text, and its row and column counted from 1."""

    row: int
    column: int
    text: str

    @property
    def name(self) -> str:
        """Return what people call it, such as E12."""
        return f"{column_name(self.column)}{self.row}"


class BookPart:
    """Reads `xl/workbook.xml`: names of the sheets with their relations, and the first day it counts from."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.counts_from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a sheet, or how days are counted."""
        if name == "sheet":
            self.sheets.append((plain_text(attributes.get("name", "")), attributes.get("id", "")))
        elif name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in ("1", "true")

    def end(self, name: str) -> None:
        """Do nothing: everything stands in attributes."""

    def text(self, text: str) -> None:
        """Do nothing: everything stands in attributes."""


class RelationsPart:
    """Reads which part a relation leads to, and refuses what leads outside."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a relation."""
        if name != "Relationship":
            return
        if attributes.get("TargetMode") == "External":
            raise UnfitXml("leads to something outside of the workbook")
        target = attributes.get("Target", "")
        path = target[1:] if target.startswith("/") else f"xl/{target}"
        self.targets[attributes.get("Id", "")] = path
        self.kinds[attributes.get("Type", "").rpartition("/")[2]] = path

    def end(self, name: str) -> None:
        """Do nothing: everything stands in attributes."""

    def text(self, text: str) -> None:
        """Do nothing: everything stands in attributes."""


class StylesPart:
    """Reads which cell styles show a number as a day or a time."""

    def __init__(self) -> None:
        self.day_styles: set[int] = set()
        self._custom: set[int] = set()
        self._styles = 0
        self._in_cell_styles = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a format, or a style of cells."""
        if name == "numFmt" and _shows_a_day(attributes.get("formatCode", "")):
            self._custom.add(_index(attributes.get("numFmtId")))
        elif name == "cellXfs":
            self._in_cell_styles = True
        elif name == "xf" and self._in_cell_styles:
            number_format = _index(attributes.get("numFmtId", "0"))
            if number_format in _DAY_FORMATS or number_format in self._custom:
                self.day_styles.add(self._styles)
            self._styles += 1

    def end(self, name: str) -> None:
        """Leave the styles of cells."""
        if name == "cellXfs":
            self._in_cell_styles = False

    def text(self, text: str) -> None:
        """Do nothing: everything stands in attributes."""


def _shows_a_day(code: str) -> bool:
    bare = re.sub(r'"[^"]{0,255}"|\[[^\]]{0,255}\]|\\.|_.|\*.', "", code[:1_000])
    return bool(re.search("[dmyhs]", bare, re.IGNORECASE)) and bare.casefold() != "general"


@dataclass
class _Text:
    """Puts a text together from its runs, leaving out phonetic guides."""

    pieces: list[str] = field(default_factory=list)
    characters: int = 0
    taking: bool = False
    phonetic: bool = False

    def start(self, name: str) -> None:
        self.phonetic = self.phonetic or name == "rPh"
        self.taking = name == "t" and not self.phonetic

    def end(self, name: str) -> None:
        self.phonetic = self.phonetic and name != "rPh"
        self.taking = False

    def add(self, text: str) -> None:
        self.characters += len(text)
        # Each character may be written as an escape of seven.
        if self.characters > LONGEST_CELL * 7:
            raise UnfitXml("holds a text that is longer than any cell")
        self.pieces.append(text)

    def take(self) -> str:
        whole = "".join(self.pieces)
        self.pieces, self.characters = [], 0
        return whole


class StringsPart:
    """Reads the texts that cells share."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._text = _Text()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a run of text."""
        del attributes
        self._text.start(name)

    def end(self, name: str) -> None:
        """End a run, or the whole text."""
        self._text.end(name)
        if name == "si":
            self.strings.append(plain_text(self._text.take()))

    def text(self, text: str) -> None:
        """Take a piece of a run."""
        if self._text.taking:
            self._text.add(text)


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the cells of a workbook refer to."""

    strings: Sequence[str]
    day_styles: frozenset[int]
    counts_from_1904: bool


class SheetPart:
    """Reads the cells of one sheet; notes merged cells and formulas by the cell that they stand in."""

    def __init__(self, meanings: Meanings, maximum_rows: int, maximum_columns: int):
        self.cells: list[Cell] = []
        self.formulas: list[tuple[int, int]] = []
        self.merged: list[tuple[int, int]] = []
        self.too_far: tuple[int, int] | None = None
        self._meanings = meanings
        self._maximum = maximum_rows, maximum_columns
        self._row = self._column = 0
        self._kind = ""
        self._style = 0
        self._text = _Text()
        self._in_value = False
        self._characters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell or its content."""
        if name == "row":
            self._row = _index(attributes.get("r", str(self._row + 1)))
            self._column = 0
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "f":
            self.formulas.append((self._row, self._column))
        elif name == "mergeCell":
            self.merged.append(_place(attributes.get("ref", "").partition(":")[0]))
        else:
            self._text.start(name)
            self._in_value = name == "v"

    def end(self, name: str) -> None:
        """End a cell or a part of it."""
        self._in_value = False
        self._text.end(name)
        if name == "c":
            self._end_cell()

    def text(self, text: str) -> None:
        """Take a piece of a cell's content."""
        if self._in_value or self._text.taking:
            self._text.add(text)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._row, self._column = _place(attributes["r"])
        else:
            self._column += 1
            if not self._row:
                raise UnfitXml("names a cell that cannot be")
        self._kind = attributes.get("t", "n")
        self._style = _index(attributes.get("s", "0"))
        self._text.take()

    def _end_cell(self) -> None:
        text = self._meaning(self._text.take())
        if not text:
            return
        rows, columns = self._maximum
        if self._row > rows or self._column > columns:
            self.too_far = self.too_far or (self._row, self._column)
            return
        self._characters += len(text)
        if len(self.cells) >= rows * columns or self._characters > _MOST_TEXT:
            raise UnfitXml("holds far too much text")
        self.cells.append(Cell(self._row, self._column, text))

    def _meaning(self, stored: str) -> str:
        match self._kind:
            case "s":
                number = _index(stored.strip() or "0")
                if number >= len(self._meanings.strings):
                    raise UnfitXml("refers to a text that is not there")
                return self._meanings.strings[number]
            case "b":
                return "true" if stored.strip() == "1" else "false" if stored else ""
            case "d":
                return stored.strip().removesuffix("T00:00:00")
            case "n":
                return self._number(stored.strip())
            case _:
                return plain_text(stored)

    def _number(self, written: str) -> str:
        if self._style in self._meanings.day_styles and _SERIAL.fullmatch(written):
            return _day(float(written), self._meanings.counts_from_1904) or written
        whole = _WHOLE.fullmatch(written)
        return whole[1] if whole else written


def _day(serial: float, counts_from_1904: bool) -> str:
    """Return the ISO form of a day or moment as spreadsheets count it, or an empty text when it is none."""
    # Spreadsheets count a 29 February 1900, so that days before March 1900 are off by one.
    first = datetime(1904, 1, 1) if counts_from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - local days
    try:
        moment = first + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return ""
    if serial < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if serial == int(serial) else moment.isoformat()


def _index(written: str | None) -> int:
    if written is None or not _SMALL_INDEX.fullmatch(written):
        raise UnfitXml("holds a number where none can be")
    return int(written)


def _place(reference: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise UnfitXml("names a cell that cannot be")
    return int(found[2]), _column_number(found[1])
