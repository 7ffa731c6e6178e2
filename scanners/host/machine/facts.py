"""Facts of the area `machine`."""

from __future__ import annotations

from auditor.model.facts import FactSpec

FACTS: tuple[FactSpec, ...] = ()
