"""Files of a catalogue as they were written, and their way to a shape. Pure: the bytes are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from auditor.documents.shape import Shape, match_shape
from auditor.model.document import DocumentError, parse_document
from auditor.model.problem import Locator, Problem

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a file: `path` names it in messages, `place` is where it lies in its folder."""

    path: str
    place: str
    content: bytes


def read_shape(
    model: type[S],
    path: str,
    content: bytes,
    problems: list[Problem],
    further: Callable[[S, Locator], Iterable[Problem]] | None = None,
) -> S | None:
    """Return the shape of a file, or None; add every problem, those that `further` finds included."""
    try:
        document = parse_document(content, path)
    except DocumentError as error:
        problems.extend(error.problems)
        return None
    shape, found = match_shape(model, document.data, document)
    problems.extend(found)
    if shape is not None and further is not None:
        problems.extend(further(shape, document))
    return shape
