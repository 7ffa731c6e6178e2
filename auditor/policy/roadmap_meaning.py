"""What the keys about the roadmap mean together."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.problem import Locator, Problem
from auditor.model.roadmap import Role
from auditor.policy.roadmap_shape import RoadmapShape


def check_roadmap(shape: RoadmapShape, locator: Locator) -> Iterator[Problem]:
    """Yield every contradiction between keys about the roadmap."""
    if shape.control_hours.attestation < shape.control_hours.supporting:
        least = f"{shape.control_hours.supporting:g}"
        message = f"is less than supporting, which has measurements to lean on; write at least {least}"
        yield locator.problem(("roadmap", "control_hours", "attestation"), message)
    missing = [role.value for role in Role if getattr(shape.rates, role.value) is None]
    if 0 < len(missing) < len(Role):
        message = (
            f"{', '.join(missing)} has no rate while others have one, so that no total would be whole; "
            "write a rate for each role, 0 where there is no cost beyond salaries, or null for all"
        )
        yield locator.problem(("roadmap", "rates"), message)
