"""Keeps outcomes as JSON, each case once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from auditor.model.check import Check
from controls.proofs import text_digest
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


def stamped(outcome: Outcome, checks: Mapping[str, Check], system: str = "") -> Outcome:
    """Return an outcome with the texts that were tried, as the catalogue has them now, and the system."""
    text = text_digest(checks[outcome.check].remediation, outcome.software.split("+"))
    return replace(outcome, system=system, text=text)


def this_system() -> str:
    """Return the release of the system that the lab's daemons come from."""
    told = Path("/etc/os-release").read_text(encoding="utf-8")
    words = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    name = words["NAME"].strip('"').removesuffix(" GNU/Linux")
    return f"{name} {words['VERSION_ID'].strip(chr(34))}"
