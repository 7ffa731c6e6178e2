"""The area `network`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.network.facts import FACTS
from scanners.host.network.read import READERS

NETWORK = Area("network", FACTS, READERS)
