"""Raw outputs on disk, named by their SHA-256, written once and flushed before a row may name them."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from auditor.store.chain import digest

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ASIDE = ".leaving"


class ArtefactStore:
    """Content-addressed files under one folder."""

    def __init__(self, folder: Path):
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256; storing the same again changes its time only."""
        name = digest(content)
        target = self._path(name)
        if _touched(target):
            return name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A name of its own, readable by the owner only: two writers of the same bytes must not meet.
        descriptor, temporary = tempfile.mkstemp(prefix=".", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
        _sync_folder(target.parent)
        return name

    def get(self, name: str) -> bytes | None:
        """Return the bytes of a digest, or None when they are not kept (any more), or it is no digest."""
        if not _DIGEST.fullmatch(name):
            return None
        for path in (self._path(name), self._aside(name)):
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                return path.read_bytes()
        return None

    def size(self, name: str) -> int | None:
        """Return how many bytes a digest names, or None when they are not kept."""
        path = self._path(name)
        return path.stat().st_size if _DIGEST.fullmatch(name) and path.is_file() else None

    def names(self) -> Iterator[str]:
        """Yield the digests that are kept, in order."""
        if self._folder.is_dir():
            for folder in sorted(self._folder.iterdir()):
                if folder.is_dir():
                    yield from sorted(file.name for file in folder.iterdir() if _DIGEST.fullmatch(file.name))

    def path(self, name: str) -> Path:
        """Return where the bytes of a digest lie."""
        return self._path(name)

    def set_aside(self, name: str, before: float) -> bool:
        """Set bytes aside that are about to be removed, and return whether they were.

        They stay where they are when somebody stored them, once more, at `before` (POSIX seconds) or later: a
        row that names them may be on its way. What is set aside is still found by `get`.
        """
        path, aside = self._path(name), self._aside(name)
        # Renamed before its time is looked at: whoever stores the same from now on writes another file.
        path.rename(aside)
        if aside.stat().st_mtime < before:
            return True
        self._give_back(aside)
        return False

    def remove_aside(self, name: str) -> None:
        """Remove bytes that were set aside."""
        self._aside(name).unlink(missing_ok=True)

    def give_back_all(self) -> None:
        """Put everything back that was set aside and not removed, because its remover was ended."""
        for aside in self._folder.glob(f"??/.*{_ASIDE}"):
            self._give_back(aside)

    def _give_back(self, aside: Path) -> None:
        path = self._path(aside.name[1 : -len(_ASIDE)])
        if path.exists():
            aside.unlink(missing_ok=True)
        else:
            aside.rename(path)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _aside(self, name: str) -> Path:
        return self._folder / name[:2] / f".{name}{_ASIDE}"


def _touched(path: Path) -> bool:
    """Mark a file as stored once more, if there is one: whoever prunes must see that it is in use."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    # Without this, a power cut can keep the row and lose the name of the file it points at.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
