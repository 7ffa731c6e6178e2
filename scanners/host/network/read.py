"""Read the area `network`. Pure."""

from __future__ import annotations

from scanners.host.area import Reader

READERS: dict[str, Reader] = {}
