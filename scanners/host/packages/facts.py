"""Facts of the area `packages`."""

from __future__ import annotations

from auditor.model.facts import FactSpec

FACTS: tuple[FactSpec, ...] = ()
