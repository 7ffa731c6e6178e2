"""Read how many identity numbers stand in databases that are marked as test: counts alone. Pure."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.installed import is_installed
from scanners.host.report import Reason, Report, Unread

_SECTIONS = {"mariadb": "databases-mysql-identities", "postgresql": "databases-postgresql-identities"}


def _identities(report: Report) -> JSON:
    found: dict[str, dict[str, JSON]] = {}
    for software, section in _SECTIONS.items():
        if is_installed(report, software):
            for name, cells, identities, phones in _counted(report, section):
                one = found.setdefault(
                    f"{software} {name}",
                    {"server": software, "name": name, "cells": 0, "identity_numbers": 0, "phones": 0},
                )
                for key, count in (("cells", cells), ("identity_numbers", identities), ("phones", phones)):
                    one[key] = int(str(one[key])) + count
    return [*found.values()]


def _counted(report: Report, name: str) -> list[tuple[str, int, int, int]]:
    if name not in report.sections:
        raise Unread(Reason.NOT_UNDERSTOOD, "counted only where the assignment names the check")
    lines = report.lines(name)
    if "1" not in lines:
        raise Unread(Reason.NOT_UNDERSTOOD, "no server answered over its socket")
    rows = [line.split() for line in lines if line != "1"]
    return [(name, int(cells), int(numbers), int(phones)) for name, cells, numbers, phones in rows]


READERS: dict[str, Reader] = {"host.test_database_identities": _identities}
