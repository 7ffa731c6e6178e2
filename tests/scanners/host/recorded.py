"""Recorded outputs of the collection script, and reports written by hand for what cannot be recorded here."""

from __future__ import annotations

from pathlib import Path

from auditor.model.facts import JSON
from scanners.host.area import Area
from scanners.host.reading import read_facts
from scanners.host.report import Report, Section, State, parse_report

FOLDER = Path(__file__).parents[2] / "fixtures" / "host"
NONCE = "recorded"


def recorded(area: str, name: str) -> Report:
    """Return a report that tests.scanners.host.record made."""
    return parse_report((FOLDER / area / f"{name}.txt").read_bytes(), NONCE)


def written(*absent: str, denied: tuple[str, ...] = (), **sections: str) -> Report:
    """Return a report of these sections, each as a command would print it; `_` stands for `-` in names."""
    named = {name.replace("_", "-"): text for name, text in sections.items()}
    ran = {name: Section(name, State.RAN, text.encode()) for name, text in named.items()}
    gone = {name: Section(name, State.ABSENT) for name in absent}
    kept = {name: Section(name, State.DENIED) for name in denied}
    return Report({**ran, **gone, **kept})


def facts_of(report: Report, area: Area) -> dict[str, JSON]:
    """Return the facts that an area reads from a report, those unread in host.unread."""
    return read_facts(report, (area,))
