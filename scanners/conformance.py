"""Hold what a scanner returned against its vocabulary, so that a wrong type never reaches a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model.facts import JSON, Facts, FactSpec, FactType


def nonconforming(facts: Facts, vocabulary: Mapping[str, FactSpec]) -> list[str]:
    """Return a line for each fact that is unknown or of the wrong type, also inside lists of records.

    Names whose namespace is a scanner's own list of records (`ports.services`) are looked into, not judged.
    """
    problems: list[str] = []
    for name, value in facts.items():
        if name in vocabulary:
            if not _fits(vocabulary[name], value):
                problems.append(f"{name} is {type(value).__name__}, not {vocabulary[name].type}")
        elif isinstance(value, list) and all(isinstance(record, Mapping) for record in value):
            problems.extend(line for record in value for line in nonconforming(record, vocabulary))
        elif not isinstance(value, bool):
            problems.append(f"{name} is not in the vocabulary")
    return problems


def _fits(spec: FactSpec, value: JSON) -> bool:
    if value is None:
        return spec.nullable
    match spec.type:
        case FactType.BOOL:
            return isinstance(value, bool)
        case FactType.INT:
            return isinstance(value, int) and not isinstance(value, bool)
        case FactType.STRING:
            return isinstance(value, str)
        case FactType.STRINGS:
            return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
        case FactType.INTS:
            return isinstance(value, list) and all(type(entry) is int for entry in value)
        case FactType.RECORDS:
            return isinstance(value, list) and all(
                isinstance(entry, Mapping) and set(entry) == set(spec.record) for entry in value
            )
