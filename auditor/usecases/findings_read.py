"""Read a table of findings that came back, as a workbook or as CSV. Only who mends what is read from it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from auditor.documents.workbook import MAXIMUM_SHEETS, read_workbook
from auditor.documents.workbook_parts import Cell, column_name
from auditor.model.acknowledgement import Acknowledgement
from auditor.model.document import DocumentError, decode_text
from auditor.model.plain_text import show
from auditor.model.problem import Problem
from auditor.usecases.acknowledge import Entry
from auditor.usecases.findings_table import EDITABLE, FIELDS, SHEETS
from reports.formats.csv import plain

_READ = ("id", *EDITABLE, "log_entry")
_TITLES = {
    word.casefold(): field.key
    for field in FIELDS
    if field.key in _READ
    for word in (field.key, *field.title.values())
}
_SHEETS = tuple(
    name if number == 1 else f"{name} {number}"
    for name in SHEETS.values()
    for number in range(1, MAXIMUM_SHEETS + 1)
)
_FIRST_COLUMN = 1
Cells = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it says, and the number of the last log entry when it was written, None without one."""

    entry: Entry
    log_entry: int | None

    @property
    def is_blank(self) -> bool:
        """Return whether nothing is filled in."""
        return not (self.entry.owner or self.entry.plan or self.entry.planned)

    def says(self, answer: Acknowledgement) -> bool:
        """Return whether it says what was answered already."""
        planned = answer.planned.isoformat() if answer.planned else ""
        written = (self.entry.owner, self.entry.plan, self.entry.planned)
        return written == (answer.owner, answer.plan, planned)


def read_findings(data: bytes, path: Path) -> tuple[Line, ...]:
    """Return the rows of a table; raise DocumentError with every problem of its form."""
    match path.suffix.lower():
        case ".xlsx":
            tables = [(one.name, one.rows) for one in read_workbook(data, str(path), wanted=_SHEETS)]
        case ".csv":
            tables = [("", tuple(_csv_rows(decode_text(data, str(path)), str(path))))]
        case _:
            raise DocumentError([Problem(str(path), 0, 0, "neither .xlsx nor .csv; save it as one of both")])
    if not tables:
        message = f"no sheet is called {' or '.join(sorted(SHEETS.values()))}; give it that name"
        raise DocumentError([Problem(str(path), 0, 0, message)])
    problems: list[Problem] = []
    lines = [line for name, rows in tables for line in _lines(name, rows, str(path), problems)]
    kept = _without_doubles(lines, problems)
    if problems:
        raise DocumentError(problems)
    return kept


def _csv_rows(text: str, file: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a CSV text, each cell with the line that its row begins on."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"this line is no CSV ({error}); close its quotes, or save the table again"
            raise DocumentError([Problem(file, line, 1, message)]) from None
        yield tuple(Cell(line, number, plain(one)) for number, one in enumerate(row, 1) if one.strip())


def _lines(name: str, rows: Sequence[Cells], file: str, problems: list[Problem]) -> Iterator[Line]:
    place = f"sheet {show(name)}" if name else "this file"
    head = next((number for number, row in enumerate(rows) if _is_head(row)), None)
    if head is None:
        titles = " or ".join(dict.fromkeys((FIELDS[0].key, *FIELDS[0].title.values())))
        message = f"{place} has no column {titles}; start from: auditor findings export"
        problems.append(Problem(file, 0, 0, message))
        return
    keys = _columns(rows[head], file, name, problems)
    for row in rows[head + 1 :]:
        if row:
            line = _line(row, keys, file, name, problems)
            if line is not None:
                yield line


def _key(cell: Cell) -> str:
    return _TITLES.get(" ".join(cell.text.split()).casefold(), "")


def _is_head(row: Cells) -> bool:
    return any(_key(cell) == "id" for cell in row)


def _columns(head: Cells, file: str, sheet: str, problems: list[Problem]) -> dict[int, str]:
    """Return column → key of what is read; other columns are the reader's own and left alone."""
    keys: dict[int, str] = {}
    for cell in head:
        key = _key(cell)
        if key in keys.values():
            message = f"{show(cell.text)} is there twice; remove one of both"
            problems.append(_problem(file, sheet, cell.row, cell.column, message))
        elif key:
            keys[cell.column] = key
    for key in EDITABLE[:2]:
        if key not in keys.values():
            field = next(one for one in FIELDS if one.key == key)
            message = f"there is no column {field.title['id']} or {key}; add it, or export again"
            problems.append(_problem(file, sheet, head[0].row, _FIRST_COLUMN, message))
    return keys


def _line(row: Cells, keys: Mapping[int, str], file: str, sheet: str, problems: list[Problem]) -> Line | None:
    texts = {keys[cell.column]: " ".join(cell.text.split()) for cell in row if cell.column in keys}
    locate = _locator(row[0].row, {key: column for column, key in keys.items()}, file, sheet)
    owner, plan, planned = (texts.get(key, "") for key in EDITABLE)
    entry = Entry(texts.get("id", ""), owner, plan, planned, locate)
    line = Line(entry, None)
    mark = texts.get("log_entry", "")
    if mark and not (mark.isascii() and mark.isdigit() and len(mark) < 10):
        problems.append(locate("log_entry", f"{show(mark)} is no entry of the log; leave it as it was"))
        return None
    if not entry.finding and not line.is_blank:
        problems.append(locate("finding", "which finding this is about is missing; write its id"))
    return Line(entry, int(mark) if mark else None) if entry.finding else None


def _locator(row: int, columns: Mapping[str, int], file: str, sheet: str) -> Callable[[str, str], Problem]:
    def locate(key: str, message: str) -> Problem:
        column = columns.get("id" if key == "finding" else key, columns["id"])
        return _problem(file, sheet, row, column, message)

    return locate


def _problem(file: str, sheet: str, row: int, column: int, message: str) -> Problem:
    where = f"{sheet}!{column_name(column)}{row}" if sheet else f"column {column}"
    return Problem(file, row, column, f"{where}: {message}")


def _without_doubles(lines: Sequence[Line], problems: list[Problem]) -> tuple[Line, ...]:
    """Return the lines, of equal ones about a finding the first; complain of those that differ."""
    kept: dict[str, Line] = {}
    for line in lines:
        first = kept.setdefault(line.entry.finding, line)
        if _content(first) != _content(line):
            where = first.entry.locate("finding", "").line
            problems.append(
                line.entry.locate("finding", f"line {where} says something else of it; keep one of both")
            )
    return tuple(kept.values())


def _content(line: Line) -> tuple[str, str, str]:
    return line.entry.owner, line.entry.plan, line.entry.planned
