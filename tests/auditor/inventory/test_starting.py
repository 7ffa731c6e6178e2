"""What an organisation starts with, and what its editor knows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.documents.schema import schema_text
from auditor.inventory.advice import advise
from auditor.inventory.csv_import import import_servers
from auditor.inventory.loading import check_inventory, load_inventory
from auditor.inventory.schema import inventory_schema
from auditor.inventory.shape import InventoryShape
from auditor.inventory.starting import starting_files
from auditor.model.document import parse_document
from auditor.model.inventory import Kind
from auditor.policy.loading import load_policy

PACKAGE = Path(__file__).resolve().parents[3] / "auditor" / "inventory"


def test_the_first_inventory_loads(tmp_path: Path) -> None:
    for name, text in starting_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = load_inventory(tmp_path / "inventory.yaml")
    kinds = Counter(server.kind for server in loaded.servers())
    assert kinds == {Kind.SERVER: 3, Kind.DOMAIN: 1, Kind.ZONE: 2}
    assert loaded.server("diskominfo-hosting-01").name_owners == {"puskesmas.example.go.id": "dinkes"}


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 12, 31), date(2031, 1, 1)])
def test_the_first_inventory_can_be_tried_on_the_day_it_is_written(tmp_path: Path, today: date) -> None:
    (tmp_path / "inventory.yaml").write_text(starting_files(today)["inventory.yaml"], encoding="utf-8")
    loaded = load_inventory(tmp_path / "inventory.yaml")
    [authorization] = loaded.authorizations
    assert authorization.valid_from == today < authorization.valid_until < today + timedelta(days=366)
    assert advise(loaded, load_policy(), today) == ()


def test_the_first_inventory_takes_servers_from_a_table() -> None:
    text = starting_files()["inventory.yaml"]
    document = parse_document(text.encode(), "inventory.yaml")
    table = b"opd,id,zone,category,hostnames\ndisdik,disdik-web-01,lan,rendah,sd.example.go.id=dinkes\n"
    added = import_servers(table, "servers.csv", document)
    assert set(text.splitlines()) <= set(added.splitlines())
    again = parse_document(added.encode(), "inventory.yaml")
    loaded = check_inventory(again.data, again, again.digest)
    assert loaded.server("disdik-web-01").name_owners == {"sd.example.go.id": "dinkes"}


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
