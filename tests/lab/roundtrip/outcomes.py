"""Keeps outcomes as JSON, each case once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.lab.roundtrip.model import Outcome

OUTCOMES = Path(__file__).with_name("outcomes.json")
"""What the last round trips came to; docs/remedies.md is made from it."""


def recorded(path: Path) -> tuple[Outcome, ...]:
    """Return the outcomes of a file, sorted by check and software; none where there is no file."""
    if not path.exists():
        return ()
    found = json.loads(path.read_text(encoding="utf-8"))
    lists = ("broke", "also_closed", "appeared")
    return tuple(Outcome(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in found)


def record(path: Path, outcomes: Iterable[Outcome]) -> None:
    """Bring a file up to date: outcomes replace those of the same check and software."""
    known = {(one.check, one.software): one for one in (*recorded(path), *outcomes)}
    listed = [asdict(known[key]) for key in sorted(known)]
    path.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
