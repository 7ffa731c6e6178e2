"""Stored rows as they are, for handing them out: what is of others is left out but for its hash."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Engine, func, select

from auditor.store import schema
from auditor.store.chain import canonical
from auditor.store.database import LASTING_READ
from auditor.store.seals import sealed_rows


class Disclosure:
    """Rows of one workspace."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def span(self, runs: Collection[str]) -> tuple[int, int]:
        """Return the first row of some runs and the first signed head from their last on; 0 where none."""
        rows, heads = schema.evidence.c, schema.heads.c
        bounds = select(func.min(rows.sequence), func.max(rows.sequence)).where(rows.run.in_(runs))
        with self._engine.connect() as connection:
            first, last = connection.execute(bounds).one()
            if first is None:
                return 0, 0
            signed = select(func.min(heads.sequence)).where(heads.sequence >= last)
            return first, connection.execute(signed).scalar() or 0

    def chain(self, first: int, last: int, is_shown: Callable[[int], bool]) -> Iterator[dict[str, Any]]:
        """Yield the rows of a span in order, the content of those alone that are shown."""
        table = schema.evidence
        query = select(table).where(table.c.sequence.between(first, last)).order_by(table.c.sequence)
        with self._engine.connect().execution_options(**{LASTING_READ: True}) as connection:
            for row in connection.execute(query):
                link = {"sequence": row.sequence, "previous_hash": row.previous_hash, "hash": row.hash}
                yield {**link, "row": row.row} if is_shown(row.sequence) else link

    def heads(self, first: int, last: int) -> list[dict[str, Any]]:
        """Return the signed heads of a span."""
        table = schema.heads
        return self._rows(
            select(table.c.sequence, table.c.hash, table.c.signed_at, table.c.signature)
            .where(table.c.sequence.between(first, last))
            .order_by(table.c.sequence)
        )

    def decisions(self) -> list[dict[str, Any]]:
        """Return every entry of the log of decisions."""
        return self._rows(select(schema.decisions).order_by(schema.decisions.c.sequence))

    def prunings(self, digests: Collection[str]) -> list[dict[str, Any]]:
        """Return the signed rows of raw outputs that were pruned, of those named."""
        found = self._rows(select(schema.prunings).order_by(schema.prunings.c.digest))
        return [row for row in found if row["digest"] in digests]

    def retests(self, runs: Collection[str]) -> list[dict[str, Any]]:
        """Return the signed records of some runs."""
        return self._rows(
            select(schema.retests).where(schema.retests.c.run.in_(runs)).order_by(schema.retests.c.run)
        )

    def seal(self, run: str) -> dict[str, Any] | None:
        """Return the seal of a run, None where it has none."""
        columns = [schema.seals.c[name] for name in ("digest", "signed_at", "signature")]
        found = self._rows(select(*columns).where(schema.seals.c.run == run))
        return found[0] if found else None

    def sealed(self, run: str) -> bytes:
        """Return everything that the seal of a run is over."""
        with self._engine.connect() as connection:
            return b"".join(canonical(row).encode() + b"\n" for row in sealed_rows(connection, run))

    def _rows(self, query: Any) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
