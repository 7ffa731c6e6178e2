"""Read a questionnaire that came back, as a workbook or as YAML, into entries that know where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.documents.schema import make_schema
from auditor.documents.shape import match_shape, nearest
from auditor.documents.workbook import Cell, Sheet, read_workbook
from auditor.documents.workbook_parts import column_name
from auditor.model.document import Document, DocumentError, parse_document
from auditor.model.plain_text import show
from auditor.model.problem import Problem
from auditor.usecases.attest_rulebook import Entry
from auditor.usecases.questionnaire_fields import BY_KEY, FIELDS, SHEETS
from auditor.usecases.questionnaire_shape import QuestionnaireShape, RowShape

_REQUIRED = ("edition", "opd", "control")
_TITLES = {title.casefold(): field.key for field in FIELDS for title in field.title.values()}


def read_questionnaire(data: bytes, path: Path) -> tuple[Entry, ...]:
    """Return the entries of a questionnaire; raise DocumentError with every problem of its form."""
    match path.suffix.lower():
        case ".xlsx":
            return _from_workbook(data, str(path))
        case ".yaml" | ".yml":
            return _from_yaml(parse_document(data, str(path)))
    raise DocumentError([Problem(str(path), 0, 0, "neither .xlsx nor .yaml; save it as one of both")])


def questionnaire_schema() -> dict[str, Any]:
    """Return the JSON Schema of the YAML form."""
    return make_schema(QuestionnaireShape, "Tilik questionnaire")


def _from_yaml(document: Document) -> tuple[Entry, ...]:
    shape, problems = match_shape(QuestionnaireShape, document.data, document)
    if shape is None:
        raise DocumentError(problems)
    top = {"edition": shape.edition, "opd": shape.opd, "log_entry": shape.log_entry}
    return tuple(_yaml_entry(row, top, number, document) for number, row in enumerate(shape.controls))


def _yaml_entry(row: RowShape, top: Mapping[str, str], number: int, document: Document) -> Entry:
    def locate(key: str, message: str) -> Problem:
        path = (key,) if key in top else ("controls", number, key)
        return document.problem(path, message)

    texts = {**top, **{key: value for key, value in row if isinstance(value, str) and not BY_KEY[key].told}}
    lists = {field.key: tuple(getattr(row, field.key)) for field in FIELDS if field.lines}
    if row.applicable is not None:
        texts["applicable"] = "ya" if row.applicable else "tidak"
    return Entry({**texts, "bases": ",".join(row.bases)}, lists, locate)


def _from_workbook(data: bytes, file: str) -> tuple[Entry, ...]:
    sheets = read_workbook(data, file, wanted=SHEETS.values())
    if not sheets:
        names = " or ".join(sorted(SHEETS.values()))
        message = f"no sheet is called {names}; give the one with the answers that name"
        raise DocumentError([Problem(file, 0, 0, message)])
    problems: list[Problem] = []
    entries = [entry for sheet in sheets for entry in _sheet_entries(sheet, file, problems)]
    if problems:
        raise DocumentError(problems)
    return tuple(entries)


def _sheet_entries(sheet: Sheet, file: str, problems: list[Problem]) -> Iterator[Entry]:
    head = next((number for number, row in enumerate(sheet.rows) if _is_head(row)), None)
    if head is None:
        titles = ", ".join(BY_KEY[key].title["id"] for key in _REQUIRED)
        message = f"sheet {show(sheet.name)} has no row with the titles {titles}; start from an export"
        problems.append(Problem(file, 0, 0, message))
        return
    keys = dict(_columns(sheet.rows[head], file, problems))
    stray = set(keys)
    for row in sheet.rows[head + 1 :]:
        for cell in row:
            if cell.column not in stray:
                stray.add(cell.column)
                problems.append(
                    _at(cell, file, "stands under no title; remove this column, or write its title")
                )
        yield _sheet_entry(row, keys, file)


def _is_head(row: Sequence[Cell]) -> bool:
    keys = {_TITLES.get(_plain(cell.text)) for cell in row}
    return keys.issuperset(_REQUIRED)


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()


def _columns(head: Sequence[Cell], file: str, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """Yield column and key of every title, complaining of those that are unknown or there twice."""
    seen: set[str] = set()
    for cell in head:
        key = _TITLES.get(_plain(cell.text))
        if key is None:
            near = (
                nearest(_plain(cell.text), _TITLES)
                or "remove this column; notes of your own fit on another sheet"
            )
            problems.append(_at(cell, file, f"{show(cell.text)} is no title of a column; {near}"))
        elif key in seen:
            problems.append(_at(cell, file, f"{show(cell.text)} is there twice; remove one of both"))
        yield cell.column, key or ""
        seen.add(key or "")


def _sheet_entry(row: Sequence[Cell], keys: Mapping[int, str], file: str) -> Entry:
    written = {keys.get(cell.column, ""): cell.text.strip() for cell in row}
    kept = {key: text for key, text in written.items() if key and text and not BY_KEY[key].told}
    lists = {
        key: tuple(line.strip() for line in text.split("\n") if line.strip())
        for key, text in kept.items()
        if BY_KEY[key].lines
    }
    texts = {key: text for key, text in kept.items() if key not in lists}
    return Entry(texts, lists, _locator(row[0].row, {key: column for column, key in keys.items()}, file))


def _locator(row: int, columns: Mapping[str, int], file: str) -> Callable[[str, str], Problem]:
    def locate(key: str, message: str) -> Problem:
        column = columns.get(key, columns["control"])
        return Problem(file, row, column, f"{column_name(column)}{row}: {message}")

    return locate


def _at(cell: Cell, file: str, message: str) -> Problem:
    return Problem(file, cell.row, cell.column, f"{cell.name}: {message}")
