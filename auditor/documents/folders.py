"""Read every YAML file of a folder once, refusing what others could have put there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.documents.files import read_file
from auditor.model.document import DocumentError
from auditor.model.problem import Problem

_MAXIMUM_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class FolderFile:
    """One file: its path, its place below the folder with slashes, and its bytes."""

    path: Path
    place: str
    content: bytes


def read_yaml_folder(folder: Path) -> tuple[FolderFile, ...]:
    """Return the files of a folder that end in .yaml, at any depth, sorted.

    What begins with a dot is left alone, and links to folders are not followed. Raise DocumentError with
    everything that cannot be read.
    """
    problems: list[Problem] = []
    files: list[FolderFile] = []
    for path in sorted(_walk(folder, problems)):
        if path.suffix.lower() not in (".yaml", ".yml"):
            continue
        if path.suffix != ".yaml":
            problems.append(Problem(str(path), 0, 0, f"is not read; name it {path.stem}.yaml"))
            continue
        try:
            files.append(FolderFile(path, path.relative_to(folder).as_posix(), read_file(path)))
        except DocumentError as error:
            problems.extend(error.problems)
    if problems:
        raise DocumentError(problems)
    return tuple(files)


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Yield every file below a folder; what others may add there would be theirs, sticky bit or not."""

    def complain(error: OSError) -> None:
        problems.append(Problem(str(error.filename), 0, 0, f"cannot be read: {error.strerror}"))

    count = 0
    for place, folders, names in os.walk(folder, onerror=complain):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if Path(place).stat().st_mode & stat.S_IWOTH:
            message = "everyone on this machine may put files here; run 'chmod o-w' on it"
            problems.append(Problem(place, 0, 0, message))
        count += len(folders) + len(names)
        if count > _MAXIMUM_ENTRIES:
            message = f"more than {_MAXIMUM_ENTRIES:,} entries; name the folder that is meant"
            problems.append(Problem(str(folder), 0, 0, message))
            return
        yield from (Path(place, name) for name in names if not name.startswith("."))
