"""The published JSON Schema of statements, made from the contract itself."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from auditor.documents.schema import DIALECT
from reports.statement.record import StatementRecord

CONTRACT: TypeAdapter[StatementRecord] = TypeAdapter(StatementRecord)


def statement_schema() -> dict[str, Any]:
    """Return the JSON Schema of a statement."""
    return {"$schema": DIALECT, **CONTRACT.json_schema(), "title": "Statement of applicability"}
