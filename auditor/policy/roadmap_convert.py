"""From the checked shape of the roadmap's rules to the frozen ones."""

from __future__ import annotations

from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Responsible
from auditor.model.roadmap import RoadmapRules, Role
from auditor.policy.roadmap_shape import RoadmapShape


def to_roadmap(shape: RoadmapShape) -> RoadmapRules:
    """Return how the work that is left is laid over quarters."""
    return RoadmapRules(
        start=shape.start,
        years=shape.years,
        hours_per_day=shape.hours_per_day,
        days_per_quarter={side: getattr(shape.days_per_quarter, side.value) for side in Responsible},
        contingency_percent=shape.contingency_percent,
        currency=shape.currency,
        rates={role: getattr(shape.rates, role.value) for role in Role},
        control_hours={
            MachineCoverage.SUPPORTING: shape.control_hours.supporting,
            MachineCoverage.ATTESTATION: shape.control_hours.attestation,
        },
    )
