"""What the area `machine` reads from a report, for its tests."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.machine.area import MACHINE
from scanners.host.report import Report, Section, State
from tests.scanners.host.recorded import facts_of, recorded

ABSENT = (
    *("machine-mdstat", "machine-drivers", "machine-zpools", "machine-mapped", "machine-storcli"),
    *("machine-perccli", "machine-ssacli", "machine-smart", "machine-hwmon", "machine-ipmi"),
    *("machine-apcupsd", "machine-ups", "machine-upsmon"),
)
"""Sections of hardware that a plain machine has not."""


def told(report: Report) -> dict[str, JSON]:
    """Return every fact of the area."""
    return facts_of(report, MACHINE)


def told_of(name: str) -> dict[str, JSON]:
    """Return every fact of a recorded host."""
    return told(recorded("machine", name))


def unread(facts: dict[str, JSON]) -> dict[str, str]:
    """Return fact → why it was not read."""
    listed = facts["host.unread"]
    assert isinstance(listed, list)
    return {one["fact"]: one["reason"] for one in listed}


def hardware(denied: tuple[str, ...] = (), **sections: str) -> dict[str, JSON]:
    """Return the facts of a machine that prints these sections about its hardware and has nothing else."""
    made = {name: Section(name, State.ABSENT) for name in ABSENT}
    made |= {f"machine-{name}": Section(f"machine-{name}", State.DENIED) for name in denied}
    for name, text in sections.items():
        made[f"machine-{name}"] = Section(f"machine-{name}", State.RAN, text.encode())
    return told(Report(made))
