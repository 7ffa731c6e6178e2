"""Bring rows of a table to what they shall be, writing only those that differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select, update

from auditor.store.chain import canonical

_ROWS_AT_ONCE = 5000
_Row = Mapping[str, Any]
_Key = tuple[str, ...]


def replace_rows(
    connection: Connection,
    table: Table,
    rows: Iterable[_Row],
    among: ColumnElement[bool] | None = None,
    ignored: Collection[str] = (),
) -> int:
    """Make the rows of a table, or those `among` which it is about, the ones given; return how many changed.

    Every row has every column. Rows that differ only in `ignored` columns stay as they are. The given ones
    may be many, and are never all in memory.
    """
    stored = _stored(connection, table, among, ignored)
    changed, seen, left = 0, set[_Key](), iter(rows)
    # A thousand servers have some 300,000 verdicts, whose texts need not all be in memory at once.
    while batch := list(islice(left, _ROWS_AT_ONCE)):
        added, altered = [], []
        for row in batch:
            key = _key(table, row)
            if key not in stored:
                added.append(row)
            elif stored[key] != _digest(table, row, ignored):
                altered.append(row)
            if stored:
                seen.add(key)
        _insert(connection, table, added)
        _update(connection, table, altered)
        changed += len(added) + len(altered)
    gone = [key for key in stored if key not in seen]
    remove_rows(connection, table, gone)
    return changed + len(gone)


def remove_rows(connection: Connection, table: Table, keys: Iterable[_Key]) -> None:
    """Delete the rows with some primary keys."""
    listed = [{f"the_{name}": part for name, part in zip(_names(table), key, strict=True)} for key in keys]
    if listed:
        connection.execute(delete(table).where(_is_row(table)), listed)


def _stored(
    connection: Connection, table: Table, among: ColumnElement[bool] | None, ignored: Collection[str]
) -> dict[_Key, bytes]:
    query = select(table) if among is None else select(table).where(among)
    rows = connection.execute(query).mappings()
    return {_key(table, dict(row)): _digest(table, dict(row), ignored) for row in rows}


def _insert(connection: Connection, table: Table, rows: list[_Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, rows: list[_Row]) -> None:
    if not rows:
        return
    names = _names(table)
    values = [column.name for column in table.columns if column.name not in names]
    statement = update(table).where(_is_row(table)).values({name: bindparam(f"to_{name}") for name in values})
    connection.execute(
        statement,
        [
            {**{f"the_{name}": row[name] for name in names}, **{f"to_{name}": row[name] for name in values}}
            for row in rows
        ],
    )


def _is_row(table: Table) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(f"the_{name}") for name in _names(table)))


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


def _key(table: Table, row: _Row) -> _Key:
    return tuple(row[name] for name in _names(table))


def _digest(table: Table, row: _Row, ignored: Collection[str]) -> bytes:
    plain = [row[column.name] for column in table.columns if column.name not in ignored]
    return blake2b(canonical(plain).encode(), digest_size=16).digest()
