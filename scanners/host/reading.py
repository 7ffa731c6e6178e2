"""Turn a host's report into facts, one reader for each, and name what could not be read. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model.facts import JSON
from scanners.host.area import Area, Reader
from scanners.host.report import Reason, Report, Unread

UNREAD = "host.unread"
"""Fact that names the facts which were not read."""
MOST_ENTRIES = 2000
"""A longer list is not taken: an expression could not go through it, and a shorter one would say less."""
LONGEST_TEXT = 1000


def read_facts(report: Report, areas: Iterable[Area]) -> dict[str, JSON]:
    """Return every fact that the report tells; `host.unread` lists the others, each with its reason."""
    facts: dict[str, JSON] = {}
    unread: list[JSON] = []
    for area in areas:
        for spec in area.facts:
            try:
                facts[spec.name] = _bounded(_read(area.readers[spec.name], report))
            except Unread as error:
                unread.append({"fact": spec.name, "reason": error.reason.value, "detail": error.detail[:200]})
    return {**facts, UNREAD: unread}


def _read(reader: Reader, report: Report) -> JSON:
    try:
        return reader(report)
    except (ValueError, LookupError, OverflowError, RecursionError) as error:
        # Whatever a host prints is hostile or from a release that nobody saw: no fact is better than a guess.
        raise Unread(Reason.NOT_UNDERSTOOD, f"{type(error).__name__}: {error}") from None


def _bounded(value: JSON) -> JSON:
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, list | tuple):
        if len(value) > MOST_ENTRIES:
            raise Unread(Reason.TOO_MUCH, f"{len(value)} entries")
        return [_bounded(one) for one in value]
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in value.items()}
    return value
