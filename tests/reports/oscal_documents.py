"""Read OSCAL documents the way other tools do: by NIST's schema, and by what refers to what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from auditor.model.report import ReportData
from reports.formats.oscal import render

FIXTURES = Path(__file__).parents[1] / "fixtures" / "oscal"
_SCHEMAS = {
    "assessment-results": "oscal_assessment-results_schema.json",
    "plan-of-action-and-milestones": "oscal_poam_schema.json",
}
# Letters and digits of any script, which Python's `re` spells in another way than ECMA-262.
_SPELLINGS = ((r"\p{L}", r"[^\W\d_]"), (r"\p{N}", r"\d"))


def documents(data: ReportData, language: str = "id", edition: str = "2022") -> dict[str, Any]:
    """Return name → document of every OPD."""
    return {file.name: json.loads(file.content) for file in render(data, None, language, edition)}


def results_of(data: ReportData, opd: str, edition: str = "2022", language: str = "id") -> Any:
    files = {file.name: file for file in render(data, opd, language, edition)}
    name = next(name for name in files if "hasil" in name or "results" in name)
    return json.loads(files[name].content)["assessment-results"]


def plan_of(data: ReportData, opd: str, edition: str = "2022") -> Any:
    files = {file.name: file for file in render(data, opd, "id", edition)}
    return json.loads(files[f"oscal-rencana-tindak-{opd}.json"].content)["plan-of-action-and-milestones"]


@cache
def validator(model: str) -> Draft7Validator:
    return Draft7Validator(_respelled(json.loads((FIXTURES / _SCHEMAS[model]).read_text(encoding="utf-8"))))


def _respelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pattern(one) if key == "pattern" else _respelled(one) for key, one in value.items()}
    return [_respelled(one) for one in value] if isinstance(value, list) else value


def _pattern(value: Any) -> Any:
    if not isinstance(value, str):
        return _respelled(value)
    for theirs, ours in _SPELLINGS:
        value = value.replace(theirs, ours)
    return value


def faults(document: Any) -> list[str]:
    """Return where a document is not what NIST's schema wants."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator(next(iter(document))).iter_errors(document)
    ]


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key with its value, at any depth."""
    yield key, value
    if isinstance(value, dict):
        for name, one in value.items():
            yield from walk(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one, key)


def prop(holder: Any, name: str) -> str:
    """Return the one value of a property."""
    (value,) = props(holder, name)
    return value


def props(holder: Any, name: str) -> list[str]:
    return [one["value"] for one in holder.get("props", ()) if one["name"] == name]
