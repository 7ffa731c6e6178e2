"""Raw outputs on disk, named by their SHA-256, written once and flushed before a row may name them."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from auditor.store.chain import digest

_DIGEST = re.compile(r"[0-9a-f]{64}")


class ArtefactStore:
    """Content-addressed files under one folder."""

    def __init__(self, folder: Path):
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256; storing the same again changes nothing."""
        name = digest(content)
        target = self._path(name)
        if target.exists():
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
        path = self._path(name)
        return path.read_bytes() if path.is_file() else None

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _sync_folder(folder: Path) -> None:
    # Without this, a power cut can keep the row and lose the name of the file it points at.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
