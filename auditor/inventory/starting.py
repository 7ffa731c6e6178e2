"""The files that an organisation starts with."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources

from auditor.documents.schema import schema_text
from auditor.inventory.schema import inventory_schema

_DAYS = "{from: 2026-01-01, until: 2026-12-31}"


def starting_files(today: date | None = None) -> dict[str, str]:
    """Return file name → text: a commented inventory.yaml that loads, and its schema for editors.

    With `today`, the assignment in it holds for one year from then on, so that the example works when it
    is tried.
    """
    template = resources.files("auditor.inventory") / "templates" / "inventory.yaml"
    text = template.read_text(encoding="utf-8")
    if today is not None:
        text = text.replace(_DAYS, f"{{from: {today}, until: {today + timedelta(days=364)}}}")
    return {
        "inventory.yaml": text,
        "inventory.schema.json": schema_text(inventory_schema()),
    }
