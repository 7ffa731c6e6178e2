"""Check expressions in CEL, three-valued: true, false, or not decidable from the facts at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cel_expr_python.cel as cel

from auditor.model.check import Parameter
from auditor.model.facts import JSON, FactSpec, FactType

NOW = "now"

_TYPES = {
    FactType.BOOL: cel.Type.BOOL,
    FactType.INT: cel.Type.INT,
    FactType.STRING: cel.Type.STRING,
    FactType.STRINGS: cel.Type.List(cel.Type.STRING),
    FactType.INTS: cel.Type.List(cel.Type.INT),
    FactType.RECORDS: cel.Type.List(cel.Type.DYN),
}
_STRING_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_DOTTED = re.compile(r"(?<![\w.])[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)+|(?<![\w.])now\b")


class ExpressionError(ValueError):
    """An expression that does not compile, or does not give true or false."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one evaluation: `value` is None when undecided; `error` is set for our own mistakes."""

    value: bool | None
    missing: tuple[str, ...] = ()
    error: str = ""


class Expression:
    """One compiled expression over facts, parameters and `now`."""

    def __init__(self, source: str, vocabulary: Mapping[str, FactSpec], parameters: Iterable[Parameter]):
        """Compile `source`; raise ExpressionError with line and column when it cannot be."""
        self.source = source
        variables = _declarations(referenced_names(source), vocabulary, parameters)
        # A loop variable looks dotted too (`c.secure`); what is not declared is left to the compiler.
        self.names = tuple(name for name in referenced_names(source) if name in variables)
        if re.search(r"\bhas\s*\(", _STRING_LITERAL.sub('""', source)):
            raise ExpressionError("has() asks whether a fact is missing; a missing fact must give UNKNOWN")
        self._environment = cel.NewEnv(variables=variables)
        try:
            self._program = self._environment.compile(source)
        except RuntimeError as error:
            raise ExpressionError(_first_lines(str(error))) from None
        returns = self._program.return_type()
        if returns not in (cel.Type.BOOL, cel.Type.DYN):
            raise ExpressionError(f"the expression gives {returns.name()}, not true or false")

    def evaluate(self, values: Mapping[str, Any]) -> Outcome:
        """Evaluate over `values` (dotted name → JSON value, `now` → aware datetime). Never raises."""
        known = {name: values[name] for name in self.names if name in values}
        missing = tuple(name for name in self.names if name not in values)
        try:
            result = self._program.eval(self._environment.Activation(known))
        except (RuntimeError, TypeError, ValueError) as error:
            return Outcome(None, missing, _first_lines(str(error)))
        if result.type() == cel.Type.BOOL:
            return Outcome(bool(result.value()))
        # An error value while a fact is missing is the third truth value, not a mistake of ours.
        return Outcome(None, missing, "" if missing else _first_lines(str(result.value())))


def referenced_names(source: str) -> tuple[str, ...]:
    """Return what may be names of facts, parameters or `now` in an expression, in order, without repeats."""
    plain = _STRING_LITERAL.sub('""', source)
    names: dict[str, None] = {}
    for match in _DOTTED.finditer(plain):
        text = match.group(0)
        if text == NOW:
            names[NOW] = None
            continue
        parts = text.split(".")
        names[".".join(parts[:2])] = None
    return tuple(names)


def _declarations(
    names: Iterable[str], vocabulary: Mapping[str, FactSpec], parameters: Iterable[Parameter]
) -> dict[str, cel.Type]:
    declared = {f"param.{parameter.name}": _parameter_type(parameter.default) for parameter in parameters}
    declared[NOW] = cel.Type.TIMESTAMP
    for name in names:
        if name in vocabulary:
            spec = vocabulary[name]
            declared[name] = cel.Type.DYN if spec.nullable else _TYPES[spec.type]
    return declared


def _parameter_type(default: JSON) -> cel.Type:
    if isinstance(default, bool):
        return cel.Type.BOOL
    if isinstance(default, int):
        return cel.Type.INT
    if isinstance(default, float):
        return cel.Type.DOUBLE
    if isinstance(default, list):
        inner = cel.Type.INT if default and isinstance(default[0], int) else cel.Type.STRING
        return cel.Type.List(inner)
    return cel.Type.STRING


def as_instant(text: str) -> datetime:
    """Read an RFC 3339 text as an aware datetime; raise ValueError otherwise."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text}: no time zone")
    return instant


def _first_lines(text: str) -> str:
    return " ".join(text.split())[:300]
