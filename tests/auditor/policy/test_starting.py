"""What an organisation starts with, and what its editor knows."""

from __future__ import annotations

from pathlib import Path

from auditor.documents.schema import schema_text
from auditor.policy.loading import load_policy
from auditor.policy.schema import policy_schema
from auditor.policy.starting import starting_files

PACKAGE = Path(__file__).resolve().parents[3] / "auditor" / "policy"


def test_the_first_policy_loads_and_chooses_as_the_default_does(tmp_path: Path) -> None:
    for name, text in starting_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load_policy(tmp_path / "policies.yaml") == load_policy()


def test_the_first_policy_names_the_schema_beside_it() -> None:
    files = starting_files()
    assert files["policies.yaml"].splitlines()[0] == "# yaml-language-server: $schema=policy.schema.json"
    assert "policy.schema.json" in files


def test_the_schema_file_is_current() -> None:
    written = (PACKAGE / "policy.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(policy_schema()), "run scripts/write-schemas"


def test_the_schema_lets_everything_be_left_out_but_parts_of_a_band() -> None:
    schema = policy_schema()
    assert "required" not in schema
    requiring = {name for name, definition in schema["$defs"].items() if "required" in definition}
    assert requiring == {"BandShape"}
