"""The area `system`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.system.facts import FACTS
from scanners.host.system.read import READERS

SYSTEM = Area("system", FACTS, READERS, {"nothing": ("true",)})
