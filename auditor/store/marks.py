"""Signed marks: how far each log had come, what a run began with, and what the findings were last.

A chain shows what was changed inside it, but not that its newest end was cut off; and what stands outside the
chains could be rewritten before it is judged again. Each mark is replaced in the transaction that moves on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from auditor.store import schema
from auditor.store.chain import canonical
from auditor.store.evidence import ChainProblem
from auditor.store.signing import Signer, is_valid

EVIDENCE, DECISIONS, FINDINGS = "evidence", "decisions", "findings"
_RUN = "run:"
_RUN_COLUMNS = ("id", "started_at", "scope", "provenance", "inputs", "plan")
_FINDING_COLUMNS = (
    *("id", "check", "subject", "opd", "status", "first_run", "last_run", "first_seen", "last_seen", "due"),
    "fixed_run",
)
_EVENT_COLUMNS = ("finding", "run", "status", "at")
_SEEN = {
    "": (_FINDING_COLUMNS, _EVENT_COLUMNS),
    "2 ": (
        (*_FINDING_COLUMNS, "opened_at", "fixed_at", "moved_from", "times_fixed"),
        (*_EVENT_COLUMNS, "observed", "observed_at"),
    ),
}
"""How the content of a findings mark begins → the columns that it is over: what was signed before there were
more of them still holds."""
_NOW_SEEN = "2 "


class Marks:
    """Marks in the database, one for each name."""

    def __init__(self, engine: Engine, signer: Signer):
        self._engine = engine
        self._signer = signer

    def of_row(self, connection: Connection, name: str, sequence: int, row_hash: str, now: datetime) -> None:
        """Mark how far a log has come."""
        self._sign(connection, name, f"{sequence} {row_hash}", now)

    def of_findings(self, connection: Connection, now: datetime) -> None:
        """Mark the findings and their history as they stand."""
        self._sign(connection, FINDINGS, _findings(connection, _NOW_SEEN), now)

    def content(self, connection: Connection, name: str) -> str:
        """Return what was signed last under a name; empty when nothing was."""
        query = select(schema.marks.c.content).where(schema.marks.c.name == name)
        return connection.execute(query).scalar() or ""

    def of_run(self, connection: Connection, run: str, now: datetime) -> None:
        """Mark what a run begins with, once."""
        self._sign(connection, _RUN + run, _run(connection, run, _NOW_SEEN), now)

    def run_is_as_begun(self, run: str) -> bool:
        """Return whether a run's inputs and plan are those it began with; true for one without a mark."""
        with self._engine.connect() as connection:
            table = schema.marks
            row = connection.execute(select(table).where(table.c.name == _RUN + run)).first()
            return row is None or (
                row.content == _run(connection, run, _form(row.content))
                and is_valid(row.public_key, row.signature, _signed_bytes(row.name, row.content))
            )

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every mark that does not hold any more, or is not ours, and every run that lost its mark."""
        own = self._signer.public_key
        with self._engine.connect() as connection:
            rows = connection.execute(select(schema.marks).order_by(schema.marks.c.name)).all()
            for row in rows:
                signed = _signed_bytes(row.name, row.content)
                if row.public_key != own or not is_valid(row.public_key, row.signature, signed):
                    yield ChainProblem(0, f"the mark of {row.name} is not ours")
                elif not _holds(connection, row.name, row.content):
                    yield ChainProblem(0, _told(row.name))
            marked = {row.name for row in rows}
            for run in connection.execute(select(schema.runs.c.id).order_by(schema.runs.c.id)).scalars():
                if _RUN + run not in marked:
                    yield ChainProblem(0, f"the mark of {run} is gone")

    def _sign(self, connection: Connection, name: str, content: str, now: datetime) -> None:
        public_key, signature = self._signer.sign(_signed_bytes(name, content))
        connection.execute(delete(schema.marks).where(schema.marks.c.name == name))
        connection.execute(
            insert(schema.marks).values(
                name=name,
                content=content,
                signed_at=now.isoformat(),
                public_key=public_key,
                signature=signature,
            )
        )


def _holds(connection: Connection, name: str, content: str) -> bool:
    if name in (EVIDENCE, DECISIONS):
        table: Table = schema.evidence if name == EVIDENCE else schema.decisions
        sequence, _, row_hash = content.partition(" ")
        found = connection.execute(select(table.c.hash).where(table.c.sequence == int(sequence))).scalar()
        return bool(found == row_hash)
    if name == FINDINGS:
        return content == _findings(connection, _form(content))
    return content == _run(connection, name.removeprefix(_RUN), _form(content))


def _form(content: str) -> str:
    """Return what a mark begins with: marks of older workspaces saw fewer columns, and begin with nothing."""
    return _NOW_SEEN if content.startswith(_NOW_SEEN) else ""


def _told(name: str) -> str:
    if name in (EVIDENCE, DECISIONS):
        return f"the newest rows of {name} are gone, or others than were signed"
    if name == FINDINGS:
        return "the findings or their history were changed"
    return f"what {name.removeprefix(_RUN)} began with was changed"


def _run(connection: Connection, run: str, form: str) -> str:
    names = (*_RUN_COLUMNS, "kind") if form == _NOW_SEEN else _RUN_COLUMNS
    columns = [schema.runs.c[name] for name in names]
    row = connection.execute(select(*columns).where(schema.runs.c.id == run)).first()
    return form + hashlib.sha256(canonical(list(row or ())).encode()).hexdigest()


def _findings(connection: Connection, form: str) -> str:
    total = hashlib.sha256()
    for table, names in zip((schema.findings, schema.finding_events), _SEEN[form], strict=True):
        columns = [table.c[name] for name in names]
        for row in connection.execute(select(*columns).order_by(*table.primary_key.columns)):
            total.update(canonical(list(row)).encode() + b"\n")
    return form + total.hexdigest()


def _signed_bytes(name: str, content: str) -> bytes:
    return f"tilik-mark\n{name}\n{content}".encode()
