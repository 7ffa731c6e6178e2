"""Evidence is append-only, and whatever is done to it behind our back is found."""

from __future__ import annotations

import json
import sqlite3
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from auditor.model.evidence import Evidence, Observation
from auditor.model.facts import JSON
from auditor.store.chain import GENESIS, canonical, row_hash
from auditor.store.records import EVIDENCE
from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.store.stores import (
    AT,
    ROWS,
    TIMING,
    append,
    audit_run,
    create_run,
    observation,
    problems,
    tampering,
    task,
)

Tamper = Callable[[sqlite3.Connection], object]


def test_an_untouched_chain_verifies(workspace: Workspace) -> None:
    assert problems(workspace) == []
    assert workspace.evidence.head()[0] == ROWS


def test_every_row_follows_the_one_before(workspace: Workspace) -> None:
    rows = list(workspace.evidence.of_run("run-1").values())
    assert [row.sequence for row in rows] == list(range(1, ROWS + 1))
    assert [row.previous_hash for row in rows] == [GENESIS, *(row.hash for row in rows[:-1])]


def sql(statement: str) -> Tamper:
    return lambda connection: connection.executescript(statement)


def rewrite(sequence: int, change: Callable[[dict[str, JSON]], object]) -> Tamper:
    """Change the content of a row and leave its hash as it was."""

    def tamper(connection: sqlite3.Connection) -> None:
        content = read(connection, sequence)
        change(content)
        write(connection, sequence, content)

    return tamper


def read(connection: sqlite3.Connection, sequence: int) -> dict[str, JSON]:
    row = connection.execute("SELECT row FROM evidence WHERE sequence = ?", (sequence,)).fetchone()
    content: dict[str, JSON] = json.loads(row[0])
    return content


def write(connection: sqlite3.Connection, sequence: int, content: dict[str, JSON]) -> None:
    connection.execute("UPDATE evidence SET row = ? WHERE sequence = ?", (canonical(content), sequence))


TAMPERED: dict[str, Tamper] = {
    "a fact": rewrite(2, lambda row: row.update(facts={"tls.tls_1_0": False})),
    "a failure": rewrite(3, lambda row: row.update(failure=None)),
    "the tool": rewrite(1, lambda row: row.update(tool="other")),
    "the time": rewrite(1, lambda row: row.update(started_at="2026-11-21T01:30:00Z")),
    "the authorization": rewrite(1, lambda row: row["task"].update(authorization="none")),  # type: ignore[union-attr]
    "an added key": rewrite(1, lambda row: row.update(note="x")),
    "a missing key": rewrite(1, lambda row: row.pop("settings")),
    "a raw digest": rewrite(1, lambda row: row.update(raw={"answer.bin": "0" * 64})),
    "a raw path": rewrite(1, lambda row: row.update(raw={"answer.bin": "../../../etc/passwd"})),
    "no raw": rewrite(1, lambda row: row.update(raw={})),
    "broken JSON": sql("UPDATE evidence SET row = '{' WHERE sequence = 2"),
    "other JSON": sql("UPDATE evidence SET row = '[]' WHERE sequence = 2"),
    "the hash": sql("UPDATE evidence SET hash = 'f' WHERE sequence = 2"),
    "the hash before": sql("UPDATE evidence SET previous_hash = 'f' WHERE sequence = 2"),
    "the run of a row": sql("UPDATE evidence SET run = 'run-2' WHERE sequence = 2"),
    "the task of a row": sql("UPDATE evidence SET task = 'tls|x' WHERE sequence = 2"),
    "the first row dropped": sql("DELETE FROM evidence WHERE sequence = 1"),
    "a middle row dropped": sql("DELETE FROM evidence WHERE sequence = 3"),
    "a gap closed": sql(
        "DELETE FROM evidence WHERE sequence = 3;"
        "UPDATE evidence SET sequence = sequence - 1 WHERE sequence > 3"
    ),
    "the last row dropped": sql(f"DELETE FROM evidence WHERE sequence = {ROWS}"),
    "everything dropped": sql("DELETE FROM evidence"),
    "rows exchanged": sql(
        "UPDATE evidence SET sequence = 99 WHERE sequence = 2;"
        "UPDATE evidence SET sequence = 2 WHERE sequence = 3;"
        "UPDATE evidence SET sequence = 3 WHERE sequence = 99"
    ),
    "contents exchanged": sql(
        "CREATE TABLE spare AS SELECT sequence, row FROM evidence WHERE sequence IN (2, 4);"
        "UPDATE evidence SET row = (SELECT row FROM spare WHERE spare.sequence = 6 - evidence.sequence)"
        " WHERE sequence IN (2, 4)"
    ),
    "a row inserted": sql(
        "UPDATE evidence SET sequence = sequence + 100 WHERE sequence > 2;"
        "UPDATE evidence SET sequence = sequence - 99 WHERE sequence > 2;"
        "INSERT INTO evidence SELECT 3, run, 'tls|new', row, previous_hash, 'f'"
        " FROM evidence WHERE sequence = 2"
    ),
    "a row replaced": sql(
        "INSERT OR REPLACE INTO evidence SELECT 2, run, 'tls|new', row, previous_hash, 'f'"
        " FROM evidence WHERE sequence = 1"
    ),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_done_to_the_rows_is_found(workspace: Workspace, tamper: Tamper) -> None:
    with tampering(workspace.folder) as connection:
        tamper(connection)
    assert problems(workspace)


def rechain(connection: sqlite3.Connection) -> None:
    """Make every hash fit again, as somebody who knows how the chain is made would."""
    previous = GENESIS
    for (sequence,) in connection.execute("SELECT sequence FROM evidence ORDER BY sequence").fetchall():
        previous = seal(connection, sequence, previous)


def seal(connection: sqlite3.Connection, sequence: int, previous: str) -> str:
    """Make a row follow some hash, and return its own."""
    content = read(connection, sequence)
    covered = {key: value for key, value in content.items() if key not in ("hash", "previous_hash")}
    own = row_hash(previous, covered)
    write(connection, sequence, {**covered, "hash": own, "previous_hash": previous})
    connection.execute(
        "UPDATE evidence SET hash = ?, previous_hash = ? WHERE sequence = ?", (own, previous, sequence)
    )
    return own


def chain_problems(workspace: Workspace) -> list[tuple[int, str]]:
    """Return what the chain itself shows, without its signed heads."""
    return [(one.sequence, one.problem) for one in workspace.evidence.verify()]


def test_a_gap_is_found_even_where_every_hash_was_made_to_fit(workspace: Workspace) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("DELETE FROM evidence WHERE sequence IN (2, 3)")
        rechain(connection)
    assert chain_problems(workspace) == [(2, "rows 2 to 3 are gone")]


def test_a_row_that_was_forged_by_itself_does_not_follow(workspace: Workspace) -> None:
    with tampering(workspace.folder) as connection:
        rewrite(ROWS, lambda row: row.update(tool="other"))(connection)
        seal(connection, ROWS, GENESIS)
    assert chain_problems(workspace) == [(ROWS, "does not follow the row before it")]


def test_a_chain_made_anew_differs_from_its_signed_head(workspace: Workspace) -> None:
    with tampering(workspace.folder) as connection:
        TAMPERED["a fact"](connection)
        rechain(connection)
    assert list(workspace.evidence.verify()) == []
    assert problems(workspace) == [(ROWS, "differs from its signed head")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_character_of_any_row_is_found(workspace: Workspace, data: st.DataObject) -> None:
    sequence = data.draw(st.integers(1, ROWS))
    with tampering(workspace.folder) as connection:
        written = connection.execute("SELECT row FROM evidence WHERE sequence = ?", (sequence,)).fetchone()[0]
        at = data.draw(st.integers(0, len(written) - 1))
        character = data.draw(st.sampled_from(sorted(set(string.printable) - {written[at]})))
        changed = written[:at] + character + written[at + 1 :]
        connection.execute("UPDATE evidence SET row = ? WHERE sequence = ?", (changed, sequence))
    assert sequence in {number for number, _ in problems(workspace)}
    with tampering(workspace.folder) as connection:
        connection.execute("UPDATE evidence SET row = ? WHERE sequence = ?", (written, sequence))


def test_a_changed_or_missing_raw_output_is_found(workspace: Workspace) -> None:
    row = next(iter(workspace.evidence.of_run("run-1").values()))
    name = row.raw["answer.bin"]
    file = workspace.folder / "raw" / name[:2] / name
    assert workspace.evidence.raw(name) == b"answer 1" == file.read_bytes()
    file.write_bytes(b"answer 2")
    assert problems(workspace) == [(1, "its raw output answer.bin was changed")]
    file.unlink()
    assert problems(workspace) == [(1, "its raw output answer.bin is gone")]
    assert workspace.evidence.raw(name) is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE evidence SET task = 'x'", "DELETE FROM evidence", "DELETE FROM evidence WHERE sequence = 5"],
)
def test_the_database_itself_refuses_to_change_evidence(workspace: Workspace, statement: str) -> None:
    with workspace.engine.begin() as ours, pytest.raises(IntegrityError, match="evidence is append-only"):
        ours.execute(text(statement))
    other = sqlite3.connect(workspace.folder / "audit.db")
    with pytest.raises(sqlite3.IntegrityError, match="evidence is append-only"):
        other.execute(statement)
    other.close()
    assert problems(workspace) == []


def test_a_task_keeps_its_first_row(workspace: Workspace) -> None:
    before = workspace.evidence.of_run("run-1")
    again = workspace.evidence.append("run-1", task(1), TIMING, observation(2))
    assert again == before[task(1).id]
    assert workspace.evidence.of_run("run-1") == before
    assert workspace.evidence.head()[0] == ROWS


def test_another_run_measures_the_same_again(workspace: Workspace) -> None:
    create_run(workspace, audit_run("run-2"))
    row = append(workspace, 1, "run-2")
    assert (row.sequence, row.run) == (ROWS + 1, "run-2")
    assert set(workspace.evidence.of_run("run-2")) == {task(1).id}
    assert problems(workspace) == []


def test_a_row_comes_back_as_it_was_stored(workspace: Workspace) -> None:
    stored = append(workspace, 11)
    assert workspace.evidence.get(stored.sequence) == stored
    assert workspace.evidence.of_run("run-1")[stored.task.id] == stored
    assert (stored.started_at, stored.duration_seconds) == (AT, 1.25)
    assert workspace.evidence.get(999) is None


def test_evidence_survives_closing(workspace: Workspace) -> None:
    before = workspace.evidence.of_run("run-1")
    workspace.engine.dispose()
    again = open_workspace(workspace.folder)
    assert again.evidence.of_run("run-1") == before
    assert problems(again) == []
    again.engine.dispose()


def test_writers_at_the_same_time_make_one_chain(workspace: Workspace) -> None:
    def write_some(writer: int) -> None:
        own = open_workspace(workspace.folder)
        for number in range(8):
            append(own, 100 + 10 * writer + number)
        own.engine.dispose()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write_some, range(4)))
    assert workspace.evidence.head()[0] == ROWS + 32
    assert problems(workspace) == []


def test_writers_of_the_same_task_leave_one_row(workspace: Workspace) -> None:
    def write_one(_writer: int) -> int:
        own = open_workspace(workspace.folder)
        sequence = append(own, 77).sequence
        own.engine.dispose()
        return sequence

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(write_one, range(4))) == {ROWS + 1}
    assert problems(workspace) == []


NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_whatever_was_observed_is_read_back_exactly(facts: dict[str, JSON]) -> None:
    evidence = Evidence(1, "r", task(1), AT, AT, 0.5, "t", "1", {}, facts, None, {}, GENESIS, "h")
    stored = EVIDENCE.text(evidence)
    again = EVIDENCE.value(stored)
    assert again == evidence
    assert canonical(again.facts) == canonical(facts)
    assert EVIDENCE.text(again) == stored


def test_what_json_cannot_say_is_refused_before_it_is_stored(workspace: Workspace) -> None:
    strange = replace(observation(1), facts={"tls.dh_bits": float("nan")})
    with pytest.raises(ValueError, match="not JSON compliant"):
        workspace.evidence.append("run-1", task(55), TIMING, strange)
    assert workspace.evidence.head()[0] == ROWS


def test_an_observation_without_raw_output_is_stored(workspace: Workspace) -> None:
    row = workspace.evidence.append("run-1", task(56), TIMING, Observation("fake", "1", {}))
    assert row.raw == {}
    assert problems(workspace) == []


def test_evidence_can_be_stored_while_the_chain_is_checked(workspace: Workspace) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("UPDATE evidence SET previous_hash = 'other' WHERE sequence = 1")
    checking = workspace.evidence.verify()
    assert next(checking).sequence == 1
    assert append(workspace, 99).sequence == ROWS + 1
    checking.close()  # type: ignore[attr-defined]
