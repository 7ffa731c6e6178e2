"""Verdicts, findings and scorecards of a run, written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from auditor.model.assessment import Footing
from auditor.model.finding import FindingStatus
from auditor.model.report import PreviousScore
from auditor.model.run import RunKind
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Verdict
from auditor.store import schema
from auditor.store.marks import Marks
from auditor.store.records import FOOTING, SCORECARD, VERDICT

ORGANIZATION = ""
_ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """The history that a finding keeps between runs."""

    id: str
    check: str
    subject: str
    opd: str
    status: FindingStatus
    first_run: str
    last_run: str
    first_seen: datetime
    last_seen: datetime
    due: date
    fixed_run: str = ""
    """The run that closed it; empty while it is open."""


class ResultStore:
    """What a run came to."""

    def __init__(self, engine: Engine, marks: Marks):
        self._engine = engine
        self._marks = marks

    def save(
        self,
        run: str,
        verdicts: Iterable[Verdict],
        findings: Iterable[FindingRecord],
        scorecards: Mapping[str, Scorecard],
        now: datetime,
        footing: Footing,
    ) -> None:
        """Replace a run's results and bring the findings up to date, all or nothing."""
        with self._engine.begin() as connection:
            for table in (schema.verdicts, schema.scorecards, schema.finding_events, schema.footings):
                connection.execute(delete(table).where(table.c.run == run))
            connection.execute(insert(schema.footings).values(run=run, content=FOOTING.text(footing)))
            _insert_verdicts(connection, run, verdicts)
            _insert_scorecards(connection, run, scorecards)
            for finding in findings:
                _upsert_finding(connection, run, finding, now)
            self._marks.of_findings(connection, now)

    def verdicts(self, run: str) -> tuple[Verdict, ...]:
        """Return a run's verdicts in a stable order."""
        table = schema.verdicts.c
        query = select(table.content).where(table.run == run).order_by(table.check, table.subject)
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

    def findings(self) -> dict[str, FindingRecord]:
        """Return every finding ever made, by id."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(schema.findings).order_by(schema.findings.c.id)).mappings()
            return {row["id"]: _finding(dict(row)) for row in rows}

    def events(self, run: str) -> dict[str, FindingStatus]:
        """Return finding id → status that a run gave it."""
        table = schema.finding_events.c
        query = select(table.finding, table.status).where(table.run == run)
        with self._engine.connect() as connection:
            return {row.finding: FindingStatus(row.status) for row in connection.execute(query)}

    def closed(self, run: str) -> dict[str, int]:
        """Return finding id → how many other runs closed it."""
        table = schema.finding_events.c
        query = (
            select(table.finding, func.count())
            .where(table.status == FindingStatus.FIXED.value, table.run != run)
            .group_by(table.finding)
        )
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

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


def _insert_verdicts(connection: Connection, run: str, verdicts: Iterable[Verdict]) -> None:
    rows = (
        {
            "run": run,
            "check": verdict.check,
            "subject": verdict.subject.key,
            "status": verdict.status.value,
            "server": verdict.subject.server,
            "content": VERDICT.text(verdict),
        }
        for verdict in verdicts
    )
    # A thousand servers have some 300,000 verdicts, whose texts need not all be in memory at once.
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        connection.execute(insert(schema.verdicts), batch)


def _insert_scorecards(connection: Connection, run: str, scorecards: Mapping[str, Scorecard]) -> None:
    for opd, card in sorted(scorecards.items()):
        connection.execute(
            insert(schema.scorecards).values(
                run=run,
                opd=opd,
                floor=card.score.floor,
                ceiling=card.score.ceiling,
                coverage=card.score.coverage,
                letter=card.grade.letter,
                content=SCORECARD.text(card),
            )
        )


def _upsert_finding(connection: Connection, run: str, finding: FindingRecord, now: datetime) -> None:
    values = {
        "check": finding.check,
        "subject": finding.subject,
        "opd": finding.opd,
        "status": finding.status.value,
        "first_run": finding.first_run,
        "last_run": finding.last_run,
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "due": finding.due.isoformat(),
        "fixed_run": finding.fixed_run,
    }
    changed = connection.execute(
        update(schema.findings).where(schema.findings.c.id == finding.id).values(**values)
    )
    if not changed.rowcount:
        connection.execute(insert(schema.findings).values(id=finding.id, **values))
    connection.execute(
        insert(schema.finding_events).values(
            finding=finding.id, run=run, status=finding.status.value, at=now.isoformat()
        )
    )


def _finding(row: Mapping[str, str]) -> FindingRecord:
    return FindingRecord(
        id=row["id"],
        check=row["check"],
        subject=row["subject"],
        opd=row["opd"],
        status=FindingStatus(row["status"]),
        first_run=row["first_run"],
        last_run=row["last_run"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        due=date.fromisoformat(row["due"]),
        fixed_run=row["fixed_run"],
    )
