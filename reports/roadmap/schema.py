"""The published JSON Schema of roadmaps, made from the contract itself."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from auditor.documents.schema import DIALECT
from reports.roadmap.record import RoadmapRecord

CONTRACT: TypeAdapter[RoadmapRecord] = TypeAdapter(RoadmapRecord)


def roadmap_schema() -> dict[str, Any]:
    """Return the JSON Schema of a roadmap."""
    return {"$schema": DIALECT, **CONTRACT.json_schema(), "title": "Roadmap and budget"}
