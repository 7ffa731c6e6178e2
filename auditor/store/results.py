"""Verdicts, findings and scorecards of a run, written in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from auditor.model.assessment import Footing
from auditor.model.check import Text
from auditor.model.finding import FindingStatus
from auditor.model.finding_record import Basis, FindingEvent, FindingRecord, Lives
from auditor.model.plan import Place
from auditor.model.report import PreviousScore
from auditor.model.run import RunKind
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Status, Verdict
from auditor.store import schema
from auditor.store.finding_rows import read_events, read_findings, save_lives
from auditor.store.marks import FINDINGS, Marks
from auditor.store.records import FOOTING, SCORECARD, VERDICT
from auditor.store.rows import replace_rows

__all__ = ["ORGANIZATION", "FindingRecord", "FindingsMovedError", "ResultStore"]

ORGANIZATION = ""


class FindingsMovedError(Exception):
    """Somebody else changed findings, or judged a run, since they were read."""


class ResultStore:
    """What a run came to."""

    def __init__(self, engine: Engine, marks: Marks):
        self._engine = engine
        self._marks = marks

    def save(
        self,
        run: str,
        verdicts: Iterable[Verdict],
        lives: Lives | None,
        scorecards: Mapping[str, Scorecard],
        now: datetime,
        footing: Footing,
    ) -> int:
        """Replace a run's results and bring the findings up to date, all or nothing; return the changed rows.

        None leaves findings alone. Raise FindingsMovedError when somebody else changed them, or judged a run,
        since they were read: then they have to be worked out anew.
        """
        with self._engine.begin() as connection:
            if lives is not None and self._basis(connection, run) != lives.basis:
                raise FindingsMovedError
            changed = _save_results(connection, run, verdicts, scorecards, footing)
            if lives is not None:
                moved = save_lives(connection, lives, now)
                if moved or not lives.basis.mark:
                    self._marks.of_findings(connection, now)
                changed += moved
            return changed

    def basis(self, run: str) -> Basis:
        """Return what the lives of findings are to be worked out from, for a run that is to be judged."""
        with self._engine.connect() as connection:
            return self._basis(connection, run)

    def _basis(self, connection: Connection, run: str) -> Basis:
        judged = connection.execute(select(schema.footings.c.run).where(schema.footings.c.run != run))
        return Basis(self._marks.content(connection, FINDINGS), frozenset(judged.scalars()))

    def judged(self) -> frozenset[str]:
        """Return the ids of all runs that were judged."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(schema.footings.c.run)).scalars())

    def verdicts(self, run: str, servers: Collection[str] = ()) -> tuple[Verdict, ...]:
        """Return a run's verdicts in a stable order: all, or those about some servers."""
        table = schema.verdicts.c
        query = select(table.content).where(table.run == run).order_by(table.check, table.subject)
        if servers:
            query = query.where(table.server.in_(sorted(servers)))
        with self._engine.connect() as connection:
            return tuple(VERDICT.value(content) for content in connection.execute(query).scalars())

    def scorecards(self, run: str) -> dict[str, Scorecard]:
        """Return OPD id → scorecard of a run; "" is the whole organisation."""
        table = schema.scorecards.c
        query = select(table.opd, table.content).where(table.run == run).order_by(table.opd)
        with self._engine.connect() as connection:
            return {row.opd: SCORECARD.value(row.content) for row in connection.execute(query)}

    def footing(self, run: str) -> Footing | None:
        """Return what a run was judged with, or None when it was not judged."""
        query = select(schema.footings.c.content).where(schema.footings.c.run == run)
        with self._engine.connect() as connection:
            content = connection.execute(query).scalar_one_or_none()
        return None if content is None else FOOTING.value(content)

    def statuses(self, run: str) -> dict[Place, Status]:
        """Return what a run judged, by place, without the rest of its verdicts."""
        table = schema.verdicts.c
        query = select(table.check, table.subject, table.status).where(table.run == run)
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return {Place(row.check, row.subject): Status(row.status) for row in rows}

    def findings(self) -> dict[str, FindingRecord]:
        """Return every finding ever made, by id."""
        with self._engine.connect() as connection:
            return read_findings(connection)

    def events(self, run: str) -> dict[str, FindingStatus]:
        """Return finding id → status that a run gave it."""
        table = schema.finding_events.c
        query = select(table.finding, table.status).where(table.run == run)
        with self._engine.connect() as connection:
            return {row.finding: FindingStatus(row.status) for row in connection.execute(query)}

    def history(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[FindingEvent, ...]:
        """Return what runs saw of findings, in the order in which the runs began.

        Of runs that began after `since` and not after `until`, where these are named.
        """
        with self._engine.connect() as connection:
            return read_events(connection, since, until)

    def life(self, finding: str) -> tuple[FindingEvent, ...]:
        """Return everything that runs saw of one finding, in the order in which they began."""
        with self._engine.connect() as connection:
            return read_events(connection, finding=finding)

    def reasons(self, run: str, places: Iterable[Place]) -> dict[Place, Text]:
        """Return why a run could not reach a verdict, of the places at which it could not."""
        table, wanted = schema.verdicts.c, set(places)
        query = select(table.check, table.subject, table.content).where(
            table.run == run, table.status.in_([Status.UNKNOWN.value, Status.ERROR.value])
        )
        with self._engine.connect() as connection:
            rows = ((Place(row.check, row.subject), row.content) for row in connection.execute(query))
            return {place: VERDICT.value(text).reason for place, text in rows if place in wanted}

    def previous(self, run: str, started_at: datetime) -> dict[str, PreviousScore]:
        """Return OPD id → numbers of the last complete run before this one over the same servers.

        Another scope gives other numbers without anything having moved.
        """
        runs, cards = schema.runs.c, schema.scorecards.c
        earlier = (
            select(runs.id, runs.finished_at)
            .where(
                runs.status == "complete",
                runs.kind != RunKind.RETEST.value,
                runs.started_at < started_at.isoformat(),
                runs.id != run,
                runs.scope == select(runs.scope).where(runs.id == run).scalar_subquery(),
            )
            .order_by(runs.started_at.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            before = connection.execute(earlier).first()
            if before is None:
                return {}
            rows = connection.execute(select(schema.scorecards).where(cards.run == before.id)).all()
        at = datetime.fromisoformat(before.finished_at)
        return {
            row.opd: PreviousScore(before.id, at, row.floor, row.ceiling, row.coverage, row.letter)
            for row in rows
        }


def _save_results(
    connection: Connection,
    run: str,
    verdicts: Iterable[Verdict],
    cards: Mapping[str, Scorecard],
    footing: Footing,
) -> int:
    """Replace what a run came to; return how many rows changed."""
    base = {"run": run, "content": FOOTING.text(footing)}
    given = (
        (schema.footings, [base]),
        (schema.verdicts, _verdict_rows(run, verdicts)),
        (schema.scorecards, _scorecard_rows(run, cards)),
    )
    return sum(replace_rows(connection, table, rows, table.c.run == run) for table, rows in given)


def _verdict_rows(run: str, verdicts: Iterable[Verdict]) -> Iterator[dict[str, object]]:
    for verdict in verdicts:
        yield {
            "run": run,
            "check": verdict.check,
            "subject": verdict.subject.key,
            "status": verdict.status.value,
            "server": verdict.subject.server,
            "content": VERDICT.text(verdict),
        }


def _scorecard_rows(run: str, scorecards: Mapping[str, Scorecard]) -> Iterator[dict[str, object]]:
    for opd, card in sorted(scorecards.items()):
        yield {
            "run": run,
            "opd": opd,
            "floor": card.score.floor,
            "ceiling": card.score.ceiling,
            "coverage": card.score.coverage,
            "letter": card.grade.letter,
            "content": SCORECARD.text(card),
        }
