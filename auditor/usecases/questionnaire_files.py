"""Write a questionnaire as a workbook or as YAML. Both carry the same, and both can be taken in again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from auditor.model.attestation import Answer, Basis
from auditor.usecases.attest_words import EVERYBODY
from auditor.usecases.questionnaire import Questionnaire, Row, Value
from auditor.usecases.questionnaire_fields import FIELDS, SHEETS, Field, spoken
from auditor.usecases.questionnaire_help import HELP, HELP_SHEETS, YAML_HELP
from reports.statement.labels import ANSWERS, APPLIES, BASES
from reports.statement.lines import Applies
from reports.workbook import Cell, Column, Sheet, write_workbook

_TOP = ("edition", "opd", "log_entry")
"""Keys that YAML holds once for all rows."""
_FROZEN = 3


def write_xlsx(questionnaire: Questionnaire) -> bytes:
    """Return a workbook: a sheet to fill in, and one that explains how."""
    language = questionnaire.language
    answers = Sheet(
        SHEETS[language],
        tuple(_column(field, language) for field in FIELDS),
        [[_cell(row.get(field.key), language) for field in FIELDS] for row in questionnaire.rows],
        above=(questionnaire.heading,),
        frozen_columns=_FROZEN,
    )
    explained = Sheet(
        HELP_SHEETS[language], (Column(HELP_SHEETS[language], 120),), [[line] for line in HELP[language]]
    )
    return write_workbook([answers, explained])


def _column(field: Field, language: str) -> Column:
    choices = tuple(spoken(choice, language) for choice in field.choices)
    return Column(field.title[language], field.width, choices, holds_days=field.day)


def _cell(value: Value, language: str) -> Cell:
    match value:
        case bool():
            return spoken(APPLIES[Applies.YES if value else Applies.NO], language)
        case Answer():
            return spoken(ANSWERS[value], language)
        case tuple():
            bases = [spoken(BASES[one], language) for one in value if isinstance(one, Basis)]
            return ", ".join(bases) or "\n".join(value) or None
        case _:
            return value or None


def write_yaml(questionnaire: Questionnaire) -> bytes:
    """Return the questionnaire as YAML text: keys in English, the empty ones included to be filled in."""
    subject = questionnaire.subject
    lines = [
        f"# {questionnaire.heading}",
        *(f"# {line}" for line in YAML_HELP[questionnaire.language]),
        "version: 1",
        f"edition: {_quoted(subject.edition)}",
        f"opd: {_quoted(subject.opd or EVERYBODY)}",
        f"log_entry: {_quoted(questionnaire.mark)}",
        "controls:",
        *(line for row in questionnaire.rows for line in _yaml_row(row)),
    ]
    return ("\n".join(lines) + "\n").encode()


def _yaml_row(row: Row) -> Iterator[str]:
    mark = "  - "
    for field in FIELDS:
        if field.key not in _TOP:
            yield from _yaml_value(f"{mark}{field.key}:", row.get(field.key), field)
            mark = "    "


def _yaml_value(start: str, value: Value, field: Field) -> Iterator[str]:
    listed = field.lines or field.key == "bases"
    if isinstance(value, bool) or field.key == "applicable":
        yield f"{start} {json.dumps(value)}"
    elif isinstance(value, tuple) and value:
        yield start
        yield from (f"      - {_quoted(str(one))}" for one in value)
    elif listed:
        yield f"{start} []"
    elif isinstance(value, str) and "\n" in value:
        yield f"{start} |-"
        yield from (f"      {line}" if line else "" for line in value.split("\n"))
    else:
        yield f"{start} {_quoted(value.isoformat() if isinstance(value, date) else str(value or ''))}"


def _quoted(text: str) -> str:
    """Return a text as YAML takes it whatever is in it: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)
