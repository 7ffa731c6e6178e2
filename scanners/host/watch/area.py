"""The area `watch`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.watch.facts import FACTS
from scanners.host.watch.read import READERS

WATCH = Area("watch", FACTS, READERS)
