"""Findings in the database: what is written, what a mark covers, and what an older workspace becomes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from auditor.model.finding import FindingStatus
from auditor.model.finding_record import FindingRecord
from auditor.model.verdict import Status
from auditor.store import database
from auditor.store.database import open_engine, sqlite_url
from auditor.store.results import FindingsMovedError
from auditor.store.signing import Signer
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.findings import update_findings
from tests.auditor.store.stores import tampering
from tests.auditor.usecases.lives import (
    CIPHERS,
    FIRST,
    TELNET,
    A,
    B,
    Told,
    judge,
    server_with,
    ssh,
    the_finding,
)

CHANGED = "the findings or their history were changed"
DAYS = [f"2026-11-{day}T01:00:00+00:00" for day in (20, 21, 22, 23)]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace in which a moved server has a finding."""
    opened = open_workspace(tmp_path / "workspace")
    judge(opened, Told(0, {(CIPHERS, ssh(A)): Status.FAIL}))
    judge(opened, Told(1, {(CIPHERS, ssh(B)): Status.FAIL}, server_with(B)))
    yield opened
    opened.engine.dispose()


def told(opened: Workspace) -> list[str]:
    return [one.problem for one in opened.marks.verify()]


def test_a_finding_is_read_as_it_was_written(workspace: Workspace) -> None:
    found = the_finding(workspace)
    assert [(one.subject, one.at.day) for one in found.moved_from] == [(ssh(A).key, 23)]
    assert (found.subject, found.opened_at, found.fixed_at) == (ssh(B).key, FIRST, None)
    assert told(workspace) == []


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE findings SET opened_at = '2030-01-01T00:00:00+00:00'",
        "UPDATE findings SET moved_from = ''",
        "UPDATE findings SET times_fixed = 9",
        "UPDATE finding_events SET observed = 'settled'",
        "UPDATE finding_events SET observed_at = '2030-01-01T00:00:00+00:00'",
    ],
)
def test_an_edit_of_a_life_is_found(workspace: Workspace, edit: str) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute(edit)
    assert told(workspace) == [CHANGED]


def test_what_was_worked_out_from_older_findings_is_not_stored(workspace: Workspace) -> None:
    late = Told(3, {(CIPHERS, ssh(B)): Status.PASS}, server_with(B))
    workspace.runs.create(late.run, late.inputs)
    lives = update_findings(workspace, late.run, late.inputs, late.verdicts, late.footing)
    judge(workspace, Told(2, {(CIPHERS, ssh(B)): Status.PASS}, server_with(B)))
    before = the_finding(workspace)
    with pytest.raises(FindingsMovedError):
        workspace.results.save(late.run.id, late.verdicts, lives, {}, FIRST, late.footing)
    assert the_finding(workspace) == before
    assert workspace.results.footing(late.run.id) is None


def test_a_run_judged_in_between_counts_though_it_saw_no_finding(workspace: Workspace) -> None:
    late = Told(3, {(TELNET, ssh(B)): Status.FAIL}, server_with(B))
    workspace.runs.create(late.run, late.inputs)
    lives = update_findings(workspace, late.run, late.inputs, late.verdicts, late.footing)
    judge(workspace, Told(4, {}, server_with(B), scope=("bkd-web-01",)))
    with pytest.raises(FindingsMovedError):
        workspace.results.save(late.run.id, late.verdicts, lives, {}, FIRST, late.footing)


def old_workspace(folder: Path) -> Engine:
    """Make a workspace of the version before, with a finding that was fixed and came back."""
    folder.mkdir()
    engine = open_engine(sqlite_url(folder / "audit.db"))
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    rows = [
        ("F-1", CIPHERS, ssh().key, "bkd", "open", "run-0", "run-3", DAYS[0], DAYS[3], "2026-12-20", ""),
        ("F-2", TELNET, ssh().key, "bkd", "fixed", "run-0", "run-0", DAYS[0], DAYS[0], "2026-11-23", "run-1"),
    ]
    events = [
        *(
            ("F-1", f"run-{n}", status, DAYS[n])
            for n, status in enumerate(("new", "fixed", "reopened", "open"))
        ),
        *(("F-2", f"run-{n}", status, DAYS[n]) for n, status in enumerate(("new", "fixed"))),
    ]
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for number, day in enumerate(DAYS):
            connection.execute(
                text("INSERT INTO runs VALUES (:id, 'complete', :at, :at, '[]', '{}', '{}', '{}')"),
                {"id": f"run-{number}", "at": day},
            )
        for table, listed in (("findings", rows), ("finding_events", events)):
            for row in listed:
                names = ", ".join(f":c{number}" for number in range(len(row)))
                values = {f"c{number}": value for number, value in enumerate(row)}
                connection.execute(text(f"INSERT INTO {table} VALUES ({names})"), values)
        _mark(folder, connection, [*rows, *sorted(events)])
    return engine


def _mark(folder: Path, connection: Connection, rows: list[tuple[str, ...]]) -> None:
    """Sign the findings as the version before did."""
    total = hashlib.sha256()
    for row in rows:
        plain = json.dumps(list(row), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        total.update(plain.encode() + b"\n")
    content = total.hexdigest()
    key, signature = Signer(folder / "keys" / "chain-head.key").sign(
        f"tilik-mark\nfindings\n{content}".encode()
    )
    connection.execute(
        text("INSERT INTO marks VALUES ('findings', :content, 'then', :key, :signature)"),
        {"content": content, "key": key, "signature": signature},
    )


def test_findings_of_the_version_before_keep_their_mark_and_get_a_life(tmp_path: Path) -> None:
    old_workspace(tmp_path / "old").dispose()
    opened = open_workspace(tmp_path / "old")
    assert CHANGED not in told(opened)
    found = opened.results.findings()
    assert found["F-1"] == FindingRecord(
        id="F-1",
        check=CIPHERS,
        subject=ssh().key,
        opd="bkd",
        status=FindingStatus.OPEN,
        first_run="run-0",
        last_run="run-3",
        first_seen=datetime(2026, 11, 20, 1, tzinfo=UTC),
        last_seen=datetime(2026, 11, 23, 1, tzinfo=UTC),
        due=date(2026, 12, 20),
        opened_at=datetime(2026, 11, 22, 1, tzinfo=UTC),
        times_fixed=1,
    )
    assert found["F-2"].opened_at == found["F-2"].first_seen
    assert found["F-2"].fixed_at == datetime(2026, 11, 21, 1, tzinfo=UTC)
    history = [(one.finding, one.observed.value) for one in opened.results.history()]
    assert history[:2] == [("F-1", "failing"), ("F-2", "failing")]
    assert history[2:4] == [("F-1", "settled"), ("F-2", "settled")]
    opened.engine.dispose()


def test_an_edit_of_findings_of_the_version_before_is_found(tmp_path: Path) -> None:
    old_workspace(tmp_path / "old").dispose()
    with tampering(tmp_path / "old") as connection:
        connection.execute("UPDATE findings SET due = '2030-01-01'")
    opened = open_workspace(tmp_path / "old")
    assert CHANGED in told(opened)
    opened.engine.dispose()
