"""Open the database: SQLite in WAL mode with full synchronisation, every write transaction immediate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

_BUSY_SECONDS = 30
LASTING_READ = "tilik_lasting_read"
"""Execution option of a connection that reads for long: an audit can store evidence meanwhile."""


def open_engine(url: str | URL) -> Engine:
    """Return an engine for a database URL, with SQLite set up for evidence."""
    sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS} if sqlite else {})
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def sqlite_url(path: Path) -> URL:
    """Return the URL of a SQLite file, whatever characters its name has."""
    return URL.create("sqlite", database=str(path))


def migrate(engine: Engine) -> None:
    """Bring the schema to the current revision; harmless when it is there already."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def known_revisions() -> frozenset[str]:
    """Return the revisions of the schema from which this version can go on."""
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: a deferred one fails under contention.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    lasting = connection.get_execution_options().get(LASTING_READ, False)
    connection.exec_driver_sql("BEGIN" if lasting else "BEGIN IMMEDIATE")
