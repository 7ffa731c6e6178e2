"""Copy a database that is in use, and say whether a copy is sound."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from auditor.store.shape import PARTS, foreign_parts

_BUSY_SECONDS = 30.0


def copy_database(source: Path, target: Path) -> None:
    """Write a copy of a database as of one instant, readable by its owner only; writers go on meanwhile."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(source, timeout=_BUSY_SECONDS)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        # All pages in one step: in between steps, every write of somebody else would start it anew.
        read.backup(written, pages=-1)


def database_problem(path: Path, known_revisions: frozenset[str]) -> str:
    """Return why a file is no database of this version or one before, "" when it is."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            # First of all: a view may never come to an end.
            if parts := foreign_parts(connection.execute(PARTS)):
                return f"its database acts by itself: {'; '.join(parts)}"
            answers = connection.execute("PRAGMA integrity_check(1)").fetchall()
            revisions = {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.DatabaseError as error:
        return f"its database is damaged: {error}"
    if answers != [("ok",)]:
        return f"its database is damaged: {answers[0][0]}"
    if not revisions or not revisions <= known_revisions:
        return "its database was written by a newer version; install that one"
    return ""
