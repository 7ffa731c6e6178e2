"""One container, whichever engine runs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Container:
    """One running container."""

    name: str
    image: str
    image_id: str
    privileged: bool
    network: str
    mounts: tuple[str, ...]
    capabilities: str
    processes: str
