"""One whole file for every rule of the catalogue that breaks this rule and no other.

The first line of a file tells where in the catalogue it stands, and what is wrong with it. Of an edition or
the crosswalk it holds a few entries, which take the places of the shipped ones; all others stay as shipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.model.document import parse_document
from controls.lint import Beside, lint
from controls.lint_rules import LintProblem
from controls.loading import CATALOGUE, load_not_automated
from controls.written import Written
from tests.controls.catalogue import shipped
from tests.controls.expressions import KNOWN

BROKEN = Path(__file__).with_name("broken")


def place_of(text: str) -> str:
    """Return where in the catalogue a broken file stands."""
    found = re.match(r"# (\S+\.yaml): \S", text)
    assert found is not None, "the first line must tell the place"
    return found[1]


def problems_of(place: str, text: str) -> tuple[LintProblem, ...]:
    """Return every rule that a file breaks at a place of the shipped catalogue."""
    whole = _laid_over(place, text) if place.startswith("frameworks/") else text
    taken = frozenset(one.id for one in load_not_automated())
    beside = Beside(shipped().checks, shipped().frameworks, taken)
    return lint([Written(place, place, whole.encode())], KNOWN, beside)


def _laid_over(place: str, text: str) -> str:
    """Return the shipped file with the entries of another one in their places."""
    below: Any = parse_document((CATALOGUE / place).read_bytes(), place).data
    above: Any = parse_document(text.encode(), place).data
    lists = {key: _entries(below[key], above[key]) for key in ("groups", "controls") if key in above}
    walk = {"map": {**below["map"], **above["map"]}} if "map" in above else {}
    return json.dumps({**below, **above, **lists, **walk}, ensure_ascii=False)


def _entries(below: list[Mapping[str, Any]], above: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    merged = {one["id"]: one for one in below}
    return list({**merged, **{one["id"]: one for one in above}}.values())
