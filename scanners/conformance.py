"""Hold what a scanner returned against its vocabulary, so that a wrong type never reaches a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model.facts import JSON, Facts, FactSpec, FactType

SUBJECT_LISTS = frozenset({"ports.services", "certificates.deployments"})
"""Names of lists with one record of facts per subject, which no expression sees as a whole."""
CONTACT = FactSpec("certificates.spoken", FactType.BOOL, "the port spoke TLS to the certificate scanner")
"""Said beside a list of subjects: an empty list does not tell why it is empty."""


def nonconforming(facts: Facts, vocabulary: Mapping[str, FactSpec]) -> list[str]:
    """Return a line for each fact that is unknown or of the wrong type, also inside lists of subjects."""
    problems: list[str] = []
    known = {**vocabulary, CONTACT.name: CONTACT}
    for name, value in facts.items():
        if name in known:
            if not _fits(known[name], value):
                problems.append(f"{name} is {type(value).__name__}, not {known[name].type}")
        elif name in SUBJECT_LISTS:
            problems.extend(_in_records(name, value, vocabulary))
        else:
            problems.append(f"{name} is not in the vocabulary")
    return problems


def _in_records(name: str, records: JSON, vocabulary: Mapping[str, FactSpec]) -> list[str]:
    if not isinstance(records, list) or not all(isinstance(record, Mapping) for record in records):
        return [f"{name} is not a list of records"]
    return [line for record in records for line in nonconforming(record, vocabulary)]


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
            return isinstance(value, list) and all(_is_record(spec, entry) for entry in value)


def _is_record(spec: FactSpec, entry: JSON) -> bool:
    if not isinstance(entry, Mapping) or set(entry) != set(spec.record):
        return False
    return all(value is None or isinstance(value, bool | int | str) for value in entry.values())
