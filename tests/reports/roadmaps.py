"""The sample with a plan: as the policy is shipped, and with prices and little capacity."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.inventory import Responsible
from auditor.model.report import ReportData
from auditor.model.roadmap import RoadmapRules, Role
from auditor.usecases.roadmap import with_roadmap
from tests.reports.whole import whole_data

RATES = {Role.ADMINISTRATOR: 750_000, Role.DEVELOPER: 900_000, Role.GOVERNANCE: 600_000}
TIGHT = RoadmapRules(
    years=1,
    hours_per_day=1.0,
    days_per_quarter={Responsible.CENTRE: 0.5, Responsible.OPD: 0.5},
    rates=RATES,
)


def planned(rules: RoadmapRules | None = None, *, data: ReportData | None = None) -> ReportData:
    """Return a sample with a plan."""
    return with_roadmap(data or whole_data(), rules)


def priced() -> ReportData:
    """Return the sample with the capacity as shipped, and rates."""
    return planned(replace(RoadmapRules(), rates=RATES))
