"""Read the area `files`. Pure."""

from __future__ import annotations

from scanners.host.area import Reader

READERS: dict[str, Reader] = {}
