"""By how much the clock of a host differs. Pure."""

from __future__ import annotations

import math
from datetime import datetime

from auditor.model.evidence import Evidence
from auditor.model.facts import Facts


def clock_offset(evidence: Evidence) -> Facts:
    """Return by how much a host's clock differs at least, as far as the time of collecting tells."""
    clock = evidence.facts.get("host.clock")
    if not isinstance(clock, str):
        return {}
    # The host told whole seconds, so its clock stood anywhere in this one.
    first = datetime.fromisoformat(clock)
    if first > evidence.finished_at:
        offset = math.floor((first - evidence.finished_at).total_seconds())
    else:
        offset = min(0, math.ceil((first - evidence.started_at).total_seconds()) + 1)
    return {"host.clock_offset_seconds": offset}
