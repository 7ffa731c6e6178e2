"""What every format returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.model.report import ReportData


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file of a report; `name` is made by this package and holds no folder."""

    name: str
    media_type: str
    content: bytes


Renderer = Callable[[ReportData, str | None, str, str], Iterable[RenderedFile]]
"""Data, OPD id (None for all with their summary), language, edition → files, slow ones one by one."""


def selected(data: ReportData, opd_id: str | None) -> tuple[str, ...]:
    """Return the OPD to render: the one asked for, or all that have a scorecard, in inventory order."""
    if opd_id is not None:
        return (opd_id,)
    return tuple(opd.id for opd in data.inventory.opds if opd.id in data.scorecards)
