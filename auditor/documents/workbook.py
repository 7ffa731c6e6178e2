"""Read the texts of a workbook (XLSX) that a stranger may have made: nothing in it is obeyed. Pure.

The file is limited before it is unpacked and while it is parsed, so that time and memory stay small. What
cannot be taken as it stands (formulas, merged cells, macros, links) is refused with its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from auditor.documents.workbook_archive import WorkbookArchive
from auditor.documents.workbook_parts import (
    BookPart,
    Cell,
    Meanings,
    RelationsPart,
    SheetPart,
    StringsPart,
    StylesPart,
    column_name,
)
from auditor.documents.workbook_xml import Handler, UnfitXml, parse_part
from auditor.model.document import DocumentError
from auditor.model.problem import Problem

__all__ = ["Cell", "Sheet", "read_workbook"]

MAXIMUM_ROWS = 5_000
MAXIMUM_COLUMNS = 100
MAXIMUM_SHEETS = 20

_MAXIMUM_PROBLEMS = 100
_BOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows from top to bottom, and in each its cells, both without the empty ones."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(data: bytes, file: str, wanted: Collection[str] | None = None) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook in its order, or only those with the `wanted` names.

    Days come as ISO text, numbers as they are written, truth values as true and false. Raise DocumentError
    when it is no harmless workbook, or with every formula and merged cell; `file` only names it in messages.
    """
    archive = WorkbookArchive(data, file)
    book, relations = BookPart(), RelationsPart()
    _read(archive, _BOOK, book)
    _read(archive, _RELATIONS, relations)
    if len(book.sheets) > MAXIMUM_SHEETS:
        raise archive.refusal(f"more than {MAXIMUM_SHEETS} sheets; remove what is not needed")
    meanings = _meanings(archive, book, relations)
    names = None if wanted is None else {name.casefold() for name in wanted}
    sheets, problems = [], []
    for name, relation in book.sheets:
        if names is None or name.casefold() in names:
            part = SheetPart(meanings, MAXIMUM_ROWS, MAXIMUM_COLUMNS)
            _read(archive, relations.targets.get(relation, name), part)
            problems += list(_problems(part, file))
            sheets.append(Sheet(name, _rows(part.cells)))
    if problems:
        raise DocumentError(problems[:_MAXIMUM_PROBLEMS])
    return tuple(sheets)


def _read(archive: WorkbookArchive, name: str, handler: Handler) -> None:
    content = archive.read(name)
    try:
        parse_part(content, handler)
    except UnfitXml as error:
        raise archive.refusal(
            f"its part {name} {error}; open it in a spreadsheet program and save it as .xlsx again"
        ) from None


def _meanings(archive: WorkbookArchive, book: BookPart, relations: RelationsPart) -> Meanings:
    strings, styles = StringsPart(), StylesPart()
    shared = relations.kinds.get("sharedStrings", "")
    if shared in archive:
        _read(archive, shared, strings)
    if _STYLES in archive:
        _read(archive, _STYLES, styles)
    return Meanings(strings.strings, frozenset(styles.day_styles), book.counts_from_1904)


def _problems(part: SheetPart, file: str) -> Iterator[Problem]:
    for (row, column), message in (
        *((place, "holds a formula; paste it as a value") for place in part.formulas),
        *((place, "is merged with others; unmerge the cells") for place in part.merged),
    ):
        yield Problem(file, row, column, f"{column_name(column)}{row} {message}")
    if part.too_far is not None:
        row, column = part.too_far
        yield Problem(
            file,
            row,
            column,
            f"{column_name(column)}{row} lies beyond {MAXIMUM_ROWS:,} rows and {MAXIMUM_COLUMNS} columns;"
            " empty the cells out there, or split the table",
        )


def _rows(cells: list[Cell]) -> tuple[tuple[Cell, ...], ...]:
    """Sort cells into rows; of a cell that is written twice the last one is what programs show."""
    rows: dict[int, dict[int, Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    return tuple(tuple(rows[row][column] for column in sorted(rows[row])) for row in sorted(rows))
