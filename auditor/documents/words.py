"""Small written forms that both files use: ids, single lines of text, days."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from auditor.model.plain_text import show

MAXIMUM_LINE = 300

_ID = re.compile("[a-z0-9][a-z0-9-]{0,62}")


def check_id(text: str) -> str:
    """Return the id, or raise ValueError with the nearest text that is one."""
    if _ID.fullmatch(text):
        return text
    near = re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:63].strip("-")
    hint = f"write {near}" if near else "write for example dinkes-web-01"
    return _refuse(f"{show(text)} is not an id of 1 to 63 small letters, digits and hyphens; {hint}")


def check_line(text: str) -> str:
    """Return a text of one line without blanks around it, or raise ValueError."""
    if not text.strip():
        return _refuse("an empty text; write something or remove the key")
    if text != text.strip() or re.search(r"[\n\r\t]", text):
        return _refuse(
            f"{show(text)} holds a line break, a tab or blanks around it; write one line without them"
        )
    if len(text) > MAXIMUM_LINE:
        return _refuse(f"a text of {len(text)} characters; write at most {MAXIMUM_LINE}")
    return text


def parse_day(written: object) -> date:
    """Return the day written as year-month-day, or raise ValueError."""
    if not isinstance(written, str):
        raise PydanticKnownError("date_type")
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise ValueError(
                f"{show(written)} is no day of the calendar; write one such as 2026-11-30"
            ) from None
    raise ValueError(f"{show(written)} is no day; write year-month-day, such as 2026-11-30")


def _refuse(message: str) -> str:
    raise ValueError(message)


Id = Annotated[str, AfterValidator(check_id), Field(json_schema_extra={"pattern": f"^{_ID.pattern}$"})]
Line = Annotated[str, AfterValidator(check_line), Field(json_schema_extra={"maxLength": MAXIMUM_LINE})]
Day = Annotated[date, PlainValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
