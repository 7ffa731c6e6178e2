"""The folder of an organisation's audits: made once, migrated, and read by its owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from auditor.store.database import migrate
from auditor.store.schema import metadata
from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.store.stores import append, problems


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_workspace_is_its_owner_s_alone(tmp_path: Path) -> None:
    opened = open_workspace(tmp_path / "deep" / "audits")
    assert mode(opened.folder) == 0o700
    opened.engine.dispose()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_database_is_its_owner_s_alone_in_a_folder_open_to_all(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = tmp_path / "audits"
        folder.mkdir(mode=0o755)
        opened = open_workspace(folder)
        for file in folder.glob("audit.db*"):
            assert mode(file) == 0o600, file.name
        opened.engine.dispose()
    finally:
        os.umask(before)


def test_migrating_again_changes_nothing(workspace: Workspace) -> None:
    def schema() -> list[object]:
        with workspace.engine.connect() as connection:
            rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
            return [tuple(row) for row in rows]

    before = schema()
    migrate(workspace.engine)
    migrate(workspace.engine)
    assert schema() == before
    assert problems(workspace) == []
    append(workspace, 99)


def test_the_migrations_make_the_schema_that_the_code_uses(workspace: Workspace) -> None:
    with workspace.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_what_is_acknowledged_is_on_disk(workspace: Workspace) -> None:
    """SQLite keeps a row through a power cut only with these two settings."""
    with workspace.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_the_kill_switch_lies_in_the_folder(workspace: Workspace) -> None:
    assert workspace.kill_switch == workspace.folder / "STOP"
    assert not workspace.kill_switch.exists()
