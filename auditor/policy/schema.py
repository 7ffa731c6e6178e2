"""The JSON Schema of policies.yaml, for editors."""

from __future__ import annotations

from typing import Any

from auditor.documents.schema import make_schema
from auditor.policy.shape import PolicyShape

_WHOLE = ("BandShape",)
"""Entries of lists are replaced as a whole, so nothing in them may be left out."""


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema of a policies.yaml in which everything may be left out to keep the default."""
    schema = make_schema(PolicyShape, "policies.yaml")
    schema.pop("required", None)
    for name, definition in schema["$defs"].items():
        if name not in _WHOLE:
            definition.pop("required", None)
    return schema
