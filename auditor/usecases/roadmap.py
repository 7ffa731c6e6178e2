"""Plan what is left to do after a judged run, and write the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from auditor.model.inventory import Responsible
from auditor.model.report import ReportData
from auditor.model.roadmap import RoadmapRules
from auditor.policy.roadmap_shape import LEAST_DAYS, MOST_DAYS
from auditor.usecases.errors import UsageProblem
from auditor.usecases.writing import write_files
from controls.roadmap import make_roadmap
from reports.roadmap.registry import render_roadmap


def with_roadmap(data: ReportData, rules: RoadmapRules | None = None) -> ReportData:
    """Return data together with the plan of what is left, by the policy of its run or by other rules.

    A run that was not judged in the policy's first edition stays without one.
    """
    if data.policy.default_edition not in data.organization.controls:
        return data
    return replace(data, roadmap=make_roadmap(data, rules or data.policy.roadmap))


def what_if_rules(
    rules: RoadmapRules, *, centre_days: float | None, opd_days: float | None, years: int | None
) -> RoadmapRules:
    """Return rules with another capacity or reach; None keeps what they say.

    Raise UsageProblem for a capacity that the policy would not take.
    """
    capacity = dict(rules.days_per_quarter)
    for side, days in ((Responsible.CENTRE, centre_days), (Responsible.OPD, opd_days)):
        # What is no number compares as neither.
        if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
            raise UsageProblem(
                f"no plan can be made with a capacity of {days:g} person-days",
                f"write a number from {LEAST_DAYS} to {MOST_DAYS}",
            )
        capacity[side] = capacity[side] if days is None else days
    return replace(rules, days_per_quarter=capacity, years=rules.years if years is None else years)


def write_roadmap(
    data: ReportData, folder: Path, *, formats: Iterable[str], opd: str | None, language: str, edition: str
) -> tuple[Path, ...]:
    """Render and write the plan: of one OPD, or over all and then of every OPD.

    Raise ReportError for a wrong choice; nothing is written before everything was rendered.
    """
    return write_files(render_roadmap(data, formats, opd, language, edition), folder)
