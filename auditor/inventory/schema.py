"""The JSON Schema of inventory.yaml, for editors."""

from __future__ import annotations

from typing import Any

from auditor.documents.schema import make_schema
from auditor.inventory.shape import InventoryShape


def inventory_schema() -> dict[str, Any]:
    """Return the JSON Schema of inventory.yaml."""
    return make_schema(InventoryShape, "inventory.yaml")
