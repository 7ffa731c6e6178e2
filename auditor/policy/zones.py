"""Zones that a policy names, compared with those of the inventory."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from auditor.documents.files import read_file
from auditor.documents.shape import nearest
from auditor.model.document import parse_document
from auditor.model.plain_text import show
from auditor.model.problem import Problem

_SECTIONS = ("reachable_from", "trust_anchors")


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
