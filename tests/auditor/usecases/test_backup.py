"""A backup is whole though the workspace is in use; restoring it gives the same workspace or nothing."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from auditor.model.evidence import Evidence
from auditor.model.operation import BackupRules
from auditor.model.policy import Policy
from auditor.store import copying
from auditor.store.archive import Manifest, archive_bytes, entry_of
from auditor.store.records import EVIDENCE
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases import backup as writing
from auditor.usecases.backup import Backup, backup, backups
from auditor.usecases.errors import UsageProblem
from auditor.usecases.keeping import keeping
from auditor.usecases.restore import restore
from tests.auditor.store.stores import tampering
from tests.auditor.usecases.keeping import NOW, files_of, measured, problems, pruned, row_of
from tests.auditor.usecases.world import policy


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "audit-data")
    measured(opened, 2, "first", "second")
    yield opened
    opened.engine.dispose()


def rules(**changes: object) -> Policy:
    return replace(policy(), backup=replace(BackupRules(), **changes))  # type: ignore[arg-type]


def evidence(workspace: Workspace) -> list[Evidence]:
    found = [workspace.evidence.get(one) for one in range(1, workspace.evidence.head()[0] + 1)]
    return [one for one in found if one is not None]


def restored(archive: Path, folder: Path, identity: Path | None = None) -> Workspace:
    restore(archive, folder, identity)
    return open_workspace(folder)


def refused(archive: Path, folder: Path, **more: object) -> str:
    """Return what restoring is refused with; nothing is left of it."""
    before = files_of(folder.parent)
    with pytest.raises(UsageProblem) as found:
        restore(archive, folder, **more)  # type: ignore[arg-type]
    assert files_of(folder.parent) == before
    assert not list(folder.parent.glob(".*restoring*"))
    return f"{found.value.problem}. {found.value.next_step}"


def test_what_is_restored_is_the_workspace_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    made = backup(workspace, policy(), NOW)
    before = evidence(workspace)
    measured(workspace, 1, "later")
    again = restored(made.path, tmp_path / "again")
    assert [EVIDENCE.text(one) for one in evidence(again)] == [EVIDENCE.text(one) for one in before]
    assert [again.evidence.raw(one.raw["answer"]) for one in before] == [b"first", b"second"]
    assert again.public_key == workspace.public_key
    assert problems(again) == []


def test_one_can_go_on_in_it(workspace: Workspace, tmp_path: Path) -> None:
    again = restored(backup(workspace, policy(), NOW).path, tmp_path / "again")
    measured(again, 1, "later")
    assert problems(again) == []
    assert problems(restored(backup(again, policy(), NOW, tmp_path / "b").path, tmp_path / "third")) == []


def test_only_its_owner_reads_it_and_it_lies_beside_the_workspace(workspace: Workspace) -> None:
    made = backup(workspace, policy(), NOW)
    assert made.path.parent == workspace.folder.parent / "backups"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert [one.name for one in made.path.parent.iterdir()] == [made.path.name]
    assert not list(workspace.folder.glob("backup-*"))


def test_what_is_restored_is_its_owners_alone(workspace: Workspace, tmp_path: Path) -> None:
    restore(backup(workspace, policy(), NOW).path, tmp_path / "again")
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "again").rglob("*") if one.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "again").stat().st_mode) == 0o700


def test_it_is_whole_while_an_audit_writes(workspace: Workspace, tmp_path: Path) -> None:
    measured(workspace, 1, "third")
    ended = threading.Event()

    def audit() -> None:
        number = 0
        while not ended.is_set():
            row_of(workspace, "run-1", 0, f"answer {number}")
            number += 1

    writer = threading.Thread(target=audit)
    writer.start()
    try:
        made = [backup(workspace, policy(), NOW, tmp_path / str(number)) for number in range(5)]
    finally:
        ended.set()
        writer.join()
    for number, one in enumerate(made):
        again = restored(one.path, tmp_path / f"again {number}")
        assert problems(again) == []
        assert again.evidence.head() == (one.manifest.evidence, one.manifest.evidence_head)
    assert made[0].manifest.evidence >= 3


def test_so_many_of_the_newest_are_kept_and_nothing_else_is_touched(workspace: Workspace) -> None:
    others = workspace.folder.parent / "backups"
    others.mkdir()
    for name in ("tilik-00000000-20260101-000000.tar.gz", "notes.txt", "tilik-x.tar.gz"):
        (others / name).write_text("mine")
    made: list[Backup] = []
    for day in range(5):
        made.append(backup(workspace, rules(keep=3), NOW + timedelta(days=day)))
    assert backups(workspace, policy()) == tuple(one.path for one in made[2:])
    assert [one.removed for one in made] == [(), (), (), (made[0].path,), (made[1].path,)]
    assert len(list(others.iterdir())) == 6


def test_one_that_was_just_made_stays_when_the_clock_went_back(workspace: Workspace) -> None:
    newer = [backup(workspace, rules(keep=2), NOW + timedelta(days=day)) for day in (5, 6)]
    made = backup(workspace, rules(keep=2), NOW)
    assert made.path.exists()
    assert made.removed == (newer[0].path,)


def test_a_file_that_is_there_is_not_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(UsageProblem, match="there already"):
        backup(workspace, policy(), NOW, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_pruning_waits_for_it(workspace: Workspace) -> None:
    with keeping(workspace), pytest.raises(UsageProblem, match="another process"):
        backup(workspace, policy(), NOW)


def test_what_was_pruned_is_still_excused_after_restoring(workspace: Workspace, tmp_path: Path) -> None:
    measured(workspace, 150, "old", server="other")
    measured(workspace, 1, "new", server="other")
    assert pruned(workspace).outputs == 1
    assert problems(restored(backup(workspace, policy(), NOW).path, tmp_path / "again")) == []


@pytest.mark.parametrize("folder", ["", "own folder"])
def test_encrypted_for_its_readers_only_they_restore_it(
    workspace: Workspace, tmp_path: Path, folder: str
) -> None:
    readers = [pyrage.x25519.Identity.generate() for _ in range(2)]
    chosen = rules(
        recipients=tuple(str(one.to_public()) for one in readers), folder=folder and str(tmp_path / folder)
    )
    made = backup(workspace, chosen, NOW)
    assert made.encrypted
    assert made.path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"SQLite" not in made.path.read_bytes()
    for number, one in enumerate(readers):
        identity = private(tmp_path / f"identity-{number}", str(one))
        assert problems(restored(made.path, tmp_path / f"again-{number}", identity)) == []
    stranger = private(tmp_path / "stranger", str(pyrage.x25519.Identity.generate()))
    assert "does not open this backup" in refused(made.path, tmp_path / "not", identity=stranger)
    assert "encrypted" in refused(made.path, tmp_path / "not")


def private(path: Path, content: str) -> Path:
    path.write_text(f"# an identity\n{content}\n")
    path.chmod(0o600)
    return path


def test_an_encrypted_one_that_was_cut_off_restores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    reader = pyrage.x25519.Identity.generate()
    made = backup(workspace, rules(recipients=(str(reader.to_public()),)), NOW)
    identity = private(tmp_path / "identity", str(reader))
    (tmp_path / "short").write_bytes(made.path.read_bytes()[:-100])
    assert "does not open" in refused(tmp_path / "short", tmp_path / "again", identity=identity)


def test_what_is_no_public_key_is_told(workspace: Workspace) -> None:
    with pytest.raises(UsageProblem, match="no age public key"):
        backup(workspace, rules(recipients=("age1nobody",)), NOW)
    assert list((workspace.folder.parent / "backups").iterdir()) == []


def test_an_encrypted_one_of_a_file_that_changes_meanwhile_is_not_left(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rewritten(files: dict[str, Path], now: datetime) -> Manifest:
        manifest = whole(files, now)
        workspace.artefacts.path(next(workspace.artefacts.names())).write_bytes(os.urandom(5))
        return manifest

    whole = writing._manifest
    monkeypatch.setattr(writing, "_manifest", rewritten)
    reader = pyrage.x25519.Identity.generate()
    for recipients in ((), (str(reader.to_public()),)):
        with pytest.raises(UsageProblem, match="changed while it was copied"):
            backup(workspace, rules(recipients=recipients), NOW)
    assert list((workspace.folder.parent / "backups").iterdir()) == []


def test_nothing_is_restored_over_something(workspace: Workspace, tmp_path: Path) -> None:
    made = backup(workspace, policy(), NOW)
    assert "is not empty" in refused(made.path, workspace.folder)
    (tmp_path / "file").write_text("x")
    assert "no folder" in refused(made.path, tmp_path / "file")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    assert "no folder" in refused(made.path, tmp_path / "link")
    restore(made.path, tmp_path / "empty")
    assert (tmp_path / "empty" / "audit.db").exists()


@pytest.mark.parametrize("content", [b"", b"text", b"\x1f\x8b\x08\x00damaged", b"age-encryption.org/v1\n"])
def test_what_is_no_backup_restores_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(content)
    assert refused(tmp_path / "archive", tmp_path / "again")
    assert "no backup" in refused(tmp_path / "missing", tmp_path / "again")
    assert "no backup" in refused(tmp_path, tmp_path / "again")


def test_evidence_that_was_rewritten_before_it_was_copied_is_found(
    workspace: Workspace, tmp_path: Path
) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("UPDATE evidence SET row = replace(row, '443', '444') WHERE sequence = 1")
    made = backup(workspace, policy(), NOW)
    assert "does not verify" in refused(made.path, tmp_path / "again")
    taken = restore(made.path, tmp_path / "again", damaged=True)
    assert [one.problem for one in taken.problems] == problems(workspace)


def test_a_raw_output_that_was_changed_before_it_was_copied_is_found(
    workspace: Workspace, tmp_path: Path
) -> None:
    name = next(workspace.artefacts.names())
    workspace.artefacts.path(name).write_bytes(b"other")
    made = backup(workspace, policy(), NOW)
    assert "its raw output answer was changed" in refused(made.path, tmp_path / "again")


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("DELETE FROM alembic_version", "newer version"),
        ("DROP TABLE alembic_version", "damaged"),
        ("DROP TABLE seals", "none of ours"),
        ("DELETE FROM evidence WHERE sequence = 2", "another than its manifest says"),
    ],
)
def test_a_database_that_is_none_of_ours_is_refused(
    workspace: Workspace, tmp_path: Path, edit: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rewritten(files: dict[str, Path], now: datetime) -> Manifest:
        manifest = whole(files, now)
        with tampering(files["audit.db"].parent) as connection:
            connection.execute(edit)
        entries = (entry_of("audit.db", files["audit.db"]), *manifest.entries[1:])
        return replace(manifest, entries=entries)

    whole = writing._manifest
    monkeypatch.setattr(writing, "_manifest", rewritten)
    assert told in refused(backup(workspace, policy(), NOW).path, tmp_path / "again")


def test_killed_while_it_writes_it_leaves_nothing_that_looks_like_a_backup(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.engine.dispose()
    child = os.fork()
    if child == 0:

        def killed(*arguments: object) -> Iterator[bytes]:
            yield next(iter(archive_bytes(*arguments)))  # type: ignore[arg-type]
            os.kill(os.getpid(), signal.SIGKILL)

        monkeypatch.setattr(writing, "archive_bytes", killed)
        backup(workspace, policy(), NOW)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert backups(workspace, policy()) == ()
    made = backup(workspace, policy(), NOW)
    assert list(made.path.parent.iterdir()) == [made.path]
    assert not list(workspace.folder.glob("backup-*"))


def test_a_copy_of_a_database_is_of_one_instant(workspace: Workspace, tmp_path: Path) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("DELETE FROM evidence")
        # Not committed yet: the copy must neither wait for it nor hold it.
        copying.copy_database(workspace.folder / "audit.db", tmp_path / "copy.db")
    assert copying.database_problem(tmp_path / "copy.db", frozenset({"other"})) != ""
    (tmp_path / "copied").mkdir()
    (tmp_path / "copy.db").rename(tmp_path / "copied" / "audit.db")
    assert open_workspace(tmp_path / "copied").evidence.head()[0] == 2
