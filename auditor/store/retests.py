"""Records of re-tests: one signed row per run, begun before its first packet and completed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update

from auditor.model.retest import RetestRecord
from auditor.model.verdict import Status, Verdict
from auditor.store import schema
from auditor.store.chain import digest
from auditor.store.evidence import ChainProblem
from auditor.store.records import RETEST, VERDICT
from auditor.store.signing import Signer, is_valid

_DECIDED = (Status.PASS.value, Status.FAIL.value, Status.NOT_APPLICABLE.value)


class RetestStore:
    """Records of re-tests, and what was known of a place before."""

    def __init__(self, engine: Engine, signer: Signer):
        self._engine = engine
        self._signer = signer

    def begin(self, record: RetestRecord) -> RetestRecord:
        """Store that a re-test was asked for, so that it counts even when it is cut off."""
        signed, values = self._signed(record)
        with self._engine.begin() as connection:
            connection.execute(insert(schema.retests).values(**values))
        return signed

    def complete(self, record: RetestRecord) -> RetestRecord:
        """Store what a re-test came to, and return the record with its digest."""
        signed, values = self._signed(record)
        with self._engine.begin() as connection:
            table = schema.retests
            connection.execute(update(table).where(table.c.run == record.run).values(**values))
        return signed

    def get(self, run: str) -> RetestRecord | None:
        """Return the record of a run, or None."""
        query = select(schema.retests.c.content).where(schema.retests.c.run == run)
        with self._engine.connect() as connection:
            content = connection.execute(query).scalar_one_or_none()
        return None if content is None else RETEST.value(content)

    def all(self) -> tuple[RetestRecord, ...]:
        """Return every record, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(schema.retests.c.content)).scalars().all()
        return tuple(sorted((RETEST.value(row) for row in rows), key=lambda one: (one.started_at, one.run)))

    def since(self, day: date) -> tuple[RetestRecord, ...]:
        """Return the records of re-tests of which any part counts on a local day or a later one."""
        query = select(schema.retests.c.content).where(schema.retests.c.day >= day.isoformat())
        with self._engine.connect() as connection:
            return tuple(RETEST.value(row) for row in connection.execute(query).scalars().all())

    def last_verdict(self, check: str, subject: str) -> tuple[str, Verdict] | None:
        """Return run and verdict of the newest run that decided a check at a place."""
        table, runs = schema.verdicts.c, schema.runs.c
        newest_first = select(runs.id).order_by(runs.started_at.desc(), runs.id.desc())
        with self._engine.connect() as connection:
            # Run by run: the key of a verdict begins with its run, and most are found in the newest.
            for run in connection.execute(newest_first).scalars().all():
                found = connection.execute(
                    select(table.content).where(
                        table.run == run,
                        table.check == check,
                        table.subject == subject,
                        table.status.in_(_DECIDED),
                    )
                ).scalar_one_or_none()
                if found is not None:
                    return run, VERDICT.value(found)
        return None

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every record that was changed or is not ours."""
        with self._engine.connect() as connection:
            for row in connection.execute(select(schema.retests).order_by(schema.retests.c.run)):
                if not self._is_sound(row):
                    yield ChainProblem(0, f"the record of the re-test {row.run} was changed")

    def _is_sound(self, row: Row[Any]) -> bool:
        ours = row.public_key == self._signer.public_key
        return ours and is_valid(row.public_key, row.signature, _signed_bytes(row.run, row.day, row.content))

    def _signed(self, record: RetestRecord) -> tuple[RetestRecord, dict[str, str]]:
        signed = replace(record, digest=record_digest(record))
        content, day = RETEST.text(signed), max(record.counts.values()).isoformat()
        public_key, signature = self._signer.sign(_signed_bytes(record.run, day, content))
        return signed, {
            "run": record.run,
            "day": day,
            "content": content,
            "public_key": public_key,
            "signature": signature,
        }


def record_digest(record: RetestRecord) -> str:
    """Return SHA-256 over everything in a record but its digest."""
    return digest(RETEST.text(replace(record, digest="")).encode())


def _signed_bytes(run: str, day: str, content: str) -> bytes:
    return f"tilik-retest\n{run}\n{day}\n{content}".encode()
