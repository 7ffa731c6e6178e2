"""Copy a workspace into one file while it is in use, and keep the newest of such copies."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from auditor.documents.replacing import PART, replacing
from auditor.model.policy import Policy
from auditor.store.archive import ArchiveError, Manifest, archive_bytes, entry_of
from auditor.store.copying import copy_database
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.keeping import keeping

_SNAPSHOT = "backup-"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, and the older ones that were removed because enough newer ones are kept."""

    path: Path
    size_bytes: int
    sha256: str
    encrypted: bool
    manifest: Manifest
    removed: tuple[Path, ...] = ()


def backup(workspace: Workspace, policy: Policy, now: datetime, target: Path | None = None) -> Backup:
    """Write a backup, readable by its owner only, under its name only once it is whole.

    Without `target` it gets a name of its own in the policy's folder, where only so many of the newest are
    kept. It holds the database as of one instant, every raw output and the signing key; with recipients in
    the policy it is encrypted for them. Raise UsageProblem when it cannot be made.
    """
    with keeping(workspace):
        _remove_leftovers(workspace, policy)
        path = target or _folder(workspace, policy) / _name(workspace, policy, now)
        if path.exists():
            raise UsageProblem(f"{path} is there already", "name another file")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _snapshot(workspace) as files:
            manifest = _manifest(files, now)
            size, sha256 = _write(path, archive_bytes(manifest, files), policy.backup.recipients)
        removed = () if target else _remove_old(path, workspace, policy)
    return Backup(path, size, sha256, bool(policy.backup.recipients), manifest, tuple(removed))


def backups(workspace: Workspace, policy: Policy) -> tuple[Path, ...]:
    """Return the backups of this workspace in the policy's folder, oldest first."""
    own = re.compile(re.escape(_stem(workspace)) + r"[0-9]{8}-[0-9]{6}\.tar\.gz(\.age)?")
    folder = _folder(workspace, policy)
    found = [one for one in folder.iterdir() if own.fullmatch(one.name)] if folder.is_dir() else []
    return tuple(sorted(one for one in found if one.is_file() and not one.is_symlink()))


def _folder(workspace: Workspace, policy: Policy) -> Path:
    own = policy.backup.folder
    return Path(own) if own else workspace.folder.resolve().parent / "backups"


def _stem(workspace: Workspace) -> str:
    """Return how the names of backups begin: another for every workspace, which may share the folder."""
    key = workspace.public_key
    return f"tilik-{key[:8]}-" if key else "tilik-"


def _name(workspace: Workspace, policy: Policy, now: datetime) -> str:
    ending = ".tar.gz.age" if policy.backup.recipients else ".tar.gz"
    return f"{_stem(workspace)}{now.astimezone(UTC):%Y%m%d-%H%M%S}{ending}"


@contextmanager
def _snapshot(workspace: Workspace) -> Iterator[dict[str, Path]]:
    """Yield name → place of what is copied; the database first, so that nothing it names is missing."""
    copied = Path(tempfile.mkdtemp(prefix=_SNAPSHOT, dir=workspace.folder))
    try:
        copy_database(workspace.folder / "audit.db", copied / "audit.db")
        files = {"audit.db": copied / "audit.db"}
        for key in sorted((workspace.folder / "keys").glob("[a-z0-9]*.key")):
            files[f"keys/{key.name}"] = key
        for name in workspace.artefacts.names():
            files[f"raw/{name[:2]}/{name}"] = workspace.artefacts.path(name)
        yield files
    finally:
        shutil.rmtree(copied, ignore_errors=True)


def _manifest(files: dict[str, Path], now: datetime) -> Manifest:
    """Return the manifest; what the copy had come to is read from the copy, and the copy left as it is."""
    copied = open_workspace(files["audit.db"].parent)
    try:
        evidence, evidence_head = copied.evidence.head()
        decisions, decisions_head = copied.decisions.head()
    finally:
        copied.engine.dispose()
    entries = tuple(entry_of(name, path) for name, path in files.items())
    return Manifest(now.isoformat(), evidence, evidence_head, decisions, decisions_head, entries)


class _Pieces:
    """What is produced piece by piece, as a file to read."""

    def __init__(self, pieces: Iterable[bytes]):
        self._pieces = iter(pieces)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return up to so many bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


class _Hashed:
    """A file that is written and hashed."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self.total = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        """Write all of it."""
        self.total.update(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        """Hand it to the operating system."""
        self._file.flush()


def _write(path: Path, pieces: Iterable[bytes], recipients: tuple[str, ...]) -> tuple[int, str]:
    try:
        with replacing(path, 0o600, f".{path.name}.") as file:
            hashed = _Hashed(file)
            if recipients:
                _encrypt(pieces, hashed, recipients)
            else:
                for piece in pieces:
                    hashed.write(piece)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
    except ArchiveError as error:
        raise UsageProblem(str(error), "find out who writes there, then try again") from None
    _sync_folder(path.parent)
    return size, hashed.total.hexdigest()


def _encrypt(pieces: Iterable[bytes], file: _Hashed, recipients: tuple[str, ...]) -> None:
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError as error:
        raise UsageProblem(
            f"backup.recipients names what is no age public key: {error}", "make one with: age-keygen"
        ) from None
    try:
        pyrage.encrypt_io(_Pieces(pieces), file, keys)
    except pyrage.EncryptError as error:
        # What kept it from reading or writing is known by its words only.
        raise UsageProblem(f"the backup was not written: {error}", "mend that, then try again") from None


def _remove_old(made: Path, workspace: Workspace, policy: Policy) -> list[Path]:
    """Remove the oldest backups beside the one just made, until so many are left."""
    others = [one for one in backups(workspace, policy) if one != made]
    removed = others[: max(len(others) - (policy.backup.keep - 1), 0)]
    for one in removed:
        one.unlink(missing_ok=True)
    return removed


def _remove_leftovers(workspace: Workspace, policy: Policy) -> None:
    """Remove what a backup that was killed left behind."""
    for copied in workspace.folder.glob(f"{_SNAPSHOT}*"):
        if copied.is_dir() and not copied.is_symlink():
            shutil.rmtree(copied, ignore_errors=True)
    for part in _folder(workspace, policy).glob(f".{_stem(workspace)}*{PART}"):
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems know nothing of it; the file itself is there whole.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
