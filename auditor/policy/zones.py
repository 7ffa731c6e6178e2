"""Zones, agencies and servers that a policy names, compared with those of the inventory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from auditor.documents.files import read_file
from auditor.documents.shape import nearest
from auditor.model.document import parse_document
from auditor.model.facts import JSON
from auditor.model.plain_text import show
from auditor.model.problem import Path as Where
from auditor.model.problem import Problem

_SECTIONS = ("reachable_from", "trust_anchors")


def unknown_agencies(
    path: Path | None, opds: Collection[str], servers: Collection[str]
) -> tuple[Problem, ...]:
    """Return a problem for every agency or server that what runs by itself names and nobody registered.

    A misspelt one would otherwise never be measured, spared or told. Raises like unknown_zones.
    """
    if path is None:
        return ()
    own = parse_document(read_file(path), str(path))
    found = (
        own.problem(where, f"{show(name)} is not in the inventory; {_hint(name, known)}")
        for where, name, known in _named(own.data if isinstance(own.data, dict) else {}, opds, servers)
        if name not in known
    )
    return tuple(found)


def _named(
    written: Mapping[str, JSON], opds: Collection[str], servers: Collection[str]
) -> Iterator[tuple[Where, str, Collection[str]]]:
    """Yield where an id is written, the id, and the ids that are known of its kind."""
    for section in ("schedules", "blackouts"):
        for index, entry in _entries(written.get(section)):
            for key, known in (("opds", opds), ("servers", servers)):
                for at, name in _texts(entry.get(key)):
                    yield (section, index, key, at), name, known
    trial, messages = written.get("trial"), written.get("messages")
    targets = trial.get("targets") if isinstance(trial, dict) else None
    for name in targets if isinstance(targets, dict) else ():
        yield ("trial", "targets", name), name, opds
    for index, entry in _entries(messages.get("recipients") if isinstance(messages, dict) else None):
        opd = entry.get("opd")
        if isinstance(opd, str):
            yield ("messages", "recipients", index, "opd"), opd, opds


def _entries(value: JSON) -> Iterator[tuple[int, Mapping[str, JSON]]]:
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _texts(value: JSON) -> Iterator[tuple[int, str]]:
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, str):
            yield index, entry


def _hint(name: str, known: Collection[str]) -> str:
    return nearest(name, known) or "see the ids with: auditor validate"


def unknown_zones(path: Path | None, zones: Collection[str]) -> tuple[Problem, ...]:
    """Return a problem for every zone in the policy at a path that is not among those of the inventory.

    A misspelt zone would otherwise restrict, or trust, nothing at all. Without a path, the shipped default
    names none. Raise DocumentError when the file cannot be read any more.
    """
    if path is None:
        return ()
    own = parse_document(read_file(path), str(path))
    written = own.data if isinstance(own.data, dict) else {}
    problems: list[Problem] = []
    for section in _SECTIONS:
        chosen = written.get(section)
        for zone in chosen if isinstance(chosen, dict) else ():
            if zone not in zones:
                hint = nearest(zone, zones) or f"the zones of the inventory are {', '.join(zones)}"
                message = f"{section}: unknown zone {show(zone)}; {hint}"
                problems.append(own.problem((section, zone), message, key=True))
    return tuple(problems)
