"""The published JSON Schemas of scorecard, summary and listed findings, made from the contract itself."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from auditor.documents.schema import DIALECT
from reports.finding_shape import FindingShape
from reports.shapes import CardShape, SummaryShape


def card_schema() -> dict[str, Any]:
    """Return the JSON Schema of `kartu-skor-<opd>.json`."""
    return _schema(TypeAdapter(CardShape), "Scorecard of an OPD")


def summary_schema() -> dict[str, Any]:
    """Return the JSON Schema of `ringkasan-pimpinan.json`."""
    return _schema(TypeAdapter(SummaryShape), "Leadership summary")


def findings_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `auditor findings list --format json` prints."""
    return _schema(TypeAdapter(list[FindingShape]), "List of findings")


def _schema(contract: TypeAdapter[Any], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, **contract.json_schema(), "title": title}
