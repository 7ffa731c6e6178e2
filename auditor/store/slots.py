"""The times at which schedules should have run, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select, update

from auditor.model.schedule import Slot, SlotStatus, Work
from auditor.store import schema

SET_BACK = " (clock set back)"
"""Ends the name under which slots stand that were handled before the clock was set back behind them."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """From when on the times of a schedule are asked for. `times` is its cron expression and zone."""

    schedule: str
    times: str
    since: datetime


class SlotStore:
    """Rows that only the holder of the scheduler's lock writes."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def anchor(self, schedule: str) -> Anchor | None:
        """Return from when on a schedule counts, None for one never seen."""
        table = schema.anchors
        with self._engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.schedule == schedule)).first()
        return Anchor(row.schedule, row.times, datetime.fromisoformat(row.since)) if row else None

    def set_anchor(self, anchor: Anchor) -> None:
        """Store from when on a schedule counts, in place of what was known."""
        table = schema.anchors
        with self._engine.begin() as connection:
            values = {"times": anchor.times, "since": _stored(anchor.since)}
            changed = connection.execute(
                update(table).where(table.c.schedule == anchor.schedule).values(**values)
            )
            if not changed.rowcount:
                connection.execute(insert(table).values(schedule=anchor.schedule, **values))

    def keep_anchors(self, schedules: Collection[str]) -> None:
        """Forget every schedule but these: one that comes back counts anew."""
        table = schema.anchors
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.schedule.not_in(schedules)))

    def claim(self, slots: Iterable[Slot]) -> None:
        """Store new slots, all or none; raise IntegrityError when one of them exists."""
        with self._engine.begin() as connection:
            for slot in slots:
                connection.execute(insert(schema.slots).values(**_values(slot)))

    def update(self, slot: Slot) -> None:
        """Store what became of a slot that was claimed before."""
        table = schema.slots
        with self._engine.begin() as connection:
            connection.execute(
                update(table)
                .where(table.c.schedule == slot.schedule, table.c.at == _stored(slot.at))
                .values(**_values(slot))
            )

    def disown(self, schedule: str, after: datetime) -> int:
        """Put aside a schedule's slots after an instant, as the clock was set back; return how many.

        They stay in the history under another name, and their times can be claimed once they really come.
        """
        table, aside = schema.slots, schedule + SET_BACK
        with self._engine.begin() as connection:
            ahead = (table.c.schedule == schedule, table.c.at > _stored(after))
            times = select(table.c.at).where(*ahead).scalar_subquery()
            connection.execute(delete(table).where(table.c.schedule == aside, table.c.at.in_(times)))
            return connection.execute(update(table).where(*ahead).values(schedule=aside)).rowcount

    def running(self) -> tuple[Slot, ...]:
        """Return the slots that began and were not ended, oldest first."""
        return self._select(schema.slots.c.status == SlotStatus.RUNNING.value)

    def latest(self, schedule: str) -> Slot | None:
        """Return the newest slot of a schedule, None when it has none."""
        table = schema.slots
        newest = select(table).where(table.c.schedule == schedule).order_by(table.c.at.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).first()
        return _slot(row) if row else None

    def since(self, instant: datetime) -> tuple[Slot, ...]:
        """Return the slots of the times after an instant, oldest first."""
        return self._select(schema.slots.c.at > _stored(instant))

    def all(self) -> tuple[Slot, ...]:
        """Return every slot, oldest first."""
        return self._select()

    def of_run(self, run: str) -> Slot | None:
        """Return the slot that made an audit, None for one that a person began."""
        found = self._select(schema.slots.c.run == run)
        return found[-1] if run and found else None

    def _select(self, *conditions: Any) -> tuple[Slot, ...]:
        table = schema.slots
        chosen = select(table).where(*conditions).order_by(table.c.at, table.c.schedule)
        with self._engine.connect() as connection:
            return tuple(_slot(row) for row in connection.execute(chosen))


def _stored(instant: datetime) -> str:
    """Return a text that sorts as the instant does."""
    return instant.astimezone(UTC).isoformat()


def _values(slot: Slot) -> dict[str, Any]:
    return {
        "schedule": slot.schedule,
        "at": _stored(slot.at),
        "work": slot.work.value,
        "status": slot.status.value,
        "run": slot.run,
        "started_at": _stored(slot.started_at) if slot.started_at else None,
        "finished_at": _stored(slot.finished_at) if slot.finished_at else None,
        "reason": slot.reason,
    }


def _slot(row: Row[Any]) -> Slot:
    return Slot(
        schedule=row.schedule,
        at=datetime.fromisoformat(row.at),
        work=Work(row.work),
        status=SlotStatus(row.status),
        run=row.run,
        started_at=datetime.fromisoformat(row.started_at) if row.started_at else None,
        finished_at=datetime.fromisoformat(row.finished_at) if row.finished_at else None,
        reason=row.reason,
    )
