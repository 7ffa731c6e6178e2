"""Open checks of an organisation's own, and lay them beside the shipped ones when they keep every rule."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from auditor.documents.files import read_file
from auditor.model.check import Check
from auditor.model.document import DocumentError
from auditor.model.facts import FactSpec
from auditor.model.problem import Problem
from controls.lint import Beside, lint
from controls.lint_rules import LintProblem
from controls.loading import Catalogue, load_not_automated
from controls.shapes import CheckShape, to_check
from controls.written import Written, read_shape

_MAXIMUM_ENTRIES = 10_000


def add_local_checks(catalogue: Catalogue, folder: Path, vocabulary: Mapping[str, FactSpec]) -> Catalogue:
    """Return a catalogue with the checks of a folder added, at any depth of it.

    Raise DocumentError with every broken rule of every file. The digest covers what was added.
    """
    files = local_files(folder)
    problems = lint_local(files, catalogue, vocabulary)
    if problems:
        raise DocumentError(one.located() for one in problems)
    if not files:
        return catalogue
    checks = {**catalogue.checks, **{check.id: check for check in _checks(files)}}
    return replace(catalogue, checks=dict(sorted(checks.items())), digest=_digest(catalogue.digest, files))


def lint_local(
    files: Iterable[Written], catalogue: Catalogue, vocabulary: Mapping[str, FactSpec]
) -> tuple[LintProblem, ...]:
    """Return every broken rule of local checks beside a catalogue."""
    taken = frozenset(one.id for one in load_not_automated())
    return lint(files, vocabulary, Beside(catalogue.checks, catalogue.frameworks, taken), local=True)


def local_files(folder: Path) -> tuple[Written, ...]:
    """Return the files of a folder that end in .yaml, sorted; raise DocumentError for what cannot be read.

    What begins with a dot is left alone, and links to folders are not followed.
    """
    problems: list[Problem] = []
    files: list[Written] = []
    for path in sorted(_walk(folder, problems)):
        if path.suffix.lower() not in (".yaml", ".yml"):
            continue
        if path.suffix != ".yaml":
            problems.append(Problem(str(path), 0, 0, f"is not read; name it {path.stem}.yaml"))
            continue
        try:
            files.append(Written(str(path), path.relative_to(folder).as_posix(), read_file(path)))
        except DocumentError as error:
            problems.extend(error.problems)
    if problems:
        raise DocumentError(problems)
    return tuple(files)


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Yield every file below a folder; a check that others may add or exchange would be theirs."""

    def complain(error: OSError) -> None:
        problems.append(Problem(str(error.filename), 0, 0, f"cannot be read: {error.strerror}"))

    count = 0
    for place, folders, names in os.walk(folder, onerror=complain):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        mode = Path(place).stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            message = "everyone on this machine may put checks here; run 'chmod o-w' on it"
            problems.append(Problem(place, 0, 0, message))
        count += len(folders) + len(names)
        if count > _MAXIMUM_ENTRIES:
            message = f"more than {_MAXIMUM_ENTRIES:,} entries; name a folder that holds checks only"
            problems.append(Problem(str(folder), 0, 0, message))
            return
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _checks(files: Iterable[Written]) -> Iterator[Check]:
    """Yield the checks of files that break no rule."""
    for one in files:
        problems: list[Problem] = []
        shape = read_shape(CheckShape, one.path, one.content, problems)
        if shape is None:
            raise DocumentError(problems)
        yield to_check(shape)


def _digest(before: str, files: Iterable[Written]) -> str:
    """Return a digest over the catalogue and every byte of every local file, wherever the folder lies."""
    total = hashlib.sha256(f"{before}\n".encode())
    for one in files:
        total.update(f"{one.place}\n{hashlib.sha256(one.content).hexdigest()}\n".encode())
    return total.hexdigest()
