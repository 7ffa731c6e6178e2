"""A database holds what the migrations make and nothing else: what was planted in one is told, or refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from auditor.store import database
from auditor.store.database import known_revisions, migrate, open_engine, sqlite_url
from auditor.store.shape import (
    ForeignPartsError,
    foreign_parts,
    own_triggers,
    refuse_foreign,
    shape_problems,
    words,
)
from auditor.store.workspace import open_workspace

OTHER = "is not as our migrations make it"
FORGING = "CREATE TRIGGER t1 AFTER INSERT ON findings BEGIN UPDATE findings SET due='2099-01-01'; END"
ACTING = {
    FORGING: "trigger t1 is none of ours",
    "CREATE VIEW v1 AS SELECT 1": "view v1 is none of ours",
    "CREATE VIRTUAL TABLE p1 USING fts5(x)": "table p1 is none of ours",
    "DROP TRIGGER evidence_no_delete; CREATE TRIGGER evidence_no_delete AFTER DELETE ON evidence "
    "BEGIN DELETE FROM marks; END": f"trigger evidence_no_delete {OTHER}",
}
ASIDE = {
    "CREATE INDEX i1 ON findings (due)": "index i1 is none of ours",
    "CREATE TABLE o1 (x)": "table o1 is none of ours",
    "ALTER TABLE findings ADD COLUMN late DEFAULT 'x'": f"table findings {OTHER}",
    "ALTER TABLE runs ADD COLUMN g AS (scope || 'x')": f"table runs {OTHER}",
    "DROP TRIGGER evidence_no_delete": "trigger evidence_no_delete is gone",
    "DROP INDEX verdicts_by_server": "index verdicts_by_server is gone",
    "DROP INDEX verdicts_by_server; CREATE INDEX verdicts_by_server ON verdicts (run)": (
        f"index verdicts_by_server {OTHER}"
    ),
    "DROP TABLE seals": "table seals is gone",
}
REWRITTEN = {
    "CREATE TABLE findings": "CREATE  TABLE\nfindings",
    '"check" VARCHAR': "check VARCHAR",
}
"""What other versions of the library may write for the same."""
DEFAULTS = {
    "DEFAULT 'audit'": "DEFAULT 'retest'",
    "VARCHAR DEFAULT 'audit' NOT NULL": "VARCHAR DEFAULT 'audit'",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a workspace that nobody has open."""
    open_workspace(tmp_path / "audits").engine.dispose()
    return tmp_path / "audits"


def edited(folder: Path, script: str) -> None:
    with closing(sqlite3.connect(folder / "audit.db")) as connection:
        connection.executescript(script)


def rewritten(folder: Path, old: str, new: str) -> None:
    """Change the text of the schema itself, as only somebody with an own tool can."""
    with closing(sqlite3.connect(folder / "audit.db")) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        changed = connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE instr(sql, ?)", (old, new, old)
        )
        assert changed.rowcount > 0
        connection.commit()


def told(folder: Path) -> list[str]:
    engine = open_engine(sqlite_url(folder / "audit.db"))
    try:
        return list(shape_problems(engine))
    finally:
        engine.dispose()


def test_a_new_workspace_is_as_the_migrations_make_it(folder: Path) -> None:
    assert told(folder) == []


@pytest.mark.parametrize("revision", sorted(known_revisions()))
def test_one_of_any_version_before_is_so_too_once_it_is_migrated(tmp_path: Path, revision: str) -> None:
    engine = open_engine(sqlite_url(tmp_path / "audit.db"))
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    refuse_foreign(engine)
    migrate(engine)
    assert list(shape_problems(engine)) == []
    engine.dispose()


def test_the_triggers_that_opening_takes_for_ours_are_those_of_the_migrations(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "audit.db")) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert set(own_triggers()) == {sql for (sql,) in made}


@pytest.mark.parametrize("script", ACTING)
def test_what_acts_by_itself_is_told_and_not_opened(folder: Path, script: str) -> None:
    edited(folder, script)
    assert ACTING[script] in told(folder)
    with pytest.raises(ForeignPartsError) as refused:
        open_workspace(folder)
    assert f"{ACTING[script].partition(' is ')[0]} is none of ours" in refused.value.parts


@pytest.mark.parametrize("script", ASIDE)
def test_everything_else_that_differs_is_told(folder: Path, script: str) -> None:
    edited(folder, script)
    assert ASIDE[script] in told(folder)


@pytest.mark.parametrize("old", DEFAULTS)
def test_another_default_is_told(folder: Path, old: str) -> None:
    rewritten(folder, old, DEFAULTS[old])
    assert told(folder) == ["table runs is not as our migrations make it"]


@pytest.mark.parametrize("old", REWRITTEN)
def test_the_same_in_other_spacing_or_quotes_is_no_difference(folder: Path, old: str) -> None:
    with closing(sqlite3.connect(folder / "audit.db")) as connection:
        [(sql,)] = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'findings' AND type = 'table'"
        )
    assert old in sql
    assert words(sql.replace(old, REWRITTEN[old])) == words(sql)


def test_a_keyword_in_quotes_is_another_word() -> None:
    assert words('id VARCHAR "NOT" NULL') != words("id VARCHAR NOT NULL")
    assert words("DEFAULT ''") != words('DEFAULT ""')


def test_it_goes_by_the_statement_whatever_a_row_calls_itself() -> None:
    """Some versions of SQLite do so too, others refuse such a row."""
    spaced = FORGING.replace("CREATE TRIGGER", "CREATE/**/TRIGGER")
    rows = [("table", "sqlite_stat1", "findings", FORGING), ("index", "i1", "findings", spaced)]
    assert foreign_parts(rows) == ("table sqlite_stat1 is none of ours", "index i1 is none of ours")
    assert foreign_parts([("table", "x", "x", FORGING.encode())]) == ("table x is none of ours",)


def test_statistics_of_the_database_are_no_difference(folder: Path) -> None:
    edited(folder, "INSERT INTO anchors VALUES ('a', 'b', 'c'); ANALYZE;")
    assert told(folder) == []
    open_workspace(folder).engine.dispose()


def test_nothing_planted_acts_on_the_migration(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "audit.db"))
    migrate(engine)
    engine.dispose()
    edited(tmp_path, FORGING.replace("INSERT ON findings", "UPDATE ON alembic_version"))
    with closing(sqlite3.connect(tmp_path / "audit.db")) as connection:
        before = "\n".join(connection.iterdump())
    with pytest.raises(ForeignPartsError):
        open_workspace(tmp_path)
    with closing(sqlite3.connect(tmp_path / "audit.db")) as connection:
        assert "\n".join(connection.iterdump()) == before
