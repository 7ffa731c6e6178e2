"""Messages that are to be sent, one row per address, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, insert, or_, select, update

from auditor.model.message import Audience, Delivery, DeliveryStatus, Message
from auditor.store import schema
from auditor.store.records import MESSAGE

_TABLE = schema.deliveries


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery with what it delivers."""

    delivery: Delivery
    message: Message


class DeliveryStore:
    """Whoever claims a delivery may try it once; what was added stays what it is."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, outgoing: Iterable[Outgoing]) -> tuple[Delivery, ...]:
        """Store those that are not there yet, all or none, and return them."""
        added: list[Delivery] = []
        listed = list(outgoing)  # made before the transaction: making them may read
        with self._engine.begin() as connection:
            known = set(connection.execute(select(_TABLE.c.id)).scalars())
            for one in listed:
                if one.delivery.id not in known:
                    known.add(one.delivery.id)
                    content = MESSAGE.text(one.message)
                    connection.execute(insert(_TABLE).values(**_values(one.delivery), content=content))
                    added.append(one.delivery)
        return tuple(added)

    def all(self) -> tuple[Delivery, ...]:
        """Return every delivery, oldest first."""
        return self._select()

    def waiting(self) -> tuple[Delivery, ...]:
        """Return those that are still to be sent, oldest first."""
        return self._select(_TABLE.c.status == DeliveryStatus.WAITING.value)

    def last_sent(self, channel: str, to: str, audience: Audience, opd: str) -> Delivery | None:
        """Return the newest that reached a reader at an address, None when none did."""
        found = self._select(
            _TABLE.c.status == DeliveryStatus.SENT.value,
            _TABLE.c.channel == channel,
            _TABLE.c.to == to,
            _TABLE.c.audience == audience.value,
            _TABLE.c.opd == opd,
        )
        return found[-1] if found else None

    def message(self, delivery_id: str) -> Message | None:
        """Return what a delivery delivers; None when it is unknown or its content was forgotten."""
        with self._engine.connect() as connection:
            content = connection.execute(
                select(_TABLE.c.content).where(_TABLE.c.id == delivery_id)
            ).scalar_one_or_none()
        return MESSAGE.value(content) if content else None

    def claim(self, delivery: Delivery, next_attempt_at: datetime) -> Delivery | None:
        """Take a waiting delivery for one attempt, counted at once; None when somebody else was faster.

        Whoever dies over it leaves it to the next attempt, which begins no sooner than `next_attempt_at`.
        """
        taken = replace(delivery, attempts=delivery.attempts + 1, next_attempt_at=next_attempt_at)
        is_waiting = delivery.status is DeliveryStatus.WAITING
        return taken if is_waiting and self._replace(delivery, taken) else None

    def renew(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Let a delivery that was not sent begin anew; None when something became of it meanwhile."""
        renewed = replace(delivery, status=DeliveryStatus.WAITING, attempts=0, next_attempt_at=now)
        unsent = delivery.status is not DeliveryStatus.SENT
        return renewed if unsent and self._replace(delivery, renewed) else None

    def _replace(self, seen: Delivery, now: Delivery) -> bool:
        """Return whether a row was still as it was seen, and so was changed."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(_TABLE)
                .where(
                    _TABLE.c.id == seen.id,
                    _TABLE.c.status == seen.status.value,
                    _TABLE.c.attempts == seen.attempts,
                )
                .values(**_values(now))
            )
        return bool(changed.rowcount)

    def update(self, delivery: Delivery) -> None:
        """Store what became of a delivery that was claimed."""
        with self._engine.begin() as connection:
            connection.execute(update(_TABLE).where(_TABLE.c.id == delivery.id).values(**_values(delivery)))

    def forget(self, before: datetime) -> int:
        """Drop the contents of what was settled and made before an instant; return how many. Rows stay."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(_TABLE)
                .where(
                    _TABLE.c.created_at < before.isoformat(),
                    _TABLE.c.status != DeliveryStatus.WAITING.value,
                    _TABLE.c.content != "",
                )
                .values(content="")
            )
        return int(changed.rowcount)

    def troubled_since(self, instant: datetime) -> tuple[Delivery, ...]:
        """Return those made after an instant that failed, or wait after a failed attempt; oldest first."""
        failed = _TABLE.c.status == DeliveryStatus.FAILED.value
        waiting = (_TABLE.c.status == DeliveryStatus.WAITING.value) & (_TABLE.c.problem != "")
        return self._select(_TABLE.c.created_at > instant.isoformat(), or_(failed, waiting))

    def _select(self, *conditions: Any) -> tuple[Delivery, ...]:
        # The contents of a year of messages are large and stay where they are.
        columns = [column for column in _TABLE.c if column.name != "content"]
        chosen = select(*columns).where(*conditions).order_by(_TABLE.c.created_at, _TABLE.c.id)
        with self._engine.connect() as connection:
            return tuple(_delivery(row) for row in connection.execute(chosen))


def _values(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "to": delivery.to,
        "audience": delivery.audience.value,
        "opd": delivery.opd,
        "subject": delivery.subject,
        "created_at": delivery.created_at.isoformat(),
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at.isoformat() if delivery.next_attempt_at else None,
        "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
        "problem": delivery.problem,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        channel=row.channel,
        to=row.to,
        audience=Audience(row.audience),
        opd=row.opd,
        subject=row.subject,
        created_at=datetime.fromisoformat(row.created_at),
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        next_attempt_at=datetime.fromisoformat(row.next_attempt_at) if row.next_attempt_at else None,
        sent_at=datetime.fromisoformat(row.sent_at) if row.sent_at else None,
        problem=row.problem,
    )
