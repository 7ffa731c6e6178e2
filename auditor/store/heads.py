"""Sign the head of the evidence chain, so that rewriting all of it needs the key too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from auditor.store import schema
from auditor.store.evidence import ChainProblem
from auditor.store.marks import EVIDENCE, Marks
from auditor.store.signing import Signer, is_valid


class HeadStore:
    """Signed heads in the database."""

    def __init__(self, engine: Engine, signer: Signer, marks: Marks):
        self._engine = engine
        self._signer = signer
        self._marks = marks

    def sign(self, sequence: int, head: str, now: datetime) -> None:
        """Sign a head once; signing the same row again changes nothing."""
        if sequence == 0:
            return
        with self._engine.begin() as connection:
            table = schema.heads
            if connection.execute(select(table.c.hash).where(table.c.sequence == sequence)).first():
                return
            public_key, signature = self._signer.sign(_signed_bytes(sequence, head))
            connection.execute(
                insert(table).values(
                    sequence=sequence,
                    hash=head,
                    signed_at=now.isoformat(),
                    public_key=public_key,
                    signature=signature,
                )
            )
            self._marks.of_row(connection, EVIDENCE, sequence, head, now)

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every signed head that the chain does not hold any more, or whose signature is not ours."""
        own = self._signer.public_key
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(schema.heads, schema.evidence.c.hash.label("now")).join_from(
                    schema.heads,
                    schema.evidence,
                    schema.heads.c.sequence == schema.evidence.c.sequence,
                    isouter=True,
                )
            ).all()
            expected = _signed_before(connection)
        if own is not None and not rows and expected:
            yield ChainProblem(0, "every signed head is gone, though there is a key that signed one")
        if own is None and rows:
            yield ChainProblem(rows[0].sequence, "the key of its head is gone: nobody can say who signed it")
        for row in rows:
            if row.now != row.hash:
                yield ChainProblem(row.sequence, "differs from its signed head")
            if own is not None and row.public_key != own:
                yield ChainProblem(row.sequence, "its head was signed with another key")
            if not is_valid(row.public_key, row.signature, _signed_bytes(row.sequence, row.hash)):
                yield ChainProblem(row.sequence, "the signature of its head is not valid")


def _signed_before(connection: Connection) -> bool:
    """Return whether a head was signed at some time: its mark says so, or a run was judged."""
    marked = connection.execute(select(schema.marks.c.name).where(schema.marks.c.name == EVIDENCE)).first()
    judged = connection.execute(select(schema.seals.c.run).limit(1)).first()
    return marked is not None or judged is not None


def _signed_bytes(sequence: int, head: str) -> bytes:
    return f"tilik-chain-head\n{sequence}\n{head}".encode()
