"""The log of decisions is append-only, all or nothing, and whatever is done to it behind us is found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from auditor.model.assessment import Footing
from auditor.model.attestation import (
    Answer,
    Applicability,
    Aspect,
    Attestation,
    Basis,
    EvidenceFile,
    applicability_slot,
    attestation_slot,
)
from auditor.model.decision import Decision, DecisionKind
from auditor.store import schema
from auditor.store.chain import GENESIS, canonical, row_hash
from auditor.store.records import FOOTING
from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.store.stores import AT, audit_run, create_run

DAY = date(2026, 11, 22)
ENTRIES = 5
FILE = b"%PDF-1.7 berita acara"
Tamper = Callable[[sqlite3.Connection], object]


def attested(control: str, evidence: tuple[EvidenceFile, ...] = ()) -> Decision:
    """Return the entry of an answer."""
    name = attestation_slot("2022", control, "bkd", Aspect.WHOLE)
    until = date(2027, 11, 22)
    given_answer = Attestation(
        name,
        "2022",
        control,
        "bkd",
        Aspect.WHOLE,
        Answer.CONFORMS,
        "=1+1\nb",
        ("SK",),
        evidence,
        "Siti",
        DAY,
        until,
    )
    return Decision(DecisionKind.ATTESTED, name, "Siti", DAY, "", given_answer, "auditor", AT)


def decided(control: str) -> Decision:
    """Return the entry of a decision about applicability."""
    name = applicability_slot("2022", control, "")
    made = Applicability(
        name, "2022", control, "", True, (Basis.LAW,), "", "Siti", "", DAY, date(2027, 11, 22)
    )
    return Decision(DecisionKind.APPLICABILITY_DECIDED, name, "Siti", DAY, "", made, "auditor", AT)


def withdrawn(entry: Decision) -> Decision:
    """Return the entry that ends another."""
    return replace(entry, kind=DecisionKind.ATTESTATION_WITHDRAWN, content=None, reason="Salah.", by="Budi")


def log(workspace: Workspace) -> list[Decision]:
    """Return five entries, the second with a file."""
    file = workspace.decisions.keep_file("ba.pdf", FILE)
    return [
        attested("A.5.1"),
        attested("A.5.2", (file,)),
        decided("A.5.1"),
        withdrawn(attested("A.5.1")),
        attested("A.5.3"),
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace with five entries, all of which a judged run took into account."""
    workspace = open_workspace(tmp_path / "workspace")
    workspace.decisions.append(log(workspace))
    create_run(workspace, audit_run())
    sequence, head = workspace.decisions.head()
    footing = FOOTING.text(Footing("c", {}, {}, sequence, head))
    with workspace.engine.begin() as connection:
        connection.execute(insert(schema.footings).values(run="run-1", content=footing))
    yield workspace
    workspace.engine.dispose()


def found(workspace: Workspace) -> list[str]:
    """Return what verification finds."""
    return [one.problem for one in workspace.decisions.verify()]


@contextmanager
def tampering(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """Open the database as somebody who may write its file: without triggers."""
    connection = sqlite3.connect(workspace.folder / "audit.db")
    try:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER decisions_no_{verb}")
        yield connection
        connection.commit()
    finally:
        connection.close()


def test_entries_come_back_as_they_were_written_and_follow_each_other(store: Workspace) -> None:
    entries = store.decisions.all()
    assert [replace(one, sequence=0) for one in entries] == log(store)
    assert [one.sequence for one in entries] == [1, 2, 3, 4, 5]
    assert store.decisions.all(upto=2) == entries[:2]
    assert store.decisions.head()[0] == ENTRIES
    assert store.decisions.head(upto=3)[0] == 3
    assert store.decisions.head(upto=0) == (0, GENESIS)
    assert found(store) == []


def test_an_empty_log_is_sound(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace")
    assert workspace.decisions.append([]) == ()
    assert (workspace.decisions.head(), workspace.decisions.all()) == ((0, GENESIS), ())
    assert found(workspace) == []
    workspace.engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET row = row",
        "UPDATE decisions SET kind = 'waiver_approved' WHERE sequence = 1",
        "DELETE FROM decisions WHERE sequence = 5",
        "DELETE FROM decisions",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(store: Workspace, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))
    assert found(store) == []


def test_entries_are_stored_all_or_none(store: Workspace) -> None:
    def failing() -> Iterator[Decision]:
        yield attested("A.5.4")
        yield attested("A.5.5")
        raise RuntimeError("cut short")

    before = store.decisions.head()
    with pytest.raises(RuntimeError, match="cut short"):
        store.decisions.append(failing())
    assert store.decisions.head() == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_when_one_entry_cannot_be_stored_none_is(store: Workspace, number: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            text(
                f"CREATE TRIGGER full BEFORE INSERT ON decisions WHEN NEW.sequence = {ENTRIES + number} "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    before = store.decisions.head()
    with pytest.raises(IntegrityError, match="disk full"):
        store.decisions.append([attested(f"A.5.{one}") for one in (4, 5, 6)])
    assert store.decisions.head() == before
    assert found(store) == []


def test_writers_at_the_same_time_make_one_chain(store: Workspace) -> None:
    folders = [store.folder] * 4

    def write(folder: Path) -> None:
        own = open_workspace(folder)
        for number in range(5):
            own.decisions.append([attested(f"A.5.{number}"), decided(f"A.5.{number}")])
        own.engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, folders))
    assert store.decisions.head()[0] == ENTRIES + 40
    assert found(store) == []


def sql(statement: str) -> Tamper:
    return lambda connection: connection.executescript(statement)


def rewrite(sequence: int, *path: str, value: object) -> Tamper:
    """Change something in the content of an entry and leave its hash as it was."""

    def tamper(connection: sqlite3.Connection) -> None:
        (row,) = connection.execute("SELECT row FROM decisions WHERE sequence = ?", (sequence,)).fetchone()
        content = json.loads(row)
        place = content
        for key in path[:-1]:
            place = place[key]
        assert place[path[-1]] != value
        place[path[-1]] = value
        connection.execute("UPDATE decisions SET row = ? WHERE sequence = ?", (canonical(content), sequence))

    return tamper


TAMPERED: dict[str, Tamper] = {
    "the answer": rewrite(1, "content", "answer", value="partial"),
    "the last day": rewrite(2, "content", "valid_until", value="2037-11-22"),
    "the evidence": rewrite(2, "content", "evidence", value=[]),
    "who": rewrite(3, "by", value="Budi"),
    "the account": rewrite(4, "account", value="root"),
    "the reason": rewrite(4, "reason", value=""),
    "the moment": rewrite(5, "at", value="2026-11-21T01:30:00Z"),
    "the kind inside": rewrite(4, "kind", value="attested"),
    "the number inside": rewrite(5, "sequence", value=6),
    "the kind": sql("UPDATE decisions SET kind = 'waiver_approved' WHERE sequence = 3"),
    "the id": sql("UPDATE decisions SET about = 'A-0000000000' WHERE sequence = 3"),
    "broken JSON": sql("UPDATE decisions SET row = '{' WHERE sequence = 2"),
    "other JSON": sql("UPDATE decisions SET row = '[]' WHERE sequence = 2"),
    "the hash": sql("UPDATE decisions SET hash = 'f' WHERE sequence = 2"),
    "the hash before": sql("UPDATE decisions SET previous_hash = 'f' WHERE sequence = 2"),
    "the signature": sql("UPDATE decisions SET signature = '00' WHERE sequence = 2"),
    "the key": sql("UPDATE decisions SET public_key = 'ff' WHERE sequence = 2"),
    "the first dropped": sql("DELETE FROM decisions WHERE sequence = 1"),
    "one in the middle dropped": sql("DELETE FROM decisions WHERE sequence = 3"),
    "the last dropped": sql("DELETE FROM decisions WHERE sequence = 5"),
    "everything dropped": sql("DELETE FROM decisions"),
    "a gap closed": sql(
        "DELETE FROM decisions WHERE sequence = 3;"
        "UPDATE decisions SET sequence = sequence - 1 WHERE sequence > 3"
    ),
    "two exchanged": sql(
        "UPDATE decisions SET sequence = 99 WHERE sequence = 2;"
        "UPDATE decisions SET sequence = 2 WHERE sequence = 3;"
        "UPDATE decisions SET sequence = 3 WHERE sequence = 99"
    ),
    "one inserted": sql(
        "UPDATE decisions SET sequence = sequence + 100 WHERE sequence > 2;"
        "UPDATE decisions SET sequence = sequence - 99 WHERE sequence > 2;"
        "INSERT INTO decisions SELECT 3, kind, about, row, previous_hash, 'f', public_key, signature"
        " FROM decisions WHERE sequence = 2"
    ),
    "one appended": sql(
        "INSERT INTO decisions SELECT 6, kind, about, row, hash, 'f', public_key, signature"
        " FROM decisions WHERE sequence = 5"
    ),
    "one replaced": sql(
        "INSERT OR REPLACE INTO decisions"
        " SELECT 1, kind, about, row, previous_hash, 'f', public_key, signature"
        " FROM decisions WHERE sequence = 2"
    ),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_done_to_the_log_is_found(store: Workspace, tamper: Tamper) -> None:
    with tampering(store) as connection:
        tamper(connection)
    assert found(store)


@pytest.mark.parametrize("sequence", range(1, ENTRIES + 1))
def test_a_log_whose_hashes_were_made_to_fit_lacks_our_signature(store: Workspace, sequence: int) -> None:
    with tampering(store) as connection:
        rewrite(sequence, "account", value="root")(connection)
        previous = GENESIS
        for number, row in connection.execute(
            "SELECT sequence, row FROM decisions ORDER BY sequence"
        ).fetchall():
            sealed = row_hash(previous, json.loads(row))
            connection.execute(
                "UPDATE decisions SET previous_hash = ?, hash = ? WHERE sequence = ?",
                (previous, sealed, number),
            )
            previous = sealed
    problems = found(store)
    assert f"decision {sequence}: its signature is not ours" in problems
    assert any("is not the one that run-1 was judged with" in one for one in problems)


def test_a_file_that_was_changed_or_removed_is_found(store: Workspace) -> None:
    (file,) = store.decisions.all()[1].content.evidence  # type: ignore[union-attr]
    kept = store.folder / "raw" / file.digest[:2] / file.digest
    kept.write_bytes(FILE + b" ")
    assert found(store) == [f"decision 2: its evidence {file.digest} was changed"]
    kept.unlink()
    assert found(store) == [f"decision 2: its evidence {file.digest} is gone"]
    store.decisions.keep_file("ba.pdf", FILE)
    assert found(store) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(justification=st.text(), by=st.text(), references=st.lists(st.text()).map(tuple), name=st.text())
def test_every_text_is_kept_as_it_is(
    store: Workspace, justification: str, by: str, references: tuple[str, ...], name: str
) -> None:
    entry = attested("A.5.1", (EvidenceFile("0" * 64, name, 1),))
    assert isinstance(entry.content, Attestation)
    content = replace(entry.content, justification=justification, attested_by=by, references=references)
    (kept,) = store.decisions.append([replace(entry, content=content, by=by)])
    assert store.decisions.all()[-1] == kept
    assert kept.content == content
