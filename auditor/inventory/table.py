"""Read a CSV table in which every cell knows its line and column.

Stricter than the csv module, which takes NUL, line breaks inside quotes and unbalanced quotes without a
word: one line is one row, and `,` or `;` separate, as the first line shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.document import DocumentError, Problem, decode_text
from auditor.model.plain_text import find_hidden, name_character

MAXIMUM_CELL = 1_000

_QUOTED = re.compile(r' *"((?:[^"]|"")*)" *')


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it begins, counted from 1."""

    text: str
    line: int
    column: int


Row = tuple[Cell, ...]


def read_table(data: bytes, label: str) -> tuple[Row, ...]:
    """Return every line that holds more than delimiters as its cells; raise DocumentError with every problem.

    `label` names the table in messages.
    """
    lines = re.split("\r\n|\r|\n", decode_text(data, label))
    header = next((line for line in lines if line.strip()), "")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        offset = find_hidden(line)
        if offset is not None:
            message = f"hidden character {name_character(line[offset])}; delete it"
            problems.append(Problem(label, number, offset + 1, message))
        elif line.strip(f"{delimiter} \t"):  # a spreadsheet writes an emptied row as delimiters alone
            try:
                rows.append(tuple(_cells(line, number, delimiter)))
            except _BadCell as error:
                problems.append(Problem(label, number, error.column, str(error)))
    if not rows and not problems:
        problems.append(
            Problem(label, 1, 1, "an empty table; write a first line with the names of the columns")
        )
    if problems:
        raise DocumentError(problems)
    return tuple(rows)


class _BadCell(Exception):
    def __init__(self, column: int, message: str) -> None:
        self.column = column
        super().__init__(message)


def _cells(line: str, number: int, delimiter: str) -> Iterator[Cell]:
    start = 0
    while True:
        text, end = _cell(line, start, delimiter)
        if len(text) > MAXIMUM_CELL:
            raise _BadCell(start + 1, f"a cell of {len(text)} characters; write at most {MAXIMUM_CELL}")
        yield Cell(text.strip(), number, start + 1)
        if end == len(line):
            return
        start = end + 1


def _cell(line: str, start: int, delimiter: str) -> tuple[str, int]:
    """Return the cell that begins at an offset, and the offset of the delimiter (or line end) after it."""
    quoted = _QUOTED.match(line, start)
    if quoted:
        if quoted.end() < len(line) and line[quoted.end()] != delimiter:
            raise _BadCell(
                quoted.end() + 1, 'text after a closing quote; double the quotes that are meant: ""'
            )
        return quoted[1].replace('""', '"'), quoted.end()
    end = line.find(delimiter, start)
    end = len(line) if end < 0 else end
    text = line[start:end]
    quote = text.find('"')
    if text.lstrip().startswith('"'):
        raise _BadCell(
            start + quote + 1, "this quote is not closed on its line; close it, and keep a row on one line"
        )
    if quote >= 0:
        raise _BadCell(
            start + quote + 1, 'a quote inside a cell; put the cell in quotes and double this one: ""'
        )
    return text, end
