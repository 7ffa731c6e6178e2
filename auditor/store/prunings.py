"""Which raw outputs were removed because the policy keeps them no longer: one signed row for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select

from auditor.store import schema
from auditor.store.evidence import ChainProblem
from auditor.store.signing import Signer, is_valid


@dataclass(frozen=True, slots=True)
class Pruning:
    """A raw output that was removed, by SHA-256, when (UTC), and the rule that asked for it."""

    digest: str
    pruned_at: datetime
    reason: str


class PruningStore:
    """Rows in the database. What is pruned once more, after it was measured anew, gets another row."""

    def __init__(self, engine: Engine, signer: Signer):
        self._engine = engine
        self._signer = signer

    def add(self, prunings: Iterable[Pruning]) -> None:
        """Store rows durably, all or none."""
        table = schema.prunings
        with self._engine.begin() as connection:
            for one in prunings:
                connection.execute(delete(table).where(table.c.digest == one.digest))
                connection.execute(insert(table).values(**self._values(one)))

    def _values(self, one: Pruning) -> dict[str, Any]:
        pruned_at = one.pruned_at.isoformat()
        public_key, signature = self._signer.sign(_signed_bytes(one.digest, pruned_at, one.reason))
        return {
            "digest": one.digest,
            "pruned_at": pruned_at,
            "reason": one.reason,
            "public_key": public_key,
            "signature": signature,
        }

    def get(self, digest: str) -> Pruning | None:
        """Return what became of one raw output, or None when it was not pruned by us."""
        return next((one for one in self.all() if one.digest == digest), None)

    def all(self) -> tuple[Pruning, ...]:
        """Return the rows that we signed, oldest first."""
        own = self._signer.public_key
        found = (_pruning(row) for row in self._rows() if _is_by(own, row))
        return tuple(sorted(found, key=lambda one: (one.pruned_at, one.digest)))

    def moments(self) -> dict[str, datetime]:
        """Return SHA-256 → when it was pruned, of the rows that we signed."""
        return {one.digest: one.pruned_at for one in self.all()}

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every row that was changed or is not ours."""
        own = self._signer.public_key
        for row in self._rows():
            if not _is_by(own, row):
                yield ChainProblem(0, f"the pruning of {row.digest[:12]} is not ours, or was changed")

    def _rows(self) -> tuple[Row[Any], ...]:
        with self._engine.connect() as connection:
            return tuple(connection.execute(select(schema.prunings).order_by(schema.prunings.c.digest)))


def _is_by(own: str | None, row: Row[Any]) -> bool:
    signed = _signed_bytes(row.digest, row.pruned_at, row.reason)
    return row.public_key == own and is_valid(row.public_key, row.signature, signed)


def _pruning(row: Row[Any]) -> Pruning:
    return Pruning(row.digest, datetime.fromisoformat(row.pruned_at), row.reason)


def _signed_bytes(digest: str, pruned_at: str, reason: str) -> bytes:
    return f"tilik-pruning\n{digest}\n{pruned_at}\n{reason}".encode()
