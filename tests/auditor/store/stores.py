"""A workspace with a small chain of evidence, and hands that tamper with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from auditor.model.evidence import Evidence, Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import Facts
from auditor.model.inventory import Inventory, Organization
from auditor.model.plan import ScanPlan, Task
from auditor.model.run import AuditRun, Provenance, RunStatus
from auditor.policy.loading import load_policy
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace, open_workspace

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
TIMING = Timing(AT, AT, 1.25)
ROWS = 5


def audit_run(run_id: str = "run-1", started_at: datetime = AT) -> AuditRun:
    """Return a run that has just begun."""
    return AuditRun(run_id, RunStatus.RUNNING, started_at, None, Provenance("p", "c", "i", {}, "1"), ("s",))


def create_run(workspace: Workspace, run: AuditRun) -> AuditRun:
    """Store a run that has nothing planned."""
    inventory = Inventory(Organization("Contoh", "Asia/Jakarta"), (), (), ())
    workspace.runs.create(run, RunInputs(inventory, load_policy(), ScanPlan((), ())))
    return run


def task(number: int) -> Task:
    """Return the task of a port."""
    return Task("tls", "bkd-web-01", "bkd", "10.0.0.1", number, "bkd.example.go.id", "094/112/2026")


def observation(number: int) -> Observation:
    """Return what was seen on a port: every third time a failure."""
    raw = (RawOutput("answer.bin", "application/octet-stream", f"answer {number}".encode()),)
    if number % 3 == 0:
        return Observation("fake", "1", {}, {}, Failure(FailureKind.TIMEOUT, "after 5 s"), raw)
    facts: Facts = {"tls.tls_1_0": number % 2 == 0, "tls.groups": ["X25519"], "tls.dh_bits": None}
    return Observation("fake", "1", {"timeout_seconds": 5.0}, facts, None, raw)


def append(workspace: Workspace, number: int, run: str = "run-1") -> Evidence:
    """Store the observation of a port."""
    return workspace.evidence.append(run, task(number), TIMING, observation(number))


def filled(folder: Path, rows: int = ROWS) -> Workspace:
    """Return a new workspace with a run, its rows of evidence and a signed head."""
    workspace = open_workspace(folder)
    create_run(workspace, audit_run())
    for number in range(1, rows + 1):
        append(workspace, number)
    workspace.heads.sign(*workspace.evidence.head(), AT)
    return workspace


@contextmanager
def tampering(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database as somebody who may write its file: without foreign keys, triggers put aside."""
    connection = sqlite3.connect(folder / "audit.db")
    try:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'evidence_no_%'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    finally:
        connection.close()


def problems(workspace: Workspace) -> list[tuple[int, str]]:
    """Return everything that verification finds, in chain and heads."""
    found = [*workspace.evidence.verify(), *workspace.heads.verify()]
    return [(one.sequence, one.problem) for one in found]
