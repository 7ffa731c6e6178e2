"""Every reader of the area `machine`."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.machine import health, kernel, storage, supply, units

READERS: dict[str, Reader] = {
    **kernel.READERS,
    **units.READERS,
    **health.READERS,
    **storage.READERS,
    **supply.READERS,
}
