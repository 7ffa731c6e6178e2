"""Hold files of a catalogue against its rules: shipped files, or checks of an organisation's own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from auditor.model.check import Check
from auditor.model.document import Document
from auditor.model.facts import FactSpec
from auditor.model.framework import Framework
from controls.lint_checks import check_problems, text_problems
from controls.lint_editions import crosswalk_problems, edition_problems
from controls.lint_expressions import expression_problems
from controls.lint_files import id_problems, located, name_problems, open_file
from controls.lint_rules import Broken, LintProblem
from controls.not_automated import NotAutomatedShape
from controls.shapes import CheckShape, CrosswalkShape, FrameworkShape, to_check, to_framework
from controls.written import Written


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known to be sound beside the files that are looked at."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    """Ids of questions that no check decides."""


@dataclass(slots=True)
class _Opened:
    """The files that have a shape, by kind."""

    checks: list[tuple[Written, Document, Check]] = field(default_factory=list)
    editions: list[tuple[Document, Framework]] = field(default_factory=list)
    crosswalks: list[tuple[Document, CrosswalkShape]] = field(default_factory=list)
    notes: list[tuple[Document, NotAutomatedShape]] = field(default_factory=list)


def lint(
    files: Iterable[Written],
    vocabulary: Mapping[str, FactSpec],
    beside: Beside | None = None,
    *,
    local: bool = False,
) -> tuple[LintProblem, ...]:
    """Return every broken rule of every file, file by file.

    With `local` all files are checks, at any place, of an organisation's own.
    """
    found: list[LintProblem] = []
    opened = _open(files, local, found)
    base = beside or Beside()
    frameworks = {**base.frameworks, **{one.edition: one for _, one in opened.editions}}
    checks = {**base.checks, **{check.id: check for _, _, check in opened.checks}}
    for written, document, check in opened.checks:
        problems = _check_file(check, written, frameworks, vocabulary, local)
        found.extend(located(one, document) for one in problems)
    for document, framework in opened.editions:
        found.extend(located(one, document) for one in edition_problems(framework, checks.values()))
    for document, walk in opened.crosswalks:
        found.extend(located(one, document) for one in crosswalk_problems(walk))
    found.extend(_id_problems(opened, base))
    return tuple(sorted(found, key=lambda one: (one.where, one.rule)))


def _open(files: Iterable[Written], local: bool, found: list[LintProblem]) -> _Opened:
    opened = _Opened()
    for written in files:
        result = open_file(written, local, found)
        match result:
            case (CheckShape() as shape, document):
                opened.checks.append((written, document, to_check(shape)))
            case (FrameworkShape() as shape, document):
                opened.editions.append((document, to_framework(shape, {})))
            case (CrosswalkShape() as shape, document):
                opened.crosswalks.append((document, shape))
            case (NotAutomatedShape() as shape, document):
                opened.notes.append((document, shape))
            case _:
                pass
    return opened


def _check_file(
    check: Check,
    written: Written,
    frameworks: Mapping[str, Framework],
    vocabulary: Mapping[str, FactSpec],
    local: bool,
) -> Iterator[Broken]:
    yield from name_problems(check.id, written, local)
    yield from check_problems(check, frameworks, vocabulary)
    yield from expression_problems(check, vocabulary)


def _id_problems(opened: _Opened, base: Beside) -> Iterator[LintProblem]:
    """Yield a problem for every id that is given a second time, and for those of undecided questions."""
    taken = {*base.checks, *base.taken}
    for _, document, check in opened.checks:
        if check.id in taken:
            message = f"a second thing with the id {check.id}; rename one"
            yield located(Broken("id-unique", ("id",), message), document)
        taken.add(check.id)
    for document, shape in opened.notes:
        for index, entry in enumerate(shape.entries):
            for broken in _entry_problems(entry.model_dump(), index, taken):
                yield located(broken, document)
            taken.add(entry.id)


def _entry_problems(entry: Mapping[str, Mapping[str, str]], index: int, taken: set[str]) -> Iterator[Broken]:
    path = ("entries", index)
    name = str(entry["id"])
    if name in taken:
        yield Broken("id-unique", (*path, "id"), f"{name} is taken; give it an id of its own")
    yield from id_problems(name, (*path, "id"))
    for part in ("title", "reason", "instead"):
        yield from text_problems(entry[part], (*path, part))
