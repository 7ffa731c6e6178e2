"""Of which servers a run measured anything."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, select

from auditor.model.plan import IMPORTED_LOOK
from auditor.store import schema

_SERVER, _LOOK = 1, 5
"""Places in the id of a task; only a second or later look has the last one."""


def measured_servers(engine: Engine, run: str, among: Collection[str]) -> frozenset[str]:
    """Return those of some servers that a run saw any fact of; reports that were handed in do not count."""
    table = schema.evidence.c
    # Of a text in the row, a quotation mark is escaped, so nothing that a server said looks like this.
    nothing = table.row.contains('"facts":{}')
    found: set[str] = set()
    with engine.connect() as connection:
        rows = connection.execute(select(table.task, table.sequence).where(table.run == run)).all()
        for task, sequence in rows:
            parts = task.split("|")
            server = parts[_SERVER]
            if server not in among or server in found or parts[_LOOK:] == [str(IMPORTED_LOOK)]:
                continue
            seen = select(table.sequence).where(table.sequence == sequence, ~nothing)
            if connection.execute(seen).first() is not None:
                found.add(server)
    return frozenset(found)
