"""Tell what a SQLite database holds besides, or instead of, what our migrations make.

The chains cover rows alone. A trigger or a view can change or feign what is written and read from then on,
which we would sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Engine, func, literal, or_, select

from auditor.store.database import LASTING_READ, migrate, open_engine
from auditor.store.schema import metadata

PARTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
"""The query for what `foreign_parts` looks at."""
_WORD = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\w+|\S""")
_NAMES = frozenset(
    {*metadata.tables, *(column.name for table in metadata.tables.values() for column in table.columns)}
)
_PLAIN = (("create", "table"), ("create", "index"), ("create", "unique", "index"))
_APPEND_ONLY = {"evidence": "is", "decisions": "are", "imports": "are"}
_STATISTICS = (
    "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
)


class ForeignPartsError(Exception):
    """A database was not opened, since it holds what is none of ours and acts by itself."""

    def __init__(self, parts: tuple[str, ...]):
        super().__init__("; ".join(parts))
        self.parts = parts


class MisplacedBytesError(ValueError):
    """A database holds bytes where we store text and numbers alone, so that nothing can be checked."""


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    name: str
    table: str
    words: tuple[str, ...]

    @property
    def told(self) -> str:
        return f"{self.kind} {self.name}"


def words(sql: object) -> tuple[str, ...]:
    """Return the words of a statement, the same however it is spaced and whether our names are quoted.

    A library of another version may write it so. Every other quotation mark counts: it can turn a keyword
    into a part of a type.
    """
    return tuple(_word(one) for one in _WORD.findall(sql)) if isinstance(sql, str) else (repr(sql),)


def _word(word: str) -> str:
    if word.startswith("'"):
        return word
    bare = word[1:-1] if word.startswith('"') else word
    return bare if bare in _NAMES else word.lower()


@cache
def own_triggers() -> tuple[str, ...]:
    """Return the statements of all triggers that our migrations make."""
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} {are} append-only'); END"
        for table, are in _APPEND_ONLY.items()
        for verb in ("UPDATE", "DELETE")
    )


def foreign_parts(rows: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    """Return what acts by itself and is none of ours, of rows that `PARTS` gave: triggers, views, modules.

    This goes by the statement alone, as SQLite itself does: a row may call a trigger a table.
    """
    own = {words(sql) for sql in own_triggers()}
    return tuple(
        f"{kind} {name} is none of ours" for kind, name, _, sql in rows if not _is_still(words(sql), sql, own)
    )


def _is_still(statement: tuple[str, ...], sql: object, own: set[tuple[str, ...]]) -> bool:
    return sql is None or statement in own or any(statement[: len(one)] == one for one in _PLAIN)


def refuse_foreign(engine: Engine) -> None:
    """Raise ForeignPartsError when a database holds what would act at the first use of it."""
    if engine.dialect.name == "sqlite" and (parts := foreign_parts(_rows(engine))):
        raise ForeignPartsError(parts)


def shape_problems(engine: Engine) -> Iterator[str]:
    """Yield every trigger, view, index and table that differs from what our migrations make, or is gone."""
    if engine.dialect.name == "sqlite":
        yield from _differences(_parts(_rows(engine)), _expected())


def refuse_bytes(engine: Engine) -> None:
    """Raise MisplacedBytesError when any column of ours holds bytes, which SQLite lets every column hold."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(**{LASTING_READ: True}) as connection:
        for table in metadata.sorted_tables:
            is_bytes = or_(*(func.typeof(column) == "blob" for column in table.columns))
            if connection.execute(select(literal(1)).select_from(table).where(is_bytes).limit(1)).first():
                raise MisplacedBytesError(f"table {table.name} holds bytes where text belongs")


def _differences(found: Iterable[_Part], expected: frozenset[_Part]) -> Iterator[str]:
    wanted = {one.told: one for one in expected}
    seen: set[str] = set()
    for one in found:
        if one.told not in wanted:
            yield f"{one.told} is none of ours"
        elif one != wanted[one.told] or one.told in seen:
            yield f"{one.told} is not as our migrations make it"
        seen.add(one.told)
    yield from (f"{told} is gone" for told in sorted(wanted.keys() - seen))


@cache
def _expected() -> frozenset[_Part]:
    engine = open_engine("sqlite://")
    try:
        migrate(engine)
        return frozenset(_parts(_rows(engine)))
    finally:
        engine.dispose()


def _parts(rows: Iterable[tuple[Any, ...]]) -> list[_Part]:
    # What ANALYZE leaves behind steers the speed of queries alone.
    statistics = {words(sql) for sql in _STATISTICS}
    parts = (_Part(str(kind), str(name), str(table), words(sql)) for kind, name, table, sql in rows)
    # An index without a statement follows from that of its table.
    implied = words(None)
    return [
        one
        for one in parts
        if one.words not in statistics
        and not (one.words == implied and one.name.startswith("sqlite_autoindex_"))
    ]


def _rows(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect().execution_options(**{LASTING_READ: True}) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(PARTS)]
