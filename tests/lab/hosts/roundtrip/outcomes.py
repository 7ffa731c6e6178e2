"""Keep what came of the remedies as JSON: for each text the host on which it was proven, else another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from controls.loading import load_catalogue
from tests.lab.hosts.roundtrip.trip import Result
from tests.lab.roundtrip.model import Outcome
from tests.lab.roundtrip.outcomes import record as record_outcomes
from tests.lab.roundtrip.outcomes import recorded, stamped

OUTCOMES = Path(__file__).with_name("outcomes.json")
"""What the last round trips came to; docs/remedies.md is made from it."""


def record(path: Path, results: Iterable[Result]) -> None:
    """Bring a file up to date; a text that is proven on one host stays proven."""
    before = {(one.check, one.software): one for one in recorded(path)}
    told: dict[tuple[str, str], Outcome] = {}
    checks = load_catalogue().checks
    for one in (stamped(_outcome(result), checks) for result in results):
        key = (one.check, one.software)
        if key not in told or one.proven:
            told[key] = one
    record_outcomes(path, [one for key, one in told.items() if one.proven or not _proven(before.get(key))])


def _proven(one: Outcome | None) -> bool:
    return one is not None and one.proven


def _outcome(one: Result) -> Outcome:
    return Outcome(
        check=one.check,
        software=one.software,
        program=one.release.replace("-", " ").title(),
        proven=one.proven,
        found=True,
        problem=one.problem or (f"then fails: {', '.join(one.broke)}" if one.broke else ""),
        broke=one.broke,
        also_closed=one.also_closed,
    )
