"""The area `packages`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.packages.facts import FACTS
from scanners.host.packages.read import READERS

PACKAGES = Area("packages", FACTS, READERS)
