"""Runs: what was planned, with what inputs, and how far it came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Row, insert, select, update

from auditor.model.inventory import Inventory
from auditor.model.plan import ScanPlan
from auditor.model.policy import Policy
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.store import schema
from auditor.store.chain import canonical
from auditor.store.marks import Marks
from auditor.store.records import INVENTORY, PLAN, POLICY, PROVENANCE


@dataclass(frozen=True, slots=True)
class RunInputs:
    """Everything a run was made from, as it was on its first day."""

    inventory: Inventory
    policy: Policy
    plan: ScanPlan


class RunStore:
    """Create runs and follow their state."""

    def __init__(self, engine: Engine, marks: Marks):
        self._engine = engine
        self._marks = marks

    def create(self, run: AuditRun, inputs: RunInputs) -> None:
        """Store a new run before its first packet."""
        stored = {"inventory": INVENTORY.plain(inputs.inventory), "policy": POLICY.plain(inputs.policy)}
        with self._engine.begin() as connection:
            connection.execute(
                insert(schema.runs).values(
                    id=run.id,
                    status=run.status.value,
                    started_at=run.started_at.isoformat(),
                    finished_at=None,
                    scope=canonical(list(run.scope)),
                    provenance=PROVENANCE.text(run.provenance),
                    inputs=canonical(stored),
                    plan=PLAN.text(inputs.plan),
                    kind=run.kind.value,
                )
            )
            self._marks.of_run(connection, run.id, run.started_at)

    def set_status(self, run_id: str, status: RunStatus, finished_at: datetime | None = None) -> None:
        """Record how far a run came."""
        with self._engine.begin() as connection:
            connection.execute(
                update(schema.runs)
                .where(schema.runs.c.id == run_id)
                .values(status=status.value, finished_at=finished_at.isoformat() if finished_at else None)
            )

    def get(self, run_id: str) -> AuditRun | None:
        """Return a run by its id, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(schema.runs).where(schema.runs.c.id == run_id)).first()
        return _run(row) if row else None

    def all(self) -> tuple[AuditRun, ...]:
        """Return every run, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(schema.runs).order_by(schema.runs.c.started_at, schema.runs.c.id)
            )
            return tuple(_run(row) for row in rows)

    def latest(self, *statuses: RunStatus) -> AuditRun | None:
        """Return the newest run in one of some states, or None. A re-test is no audit, and left out."""
        audits = (run for run in reversed(self.all()) if run.kind is not RunKind.RETEST)
        return next((run for run in audits if run.status in statuses), None)

    def inputs(self, run_id: str) -> RunInputs:
        """Return what a run was made from; raise KeyError for an unknown run."""
        with self._engine.connect() as connection:
            row = connection.execute(select(schema.runs).where(schema.runs.c.id == run_id)).first()
        if row is None:
            raise KeyError(run_id)
        stored = json.loads(row.inputs)
        return RunInputs(
            INVENTORY.value(canonical(stored["inventory"])),
            POLICY.value(canonical(stored["policy"])),
            PLAN.value(row.plan),
        )


def _run(row: Row[tuple[object, ...]]) -> AuditRun:
    return AuditRun(
        id=row.id,
        status=RunStatus(row.status),
        started_at=datetime.fromisoformat(row.started_at),
        finished_at=datetime.fromisoformat(row.finished_at) if row.finished_at else None,
        provenance=PROVENANCE.value(row.provenance),
        scope=tuple(json.loads(row.scope)),
        kind=RunKind(row.kind),
    )
