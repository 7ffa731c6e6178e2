"""prune, backup and restore as commands: what they print, and how they end."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from auditor.store.workspace import open_workspace
from tests.auditor.cli.command import auditor
from tests.auditor.usecases.keeping import kept, measured

FORGING = "CREATE TRIGGER t1 AFTER INSERT ON findings BEGIN UPDATE findings SET due='2099-01-01'; END"

BYTES = "table {} holds bytes where text belongs, so nothing further is read"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with starting files and a workspace in which something is old."""
    assert auditor("init", cwd=tmp_path).code == 0
    workspace = open_workspace(tmp_path / "audit-data")
    measured(workspace, 500, "old")
    measured(workspace, 0, "new")
    workspace.engine.dispose()
    return tmp_path


def test_pruning_is_told_before_and_after(folder: Path) -> None:
    dry = auditor("prune", "--dry-run", cwd=folder)
    assert (dry.code, "would be removed" in dry.out) == (0, True)
    done = auditor("prune", "--format", "csv", cwd=folder)
    assert done.out.splitlines()[:2] == ["what,outputs,bytes", "removed,1,3"]
    verified = auditor("evidence", "verify", cwd=folder)
    assert verified.code == 0
    assert "1 raw outputs pruned by policy, the last on " in verified.out
    shown = auditor("evidence", "show", "1", "--raw", "answer", cwd=folder)
    assert shown.code == 2
    assert "was pruned on " in shown.err
    assert "by policy: retention.raw_days 400" in shown.err
    assert auditor("evidence", "show", "1", cwd=folder).code == 0


def test_a_workspace_goes_into_a_file_and_comes_out_again(folder: Path) -> None:
    made = auditor("backup", cwd=folder)
    assert made.code == 0
    assert "It holds the signing key and is not encrypted" in made.err
    [file] = (folder / "backups").iterdir()
    restored = auditor("restore", file, "-w", "again", cwd=folder)
    assert (restored.code, restored.err) == (0, "")
    assert "2 rows of evidence, head " in restored.out
    assert kept(open_workspace(folder / "again")) == {"old", "new"}
    assert auditor("evidence", "verify", "-w", "again", cwd=folder).code == 0


def test_a_file_of_ones_own_is_written_once(folder: Path) -> None:
    assert auditor("backup", "copy.tar.gz", cwd=folder).code == 0
    again = auditor("backup", "copy.tar.gz", cwd=folder)
    assert (again.code, "is there already" in again.err) == (2, True)


def test_a_damaged_workspace_is_restored_only_when_that_is_asked_for(folder: Path) -> None:
    file = next((folder / "audit-data" / "raw").glob("??/*"))
    file.write_bytes(b"other")
    auditor("backup", "copy.tar.gz", cwd=folder)
    refused = auditor("restore", "copy.tar.gz", "-w", "again", cwd=folder)
    assert (refused.code, (folder / "again").exists()) == (2, False)
    taken = auditor("restore", "copy.tar.gz", "-w", "again", "--damaged", cwd=folder)
    assert taken.code == 3
    assert "its raw output answer was changed" in taken.err


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("CREATE INDEX i1 ON findings (due)", "index i1 is none of ours"),
        ("DROP TRIGGER evidence_no_update", "trigger evidence_no_update is gone"),
        ("DROP TABLE seals", "nothing further is readable"),
        ("UPDATE seals SET signature = x'00ff'", BYTES.format("seals")),
        ("UPDATE runs SET plan = x'00ff'", BYTES.format("runs")),
        (FORGING, "trigger t1 is none of ours, so nothing further is read"),
    ],
)
def test_what_our_migrations_did_not_make_is_told(folder: Path, script: str, told: str) -> None:
    with closing(sqlite3.connect(folder / "audit-data" / "audit.db")) as connection:
        connection.executescript(script)
    verified = auditor("evidence", "verify", "-f", "json", cwd=folder)
    assert verified.code == 3
    assert told in [one["problem"] for one in json.loads(verified.out)]


@pytest.mark.parametrize("command", [("runs",), ("backup",), ("scan",), ("assess",)])
def test_no_command_uses_a_database_that_acts_by_itself(command: tuple[str, ...], folder: Path) -> None:
    with closing(sqlite3.connect(folder / "audit-data" / "audit.db")) as connection:
        connection.executescript(FORGING)
    seen = auditor(*command, cwd=folder)
    assert (seen.code, seen.out) == (2, "")
    assert "trigger t1 is none of ours" in seen.err
    assert "Next: " in seen.err


@pytest.mark.parametrize("command", [("prune",), ("backup",)])
def test_a_wrong_name_makes_no_workspace(command: tuple[str, ...], folder: Path) -> None:
    told = auditor(*command, "-w", "elsewhere", cwd=folder)
    assert (told.code, "no workspace in elsewhere" in told.err) == (2, True)
    assert not (folder / "elsewhere").exists()


def test_what_is_no_backup_is_refused(folder: Path) -> None:
    told = auditor("restore", "inventory.yaml", "-w", "again", cwd=folder)
    assert told.code == 2
    assert "cannot be restored" in told.err
    assert not (folder / "again").exists()
