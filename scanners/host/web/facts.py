"""Facts of the area `web`."""

from __future__ import annotations

from auditor.model.facts import FactSpec

FACTS: tuple[FactSpec, ...] = ()
