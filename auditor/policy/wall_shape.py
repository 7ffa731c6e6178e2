"""What policies.yaml may say of the wall screen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from auditor.documents.secrets import AbsolutePath
from auditor.documents.shape import Shape
from auditor.model.wall import WallRules


class WallShape(Shape):
    """The wall screen, the feed for other systems and the metrics."""

    folder: AbsolutePath | None = Field(
        description="Folder that the service renews them in; null: none.", examples=["/srv/tilik-wall"]
    )
    minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        description="How often they are renewed.", examples=[5]
    )
    stale_hours: Annotated[int, Field(ge=1, le=8760)] = Field(
        description="A measurement that is older is shown as old.", examples=[36]
    )


def to_wall(shape: WallShape) -> WallRules:
    """Return the rules of the wall screen."""
    return WallRules(shape.folder or "", shape.minutes, shape.stale_hours)
