"""Make a workspace of a backup again: all of it, verified, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from auditor.store.archive import ArchiveError, Manifest, extract
from auditor.store.copying import database_problem
from auditor.store.database import known_revisions
from auditor.store.evidence import ChainProblem
from auditor.store.workspace import open_workspace
from auditor.usecases.credentials import SecretProblem, read_private
from auditor.usecases.errors import UsageProblem
from auditor.usecases.integrity import stored_problems

_AGE = b"age-encryption.org/v1"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, the key that signed it, and what verification still finds in it."""

    manifest: Manifest
    public_key: str
    problems: tuple[ChainProblem, ...]


def restore(archive: Path, folder: Path, identity: Path | None = None, *, damaged: bool = False) -> Restored:
    """Restore a backup into a folder that is empty or not there yet.

    It appears there only once every file is what the manifest says and the chains verify; with `damaged`, a
    workspace that was damaged when it was copied is restored as it was. `identity` is the file with the age
    identity of an encrypted backup. Raise UsageProblem, and leave nothing behind, otherwise.
    """
    _refuse_used(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-restoring-", dir=folder.parent))
    try:
        restored = _restored(archive, staging / "workspace", identity)
        if restored.problems and not damaged:
            raise UsageProblem(
                f"what it holds does not verify, in {len(restored.problems)} places, the first: "
                f"{restored.problems[0].problem}",
                "restore an older backup, or take this one as it is with --damaged",
            )
        # What is renamed must be on the disk before its name is.
        os.sync()
        (staging / "workspace").rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return restored


def _refuse_used(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageProblem(f"{folder} is no folder", "name a new folder with --workspace")
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageProblem(
            f"{folder} is not empty", "name a new folder with --workspace; nothing is overwritten"
        )


def _restored(archive: Path, folder: Path, identity: Path | None) -> Restored:
    folder.mkdir(mode=0o700)
    try:
        with _opened(archive, folder.parent, identity) as file:
            manifest = extract(file, folder, lambda listed: _refuse_too_large(listed, folder))
        if problem := database_problem(folder / "audit.db", known_revisions()):
            raise ArchiveError(problem)
        public_key, problems = _verified(folder, manifest)
    except (ArchiveError, SQLAlchemyError, ValueError) as error:
        told = str(error) if isinstance(error, ArchiveError) else "its database is none of ours"
        raise UsageProblem(f"{archive} cannot be restored: {told}", "use another backup") from None
    return Restored(manifest, public_key, problems)


def _refuse_too_large(manifest: Manifest, folder: Path) -> None:
    needed = sum(entry.size_bytes for entry in manifest.entries)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise UsageProblem(
            f"it needs {needed / 1e9:.1f} GB where {free / 1e9:.1f} GB are free",
            "make room, or name another disk",
        )


def _verified(folder: Path, manifest: Manifest) -> tuple[str, tuple[ChainProblem, ...]]:
    workspace = open_workspace(folder)
    try:
        heads = (*workspace.evidence.head(), *workspace.decisions.head())
        listed = (manifest.evidence, manifest.evidence_head, manifest.decisions, manifest.decisions_head)
        if heads != listed:
            raise ArchiveError("its database is another than its manifest says")
        return workspace.public_key, tuple(stored_problems(workspace))
    finally:
        workspace.engine.dispose()


@contextmanager
def _opened(archive: Path, folder: Path, identity: Path | None) -> Iterator[BinaryIO]:
    """Open a backup; one that is encrypted is decrypted into a folder of ours first."""
    if not archive.is_file():
        raise UsageProblem(f"there is no backup {archive}", "name the file that auditor backup wrote")
    with archive.open("rb") as file:
        encrypted = file.read(len(_AGE)) == _AGE
        file.seek(0)
        if not encrypted:
            yield file
            return
        with (folder / "decrypted").open("xb+") as plain:
            _decrypt(file, plain, identity)
            plain.seek(0)
            yield plain


def _decrypt(file: BinaryIO, plain: BinaryIO, identity: Path | None) -> None:
    import pyrage

    if identity is None:
        raise UsageProblem("this backup is encrypted", "name the file with the age identity with --identity")
    try:
        keys = [pyrage.x25519.Identity.from_str(one) for one in _identities(identity)]
        pyrage.decrypt_io(file, plain, keys)
    except (pyrage.DecryptError, OSError, pyrage.IdentityError, SecretProblem) as error:
        raise UsageProblem(
            f"{identity} does not open this backup: {error}", "name another identity"
        ) from None


def _identities(path: Path) -> list[str]:
    lines = read_private(path).decode("utf-8", "replace").splitlines()
    return [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
