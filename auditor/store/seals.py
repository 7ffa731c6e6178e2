"""Seal what a run came to: its inputs, verdicts, scorecards and footing under one signed digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from auditor.store import schema
from auditor.store.chain import canonical
from auditor.store.database import LASTING_READ
from auditor.store.evidence import ChainProblem
from auditor.store.signing import Signer, is_valid

_RUN_COLUMNS = ("id", "started_at", "scope", "provenance", "inputs", "plan")


class SealStore:
    """One seal per judged run; judging again replaces it."""

    def __init__(self, engine: Engine, signer: Signer):
        self._engine = engine
        self._signer = signer

    def seal(self, run: str, now: datetime) -> None:
        """Sign the digest of a run's inputs and results as they are stored now."""
        with self._engine.begin() as connection:
            digest = _digest(connection, run)
            public_key, signature = self._signer.sign(_signed_bytes(run, digest, now.isoformat()))
            connection.execute(delete(schema.seals).where(schema.seals.c.run == run))
            connection.execute(
                insert(schema.seals).values(
                    run=run,
                    digest=digest,
                    signed_at=now.isoformat(),
                    public_key=public_key,
                    signature=signature,
                )
            )

    def digest(self, run: str) -> str:
        """Return the digest that was sealed of a run's inputs and results, "" where there is no seal."""
        query = select(schema.seals.c.digest).where(schema.seals.c.run == run)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every judged run whose inputs or results are not those that were sealed."""
        own = self._signer.public_key
        with self._engine.connect().execution_options(**{LASTING_READ: True}) as connection:
            seals = {row.run: row for row in connection.execute(select(schema.seals))}
            judged = connection.execute(select(schema.scorecards.c.run).distinct()).scalars().all()
            done = connection.execute(select(schema.runs.c.id).where(schema.runs.c.status == "complete"))
            for run in sorted({*seals, *judged, *done.scalars()}):
                row = seals.get(run)
                if row is None:
                    yield ChainProblem(0, f"the results of {run} carry no seal")
                    continue
                if row.digest != _digest(connection, run):
                    yield ChainProblem(0, f"the inputs or results of {run} were changed")
                content = _signed_bytes(run, row.digest, row.signed_at)
                if row.public_key != own or not is_valid(row.public_key, row.signature, content):
                    yield ChainProblem(0, f"the seal of {run} is not ours")


def _signed_bytes(run: str, digest: str, signed_at: str) -> bytes:
    return f"tilik-run-seal\n{run}\n{digest}\n{signed_at}".encode()


def sealed_rows(connection: Connection, run: str) -> Iterator[list[Any]]:
    """Yield the run's row and every verdict, scorecard and footing of it, in a fixed order."""
    columns = [schema.runs.c[name] for name in _RUN_COLUMNS]
    for row in connection.execute(select(*columns).where(schema.runs.c.id == run)):
        yield list(row)
    for table in (schema.verdicts, schema.scorecards, schema.footings):
        rows = select(table).where(table.c.run == run).order_by(*table.primary_key.columns)
        for row in connection.execute(rows):
            yield list(row)


def _digest(connection: Connection, run: str) -> str:
    total = hashlib.sha256()
    for row in sealed_rows(connection, run):
        total.update(canonical(row).encode() + b"\n")
    return total.hexdigest()
