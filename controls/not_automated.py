"""What is wanted but decided by no machine here: each with the reason, and what to do instead. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from auditor.documents.shape import Shape
from auditor.documents.words import Id
from auditor.model.check import Text
from controls.shapes import TextShape


@dataclass(frozen=True, slots=True)
class NotAutomated:
    """One wanted question without a check. `area` is the first word of the id."""

    id: str
    area: str
    title: Text
    reason: Text
    instead: Text


class EntryShape(Shape):
    """One entry, as written."""

    id: Id
    title: TextShape
    reason: TextShape
    instead: TextShape


class NotAutomatedShape(Shape):
    """One file `not-automated*.yaml`."""

    version: Literal[1]
    entries: Annotated[tuple[EntryShape, ...], Field(min_length=1)]


def to_not_automated(shape: EntryShape) -> NotAutomated:
    """Return the NotAutomated in an entry's shape."""
    return NotAutomated(
        id=shape.id,
        area=shape.id.partition("-")[0],
        title=shape.title.model_dump(),
        reason=shape.reason.model_dump(),
        instead=shape.instead.model_dump(),
    )
