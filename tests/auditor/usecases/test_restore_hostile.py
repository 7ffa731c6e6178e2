"""Backups that somebody changed and made whole again: nothing planted in them is ever restored."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.store.archive import Entry, Manifest, archive_bytes, entry_of
from auditor.store.workspace import open_workspace
from auditor.usecases.backup import backup
from auditor.usecases.errors import UsageProblem
from auditor.usecases.restore import restore
from tests.auditor.usecases.keeping import NOW, measured, problems
from tests.auditor.usecases.world import policy

FORGING = "CREATE TRIGGER t1 AFTER INSERT ON findings BEGIN UPDATE findings SET due='2099-01-01'; END"
ENDLESS = (
    "DROP TABLE alembic_version; CREATE VIEW alembic_version AS WITH RECURSIVE n(version_num) AS "
    "(SELECT 1 UNION ALL SELECT version_num + 1 FROM n) SELECT version_num FROM n"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a backup of a small workspace."""
    opened = open_workspace(tmp_path / "audits")
    measured(opened, 2, "first", "second")
    made = backup(opened, policy(), NOW, tmp_path / "backup.tar.gz")
    opened.engine.dispose()
    return made.path


def planted(archive: Path, script: str) -> Path:
    """Return a copy of a backup in whose database a script ran, every size and SHA-256 put right."""
    folder = archive.parent / "opened"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    with closing(sqlite3.connect(folder / "audit.db")) as connection:
        connection.executescript(script)
    listed: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    names = [one["name"] for one in listed["entries"]]
    places = {name: folder / name for name in names}
    entries: tuple[Entry, ...] = tuple(entry_of(name, places[name]) for name in names)
    heads = [listed[key] for key in ("made_at", "evidence", "evidence_head", "decisions", "decisions_head")]
    forged = archive.parent / "forged.tar.gz"
    forged.write_bytes(b"".join(archive_bytes(Manifest(*heads, entries), places)))
    return forged


def refused(archive: Path, *, damaged: bool = False) -> str:
    with pytest.raises(UsageProblem) as found:
        restore(archive, archive.parent / "again", damaged=damaged)
    assert not (archive.parent / "again").exists()
    return found.value.problem


def test_what_was_only_packed_again_is_restored(archive: Path) -> None:
    restore(planted(archive, "SELECT 1"), archive.parent / "again")
    assert problems(open_workspace(archive.parent / "again")) == []


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize(
    ("script", "told"),
    [
        (FORGING, "trigger t1 is none of ours"),
        ("CREATE VIEW v1 AS SELECT 1", "view v1 is none of ours"),
        (ENDLESS, "view alembic_version is none of ours"),
        ("CREATE VIRTUAL TABLE p1 USING fts5(x)", "table p1 is none of ours"),
    ],
)
def test_what_acts_by_itself_is_never_restored(archive: Path, script: str, told: str, damaged: bool) -> None:
    assert told in refused(planted(archive, script), damaged=damaged)


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("column", ["seals SET signature", "heads SET public_key", "runs SET plan"])
def test_bytes_where_text_belongs_are_never_restored(archive: Path, column: str, damaged: bool) -> None:
    forged = planted(archive, f"UPDATE {column} = x'00ff'")
    assert "its database is none of ours" in refused(forged, damaged=damaged)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("CREATE INDEX i1 ON findings (due)", "index i1 is none of ours"),
        ("CREATE TABLE o1 (x)", "table o1 is none of ours"),
        ("ALTER TABLE findings ADD COLUMN g AS (due)", "table findings is not as our migrations make it"),
        ("ALTER TABLE findings ADD COLUMN d DEFAULT 'x'", "table findings is not as our migrations make it"),
        ("DROP TRIGGER evidence_no_delete", "trigger evidence_no_delete is gone"),
    ],
)
def test_every_other_difference_is_restored_only_when_that_is_asked_for(
    archive: Path, script: str, told: str
) -> None:
    forged = planted(archive, script)
    assert told in refused(forged)
    taken = restore(forged, archive.parent / "again", damaged=True)
    assert told in [one.problem for one in taken.problems]


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": float("inf")},
        {"evidence": 1e999},
        {"decisions": float("nan")},
        {"evidence": True},
        {"evidence": "1"},
        {"evidence": 2.0},
        {"evidence": 10**400},
        {"made_at": {"a": 1}},
        {"made_at": None},
        {"evidence_head": 5},
        {"decisions_head": ["x"]},
        {"version": True},
        {"version": 1.0},
        {"entries": {"name": "audit.db"}},
        {"entries": [["audit.db", 1, "x"]]},
        {"entries": [{"name": 5, "size_bytes": 1, "sha256": "0" * 64}]},
        {"entries": [{"name": "audit.db", "size_bytes": 1e999, "sha256": "0" * 64}]},
        {"entries": [{"name": "audit.db", "size_bytes": 10**400, "sha256": "0" * 64}]},
        {"entries": [{"name": "audit.db", "size_bytes": 1, "sha256": None}]},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_a_manifest_of_other_types_is_not_readable(archive: Path, change: dict[str, Any]) -> None:
    forged = archive.parent / "forged.tar.gz"
    with tarfile.open(archive) as packed, tarfile.open(forged, "w:gz", format=tarfile.GNU_FORMAT) as again:
        for member in packed:
            file = packed.extractfile(member)
            assert file is not None
            content = file.read()
            if member.name == "manifest.json":
                content = json.dumps({**json.loads(content), **change}).encode()
            member.size = len(content)
            again.addfile(member, io.BytesIO(content))
    assert "its manifest is not readable" in refused(forged)
