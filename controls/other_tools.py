"""What reports of other tools say of the inside of a server. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Text
from auditor.model.evidence import Evidence, Failure
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task
from controls.reasons import IMPORT_NARROW

REPORTS = ("lynis", "openscap")
"""Tools whose reports are about the inside of a server as a whole; each is a namespace of facts."""
NARROW = "narrow"
"""Mark of an imported port scan that looked at fewer ports than the audit does."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Facts of reports, the rows they stand in, and why there are none, by namespace."""

    facts: Facts
    rows: tuple[int, ...]
    failures: Mapping[str, Failure]
    missing: Mapping[str, Text]


def reported(
    awaited: Mapping[str, Text], evidence: Mapping[str, Evidence], server: str, opd: str
) -> Reported:
    """Return what reports say of a server's inside; that none was ever handed in is known too.

    `awaited` gives, for each tool whose report is counted on, what to say while nothing is known of it.
    """
    facts: dict[str, JSON] = {f"{tool}.imported": tool in awaited for tool in REPORTS}
    found = {tool: evidence.get(report_task(tool, server, opd).id) for tool in awaited}
    rows = {tool: row for tool, row in found.items() if row is not None}
    for row in rows.values():
        facts |= row.facts
    return Reported(
        facts,
        tuple(row.sequence for row in rows.values()),
        {tool: row.failure for tool, row in rows.items() if row.failure is not None},
        {tool: why for tool, why in awaited.items() if tool not in rows},
    )


def report_task(tool: str, server: str, opd: str) -> Task:
    """Return the task that a report about the inside of a server stands for."""
    return Task(tool, server, opd, "")


def incomplete_lists(ports: Evidence) -> Mapping[str, Text]:
    """Return fact → why it may be longer: a port scan was imported that asked too few ports."""
    imported = ports.settings.get("imported")
    narrow = isinstance(imported, dict) and imported.get(NARROW) is True
    return {"ports.open": IMPORT_NARROW} if narrow else {}
