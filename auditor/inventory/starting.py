"""The files that an organisation starts with."""

from __future__ import annotations

from importlib import resources

from auditor.documents.schema import schema_text
from auditor.inventory.schema import inventory_schema


def starting_files() -> dict[str, str]:
    """Return file name → text: a commented inventory.yaml that loads, and its schema for editors."""
    template = resources.files("auditor.inventory") / "templates" / "inventory.yaml"
    return {
        "inventory.yaml": template.read_text(encoding="utf-8"),
        "inventory.schema.json": schema_text(inventory_schema()),
    }
