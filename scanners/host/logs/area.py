"""The area `logs`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.logs.facts import FACTS
from scanners.host.logs.read import READERS

LOGS = Area("logs", FACTS, READERS)
