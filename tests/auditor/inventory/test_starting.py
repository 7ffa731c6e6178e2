"""What an organisation starts with, and what its editor knows."""

from __future__ import annotations

from pathlib import Path

from auditor.documents.schema import schema_text
from auditor.inventory.loading import load_inventory
from auditor.inventory.schema import inventory_schema
from auditor.inventory.shape import InventoryShape
from auditor.inventory.starting import starting_files

PACKAGE = Path(__file__).resolve().parents[3] / "auditor" / "inventory"


def test_the_first_inventory_loads(tmp_path: Path) -> None:
    for name, text in starting_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = load_inventory(tmp_path / "inventory.yaml")
    assert len(list(loaded.servers())) == 3


def test_the_first_inventory_names_the_schema_beside_it() -> None:
    files = starting_files()
    first = files["inventory.yaml"].splitlines()[0]
    assert first == "# yaml-language-server: $schema=inventory.schema.json"
    assert "inventory.schema.json" in files


def test_the_schema_file_is_current() -> None:
    written = (PACKAGE / "inventory.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(inventory_schema()), "run scripts/write-schemas"


def test_the_schema_is_closed_and_says_what_is_required() -> None:
    schema = inventory_schema()
    assert schema["required"] == ["version", "organization", "authorizations", "zones", "opds"]
    assert set(schema["properties"]) == set(InventoryShape.model_fields)
    for definition in schema["$defs"].values():
        assert definition["type"] == "string" or definition["additionalProperties"] is False
