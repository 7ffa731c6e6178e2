"""Facts of the area `access`."""

from __future__ import annotations

from auditor.model.facts import FactSpec

FACTS: tuple[FactSpec, ...] = ()
