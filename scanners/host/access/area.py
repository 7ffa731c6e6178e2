"""The area `access`."""

from __future__ import annotations

from scanners.host.access.facts import FACTS
from scanners.host.access.read import READERS
from scanners.host.area import Area

ACCESS = Area("access", FACTS, READERS)
