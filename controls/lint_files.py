"""Rules that files keep before their meaning is looked at: syntax, shape, order of keys, place and name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from auditor.documents.shape import Shape, match_shape
from auditor.model.document import Document, DocumentError, parse_document
from auditor.model.facts import JSON
from auditor.model.plain_text import show
from auditor.model.problem import Path
from controls.lint_rules import Broken, LintProblem
from controls.not_automated import NotAutomatedShape
from controls.shapes import CheckShape, CrosswalkShape, FrameworkShape
from controls.written import Written

LOCAL = "local-"
"""How ids of local checks begin, so that they never meet one that is shipped later."""
ID_FORM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
UNFILLED = re.compile(r"<(?:fill in|isi)\b[^<>]*>")
"""What a skeleton leaves to a person."""
_PLACES = (
    (r"checks/([a-z0-9-]+/)+[^/]+\.yaml", CheckShape),
    (r"frameworks/iso27001-(2013|2022)\.yaml", FrameworkShape),
    (r"frameworks/crosswalk\.yaml", CrosswalkShape),
    (r"not-automated[a-z-]*\.yaml", NotAutomatedShape),
)


def shape_of(written: Written, local: bool) -> type[Shape] | None:
    """Return the shape that a file has by its place, or None where no file is read."""
    if local:
        return CheckShape
    return next((shape for place, shape in _PLACES if re.fullmatch(place, written.place)), None)


def open_file(written: Written, local: bool, found: list[LintProblem]) -> tuple[Shape, Document] | None:
    """Return a file's shape with its document, or None where it has none; add every broken rule."""
    try:
        document = parse_document(written.content, written.path)
    except DocumentError as error:
        found.extend(LintProblem("yaml", problem) for problem in error.problems)
        return None
    unfilled = [*_unfilled(document.data, ())]
    if unfilled:
        # As long as a skeleton is not filled in, everything else about it would only hide what is to do.
        found.extend(LintProblem("filled-in", document.problem(path, said)) for path, said in unfilled)
        return None
    model = shape_of(written, local)
    if model is None:
        message = "no file is read here; move it to checks/<area>/, or remove it"
        found.append(LintProblem("file-place", document.problem((), message)))
        return None
    shape, problems = match_shape(model, document.data, document)
    found.extend(LintProblem("shape", problem) for problem in problems)
    if shape is None:
        return None
    ordered = shape.model_dump(by_alias=True, exclude_unset=True, mode="json")
    found.extend(located(one, document) for one in _order_problems(document.data, ordered, ()))
    return shape, document


def located(broken: Broken, document: Document) -> LintProblem:
    """Return a broken rule with its place in the file."""
    return LintProblem(broken.rule, document.problem(broken.path, broken.message, key=broken.key))


def name_problems(name: str, written: Written, local: bool) -> Iterator[Broken]:
    """Yield what is wrong with the id of a check or the name of its file."""
    path: Path = ("id",)
    if PurePosixPath(written.place).name != f"{name}.yaml":
        yield Broken("file-name", path, f"the id is {name}; name the file {name}.yaml")
    yield from id_problems(name.removeprefix(LOCAL) if local else name, path)
    if local and not name.startswith(LOCAL):
        yield Broken("id-local", path, f"the id of a local check begins with {LOCAL}; write {LOCAL}{name}")
    if not local and name.startswith(LOCAL):
        message = f"{LOCAL} is kept for checks of an organisation's own; write another id"
        yield Broken("id-local", path, message)


def id_problems(name: str, path: Path) -> Iterator[Broken]:
    """Yield a problem for an id that is not area-object-state."""
    if not ID_FORM.fullmatch(name):
        message = f"{show(name)} is not area-object-state; write for example http-version-hidden"
        yield Broken("id-form", path, message)


def _unfilled(value: JSON, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        for part in UNFILLED.findall(value):
            yield path, f"still to be filled in: {part}"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _unfilled(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unfilled(inner, (*path, index))


def _order_problems(data: Any, ordered: Any, path: Path) -> Iterator[Broken]:
    """Yield the first key of every mapping that stands before one that belongs in front of it."""
    if isinstance(data, dict) and isinstance(ordered, dict):
        for name, wanted in zip(data, ordered, strict=False):
            if name != wanted:
                message = f"{show(wanted)} belongs in front of {show(name)}"
                yield Broken("key-order", (*path, name), message, key=True)
                break
        for name, inner in data.items():
            yield from _order_problems(inner, ordered.get(name), (*path, name))
    elif isinstance(data, list) and isinstance(ordered, list):
        for index, (inner, other) in enumerate(zip(data, ordered, strict=False)):
            yield from _order_problems(inner, other, (*path, index))
