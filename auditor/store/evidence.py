"""Append evidence to the chain, read it back, and find what was changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from auditor.model.evidence import Evidence, Observation
from auditor.model.plan import Task
from auditor.store import schema
from auditor.store.artefacts import ArtefactStore
from auditor.store.chain import GENESIS, digest, row_hash
from auditor.store.database import LASTING_READ
from auditor.store.records import EVIDENCE

_UNHASHED = ("hash", "previous_hash")


@dataclass(frozen=True, slots=True)
class Timing:
    """When a task ran: UTC start and end, and monotonic duration."""

    started_at: datetime
    finished_at: datetime
    duration_seconds: float


@dataclass(frozen=True, slots=True)
class RawUse:
    """The raw outputs of one row, by SHA-256, and when that was measured (UTC)."""

    sequence: int
    run: str
    finished_at: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """A row of the chain that is not what was written, or a raw output that is not what it names."""

    sequence: int
    problem: str


class EvidenceStore:
    """Rows in the database, raw outputs on disk."""

    def __init__(
        self,
        engine: Engine,
        artefacts: ArtefactStore,
        pruned: Callable[[], Mapping[str, datetime]] = dict,
    ):
        self._engine = engine
        self._artefacts = artefacts
        self._pruned = pruned

    def append(self, run: str, task: Task, timing: Timing, observation: Observation) -> Evidence:
        """Store one observation durably and return its row. A task that has a row already keeps that one."""
        raw = {one.name: self._artefacts.put(one.content) for one in observation.raw}
        with self._engine.begin() as connection:
            existing = _row_of_task(connection, run, task.id)
            if existing is not None:
                return existing
            evidence = _chained(connection, run, task, timing, observation, raw)
            connection.execute(
                insert(schema.evidence).values(
                    sequence=evidence.sequence,
                    run=run,
                    task=task.id,
                    row=EVIDENCE.text(evidence),
                    previous_hash=evidence.previous_hash,
                    hash=evidence.hash,
                )
            )
        return evidence

    def of_run(self, run: str) -> dict[str, Evidence]:
        """Return task id → evidence of one run."""
        query = select(schema.evidence.c.row).where(schema.evidence.c.run == run)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(schema.evidence.c.sequence)).scalars().all()
        found = (EVIDENCE.value(row) for row in rows)
        return {evidence.task.id: evidence for evidence in found}

    def tried(self, run: str) -> dict[str, int]:
        """Return task id → number of the row, of what a run measured or tried to; not what it put off."""
        table = schema.evidence.c
        # Of a text in the row, a quotation mark is escaped, so nothing that a server said looks like this.
        put_off = table.row.contains('"kind":"blackout"')
        with self._engine.connect() as connection:
            rows = connection.execute(select(table.task, table.sequence).where(table.run == run, ~put_off))
            return {row.task: row.sequence for row in rows}

    def get(self, sequence: int) -> Evidence | None:
        """Return one row, or None."""
        query = select(schema.evidence.c.row).where(schema.evidence.c.sequence == sequence)
        with self._engine.connect() as connection:
            row = connection.execute(query).scalar_one_or_none()
        return None if row is None else EVIDENCE.value(row)

    def raw(self, name: str) -> bytes | None:
        """Return the bytes of a raw output by its SHA-256, or None when they are not kept."""
        return self._artefacts.get(name)

    def raw_uses(self) -> Iterator[RawUse]:
        """Yield what rows name raw outputs by, in order of the rows."""
        query = select(schema.evidence.c.row).order_by(schema.evidence.c.sequence)
        with self._engine.connect().execution_options(**{LASTING_READ: True}) as connection:
            for text in connection.execute(query).scalars():
                row = json.loads(text)
                if row["raw"]:
                    finished = datetime.fromisoformat(row["finished_at"])
                    yield RawUse(row["sequence"], row["run"], finished, tuple(row["raw"].values()))

    def head(self) -> tuple[int, str]:
        """Return sequence and hash of the last row."""
        with self._engine.connect() as connection:
            return _head(connection)

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every row that was changed, dropped, inserted or moved, and every raw output that differs.

        A raw output that was pruned after its row was measured is no problem.
        """
        previous, expected = GENESIS, 1
        pruned = self._pruned()
        query = select(schema.evidence).order_by(schema.evidence.c.sequence)
        # Every raw output is read in between: an audit that runs must not wait for that, nor its stop.
        with self._engine.connect().execution_options(**{LASTING_READ: True}) as connection:
            for row in connection.execute(query):
                if row.sequence != expected:
                    yield ChainProblem(expected, f"rows {expected} to {row.sequence - 1} are gone")
                if row.previous_hash != previous:
                    yield ChainProblem(row.sequence, "does not follow the row before it")
                yield from self._problems_of_row(row, pruned)
                previous, expected = row.hash, row.sequence + 1

    def _problems_of_row(self, row: Row[Any], pruned: Mapping[str, datetime]) -> Iterator[ChainProblem]:
        sequence = int(row.sequence)
        try:
            content = json.loads(row.row)
            evidence = EVIDENCE.value(row.row)
        except ValueError:
            yield ChainProblem(sequence, "is not readable any more")
            return
        covered = {key: value for key, value in content.items() if key not in _UNHASHED}
        named = (evidence.sequence, evidence.run, evidence.task.id, evidence.hash, evidence.previous_hash)
        if row_hash(row.previous_hash, covered) != row.hash or named != _columns(row):
            yield ChainProblem(sequence, "its content was changed")
        for name, expected in evidence.raw.items():
            raw = self._artefacts.get(expected)
            if raw is not None and digest(raw) != expected:
                yield ChainProblem(sequence, f"its raw output {name} was changed")
            if raw is None and not _was_pruned(expected, evidence, pruned):
                yield ChainProblem(sequence, f"its raw output {name} is gone")


def _was_pruned(name: str, evidence: Evidence, pruned: Mapping[str, datetime]) -> bool:
    # The same bytes may have been measured anew since: of that row, nobody was allowed to remove them.
    return name in pruned and evidence.finished_at <= pruned[name]


def _columns(row: Row[Any]) -> tuple[int, str, str, str, str]:
    return (row.sequence, row.run, row.task, row.hash, row.previous_hash)


def _row_of_task(connection: Connection, run: str, task: str) -> Evidence | None:
    table = schema.evidence.c
    row = connection.execute(
        select(table.row).where(table.run == run, table.task == task)
    ).scalar_one_or_none()
    return None if row is None else EVIDENCE.value(row)


def _head(connection: Connection) -> tuple[int, str]:
    table = schema.evidence.c
    row = connection.execute(
        select(table.sequence, table.hash).order_by(table.sequence.desc()).limit(1)
    ).first()
    return (row.sequence, row.hash) if row else (0, GENESIS)


def _chained(
    connection: Connection,
    run: str,
    task: Task,
    timing: Timing,
    observation: Observation,
    raw: dict[str, str],
) -> Evidence:
    last, previous = _head(connection)
    unsealed = Evidence(
        sequence=last + 1,
        run=run,
        task=task,
        started_at=timing.started_at,
        finished_at=timing.finished_at,
        duration_seconds=timing.duration_seconds,
        tool=observation.tool,
        tool_version=observation.tool_version,
        settings=observation.settings,
        facts=observation.facts,
        failure=observation.failure,
        raw=raw,
        previous_hash=previous,
        hash="",
    )
    covered = {key: value for key, value in EVIDENCE.plain(unsealed).items() if key not in _UNHASHED}
    return replace(unsealed, hash=row_hash(previous, covered))
