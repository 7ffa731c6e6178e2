"""Expressions to try, over the vocabulary that the scanners really have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model.check import Direction, Parameter
from controls.expression import Expression, Outcome
from controls.vocabulary import vocabulary_of
from scanners.registry import VOCABULARY

KNOWN = vocabulary_of(VOCABULARY)
MINIMUM = Parameter("minimum", 2048, 2048, Direction.MINIMUM, "bit")


def compiled(source: str, parameters: Iterable[Parameter] = ()) -> Expression:
    """Compile an expression against everything any scanner can observe."""
    return Expression(source, KNOWN, parameters)


def outcome(source: str, values: Mapping[str, Any], parameters: Iterable[Parameter] = ()) -> Outcome:
    """Return what an expression gives over some values."""
    return compiled(source, parameters).evaluate(values)
