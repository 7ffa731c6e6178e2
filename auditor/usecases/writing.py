"""Write rendered files, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from auditor.documents.replacing import replace_file
from reports.formats.base import RenderedFile


def write_files(files: Iterable[RenderedFile], folder: Path, mode: int | None = None) -> tuple[Path, ...]:
    """Write files into a folder, made where it is missing, and return their paths in order.

    `mode` is who may read them, where that is not what the process gives to every file.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    written = []
    for file in files:
        path = folder / file.name
        replace_file(path, file.content, mode)
        written.append(path)
    return tuple(written)
