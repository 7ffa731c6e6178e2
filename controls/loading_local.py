"""Lay checks of an organisation's own beside the shipped ones when they keep every rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from auditor.documents.folders import read_yaml_folder
from auditor.model.check import Check
from auditor.model.document import DocumentError
from auditor.model.facts import FactSpec
from auditor.model.problem import Problem
from controls.lint import Beside, lint
from controls.lint_rules import LintProblem
from controls.loading import Catalogue, load_not_automated
from controls.shapes import CheckShape, to_check
from controls.written import Written, read_shape


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
    """Return the files of a folder that end in .yaml, sorted; raise DocumentError for what cannot be read."""
    return tuple(Written(str(one.path), one.place, one.content) for one in read_yaml_folder(folder))


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
