"""What people decided: an append-only log in a hash chain, every entry signed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from auditor.model.attestation import Attestation, EvidenceFile
from auditor.model.decision import Decision
from auditor.model.trial import TrialClosing
from auditor.store import schema
from auditor.store.artefacts import ArtefactStore
from auditor.store.chain import GENESIS, digest, row_hash
from auditor.store.evidence import ChainProblem
from auditor.store.marks import DECISIONS, Marks
from auditor.store.records import DECISION, FOOTING
from auditor.store.signing import Signer, is_valid


class LogMovedError(Exception):
    """Somebody decided something since the log was read."""


class DecisionStore:
    """Entries in the database; evidence that people hand in as files beside the raw outputs."""

    def __init__(self, engine: Engine, artefacts: ArtefactStore, signer: Signer, marks: Marks):
        self._engine = engine
        self._artefacts = artefacts
        self._signer = signer
        self._marks = marks

    def append(self, entries: Iterable[Decision], expected: int | None = None) -> tuple[Decision, ...]:
        """Store entries durably, all or none, and return them with their numbers.

        `expected` is the number of the last entry that the caller took into account; raise LogMovedError when
        another was stored since.
        """
        with self._engine.begin() as connection:
            if expected is not None and _head(connection)[0] != expected:
                raise LogMovedError
            stored = tuple(self._append(connection, entry) for entry in entries)
            if stored:
                self._marks.of_row(connection, DECISIONS, *_head(connection), stored[-1].at)
            return stored

    def _append(self, connection: Connection, entry: Decision) -> Decision:
        last, previous = _head(connection)
        numbered = replace(entry, sequence=last + 1)
        sealed = row_hash(previous, DECISION.plain(numbered))
        public_key, signature = self._signer.sign(_signed_bytes(numbered.sequence, sealed))
        connection.execute(
            insert(schema.decisions).values(
                sequence=numbered.sequence,
                kind=numbered.kind.value,
                about=numbered.about,
                row=DECISION.text(numbered),
                previous_hash=previous,
                hash=sealed,
                public_key=public_key,
                signature=signature,
            )
        )
        return numbered

    def all(self, upto: int | None = None) -> tuple[Decision, ...]:
        """Return the entries in order, or those up to a number."""
        query = select(schema.decisions.c.row).order_by(schema.decisions.c.sequence)
        if upto is not None:
            query = query.where(schema.decisions.c.sequence <= upto)
        with self._engine.connect() as connection:
            return tuple(DECISION.value(row) for row in connection.execute(query).scalars())

    def head(self, upto: int | None = None) -> tuple[int, str]:
        """Return number and hash of the last entry, or of the last one up to a number; (0, zeros) of none."""
        with self._engine.connect() as connection:
            return _head(connection, upto)

    def keep_file(self, name: str, content: bytes) -> EvidenceFile:
        """Keep a file by its SHA-256, durably; keeping the same again changes nothing."""
        return EvidenceFile(self._artefacts.put(content), name, len(content))

    def file(self, name: str) -> bytes | None:
        """Return the bytes of a kept file by its SHA-256, or None when it is not kept."""
        return self._artefacts.get(name)

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every entry that was changed, dropped, inserted or moved, and every file that differs."""
        previous, expected = GENESIS, 1
        own = self._signer.public_key
        with self._engine.connect() as connection:
            for row in connection.execute(select(schema.decisions).order_by(schema.decisions.c.sequence)):
                if row.sequence != expected:
                    yield _problem(expected, f"entries {expected} to {row.sequence - 1} are gone")
                if row.previous_hash != previous:
                    yield _problem(row.sequence, "does not follow the one before it")
                if row.public_key != own or not is_valid(
                    row.public_key, row.signature, _signed_bytes(row.sequence, row.hash)
                ):
                    yield _problem(row.sequence, "its signature is not ours")
                yield from self._problems_of_row(row)
                previous, expected = row.hash, row.sequence + 1
            yield from _lost_entries(connection)

    def _problems_of_row(self, row: Row[Any]) -> Iterator[ChainProblem]:
        sequence = int(row.sequence)
        try:
            content = json.loads(row.row)
            entry = DECISION.value(row.row)
        except ValueError:
            yield _problem(sequence, "is not readable any more")
            return
        named = (entry.sequence, entry.kind.value, entry.about)
        if row_hash(row.previous_hash, content) != row.hash or named != (row.sequence, row.kind, row.about):
            yield _problem(sequence, "its content was changed")
        for name in files_of(entry):
            kept = self._artefacts.get(name)
            if kept is None:
                yield _problem(sequence, f"its evidence {name} is gone")
            elif digest(kept) != name:
                yield _problem(sequence, f"its evidence {name} was changed")


def _lost_entries(connection: Connection) -> Iterator[ChainProblem]:
    """Yield every judged run that took more decisions into account than there are, or others."""
    hashes = {row.sequence: row.hash for row in connection.execute(select(schema.decisions))}
    for row in connection.execute(select(schema.footings).order_by(schema.footings.c.run)):
        try:
            footing = FOOTING.value(row.content)
        except ValueError:
            yield ChainProblem(0, f"what {row.run} was judged with is not readable any more")
            continue
        if footing.decisions and hashes.get(footing.decisions) != footing.decisions_head:
            yield _problem(footing.decisions, f"is not the one that {row.run} was judged with")


def files_of(entry: Decision) -> tuple[str, ...]:
    """Return the SHA-256 of every file that an entry rests on."""
    match entry.content:
        case Attestation() as answer:
            return tuple(file.digest for file in answer.evidence)
        case TrialClosing() as closing:
            return (closing.report,)
        case _:
            return ()


def _problem(sequence: int, problem: str) -> ChainProblem:
    return ChainProblem(0, f"decision {sequence}: {problem}")


def _head(connection: Connection, upto: int | None = None) -> tuple[int, str]:
    table = schema.decisions.c
    query = select(table.sequence, table.hash).order_by(table.sequence.desc()).limit(1)
    if upto is not None:
        query = query.where(table.sequence <= upto)
    row = connection.execute(query).first()
    return (row.sequence, row.hash) if row else (0, GENESIS)


def _signed_bytes(sequence: int, sealed: str) -> bytes:
    return f"tilik-decision\n{sequence}\n{sealed}".encode()
