"""A signed head remembers how far the chain had come, and whose key said so."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest

from auditor.model.decision import DecisionKind
from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.store.stores import AT, ROWS, append, problems, tampering
from tests.controls.decided import entry

FORGED = "the signature of its head is not valid"


@pytest.mark.parametrize("kept", range(ROWS))
def test_a_tail_that_was_cut_off_is_found(workspace: Workspace, kept: int) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("DELETE FROM evidence WHERE sequence > ?", (kept,))
    assert list(workspace.evidence.verify()) == []
    assert problems(workspace) == [(ROWS, "differs from its signed head")]


def test_a_tail_that_was_exchanged_is_found(workspace: Workspace) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("DELETE FROM evidence WHERE sequence = ?", (ROWS,))
    append(workspace, 99)
    assert list(workspace.evidence.verify()) == []
    assert problems(workspace) == [(ROWS, "differs from its signed head")]


def test_the_chain_may_grow_after_a_head(workspace: Workspace) -> None:
    append(workspace, 99)
    assert problems(workspace) == []
    workspace.heads.sign(*workspace.evidence.head(), AT)
    assert problems(workspace) == []


def test_signing_again_changes_nothing(workspace: Workspace) -> None:
    def signed() -> list[object]:
        with tampering(workspace.folder) as connection:
            return connection.execute("SELECT * FROM heads").fetchall()

    before = signed()
    workspace.heads.sign(*workspace.evidence.head(), AT + timedelta(days=1))
    assert signed() == before
    assert len(before) == 1


def test_an_empty_chain_has_no_head(workspace: Workspace) -> None:
    empty = open_workspace(workspace.folder.parent / "empty")
    empty.heads.sign(*empty.evidence.head(), AT)
    assert problems(empty) == []
    assert not (empty.folder / "keys").exists()
    empty.engine.dispose()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE heads SET signature = '00' || substr(signature, 3)",
            "the signature of its head is not valid",
        ),
        ("UPDATE heads SET signature = 'no hex'", "the signature of its head is not valid"),
        ("UPDATE heads SET public_key = 'no hex'", "its head was signed with another key"),
        ("UPDATE heads SET hash = 'f'", "differs from its signed head"),
        ("UPDATE heads SET sequence = 2", "differs from its signed head"),
    ],
)
def test_a_changed_head_is_found(workspace: Workspace, statement: str, told: str) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute(statement)
    assert told in {problem for _, problem in problems(workspace)}


def test_a_head_signed_with_another_key_is_found(workspace: Workspace) -> None:
    key = workspace.folder / "keys" / "chain-head.key"
    with tampering(workspace.folder) as connection:
        connection.execute("DELETE FROM heads")
    own = key.read_bytes()
    key.unlink()
    workspace.heads.sign(*workspace.evidence.head(), AT)
    assert problems(workspace) == []
    key.write_bytes(own)
    assert problems(workspace) == [(ROWS, "its head was signed with another key")]


def test_heads_that_were_all_removed_are_missed(workspace: Workspace) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("DELETE FROM heads")
    assert [problem for _, problem in problems(workspace)] == [
        "every signed head is gone, though there is a key that signed one"
    ]


def test_a_head_is_not_believed_without_the_key_of_this_workspace(workspace: Workspace) -> None:
    (workspace.folder / "keys" / "chain-head.key").unlink()
    assert problems(workspace) == [(ROWS, "the key of its head is gone: nobody can say who signed it")]


def test_only_the_owner_reads_the_key_and_it_stays_the_same(workspace: Workspace) -> None:
    key = workspace.folder / "keys" / "chain-head.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    before = key.read_bytes()
    append(workspace, 99)
    workspace.heads.sign(*workspace.evidence.head(), AT)
    assert key.read_bytes() == before
    assert [file.name for file in key.parent.iterdir()] == [key.name]


def test_a_key_that_signed_decisions_alone_needs_no_head(workspace: Workspace) -> None:
    empty = open_workspace(workspace.folder.parent / "decided")
    empty.decisions.append([entry(DecisionKind.WAIVER_REJECTED, "W-1")])
    assert problems(empty) == []
    empty.engine.dispose()
