"""JSON Schemas for editors, made from the models that files are checked with."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def make_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a model, with a title for editors instead of names from the code."""
    schema = {"$schema": DIALECT, **model.model_json_schema(), "title": title}
    without_titles: dict[str, Any] = _drop_titles(schema)
    return {**without_titles, "title": title}


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _drop_titles(node: Any) -> Any:
    if isinstance(node, list):
        return [_drop_titles(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    # A property may itself be called title; only the keyword is a text.
    kept = {key: value for key, value in node.items() if key != "title" or not isinstance(value, str)}
    return {key: _drop_titles(value) for key, value in kept.items()}
