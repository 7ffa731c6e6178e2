"""Plan what is left to do after a judged run."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.report import ReportData
from auditor.model.roadmap import RoadmapRules
from controls.roadmap import make_roadmap


def with_roadmap(data: ReportData, rules: RoadmapRules | None = None) -> ReportData:
    """Return data together with the plan of what is left, by the policy of its run or by other rules.

    A run that was not judged in the policy's first edition stays without one.
    """
    if data.policy.default_edition not in data.organization.controls:
        return data
    return replace(data, roadmap=make_roadmap(data, rules or data.policy.roadmap))
