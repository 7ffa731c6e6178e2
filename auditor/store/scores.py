"""The numbers of stored scorecards, without the controls behind them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, select

from auditor.store import schema


@dataclass(frozen=True, slots=True)
class StoredScore:
    """The score of an OPD's own part in percent; `letter` is empty while withheld."""

    floor: float
    ceiling: float
    coverage: float
    letter: str


def stored_scores(engine: Engine, runs: Collection[str]) -> dict[str, dict[str, StoredScore]]:
    """Return run → OPD id → numbers, of the runs among these that were judged; "" is the organisation."""
    table = schema.scorecards.c
    query = select(table.run, table.opd, table.floor, table.ceiling, table.coverage, table.letter)
    found: dict[str, dict[str, StoredScore]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.where(table.run.in_(list(runs)))):
            score = StoredScore(row.floor, row.ceiling, row.coverage, row.letter)
            found.setdefault(row.run, {})[row.opd] = score
    return found
