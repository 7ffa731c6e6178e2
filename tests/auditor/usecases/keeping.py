"""Workspaces whose raw outputs are old and new, and eyes that look at what is left of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.model.evidence import Evidence, Observation, RawOutput
from auditor.model.plan import Task
from auditor.model.run import RunStatus
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace
from auditor.usecases.inputs import Inputs
from auditor.usecases.integrity import stored_problems
from auditor.usecases.pruning import Pruned, prune
from tests.auditor.store.stores import audit_run, create_run
from tests.auditor.usecases.world import INVENTORY, policy
from tests.controls.catalogue import shipped

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
RAW_DAYS = 100
INPUTS = Inputs(INVENTORY, replace(policy(), raw_days=RAW_DAYS), shipped())


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def measured(workspace: Workspace, days: float, *contents: str, server: str = "s") -> tuple[Evidence, ...]:
    """Store and complete a run of so many days ago with a row for each raw output."""
    run = replace(audit_run(f"run-{days}", days_ago(days)), scope=(server,))
    create_run(workspace, run)
    rows = tuple(row_of(workspace, run.id, days, content, server) for content in contents)
    workspace.runs.set_status(run.id, RunStatus.COMPLETE, days_ago(days))
    workspace.heads.sign(*workspace.evidence.head(), days_ago(days))
    workspace.seals.seal(run.id, days_ago(days))
    return rows


def row_of(workspace: Workspace, run: str, days: float, content: str, server: str = "s") -> Evidence:
    """Store one row, its raw output as old as it is."""
    raw = (RawOutput("answer", "text/plain", content.encode()),)
    observation = Observation("fake", "1", {}, {}, None, raw)
    timing = Timing(days_ago(days), days_ago(days), 1.0)
    task = Task("tls", server, "bkd", "10.0.0.1", 443, content)
    row = workspace.evidence.append(run, task, timing, observation)
    aged(workspace)
    return row


def aged(workspace: Workspace) -> None:
    """Let every file be an old one: what was stored a moment ago may have a row on its way."""
    for name in workspace.artefacts.names():
        os.utime(workspace.artefacts.path(name), (1000, 1000))


def pruned(workspace: Workspace, days: float = 0) -> Pruned:
    """Prune as of so many days ago."""
    return prune(workspace, INPUTS, days_ago(days))


def kept(workspace: Workspace) -> set[str]:
    """Return what raw outputs are still there."""
    return {content.decode() for content in contents(workspace)}


def contents(workspace: Workspace) -> Iterator[bytes]:
    for name in workspace.artefacts.names():
        content = workspace.artefacts.get(name)
        assert content is not None
        yield content


def problems(workspace: Workspace) -> list[str]:
    """Return what verification tells."""
    return [one.problem for one in stored_problems(workspace)]


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
