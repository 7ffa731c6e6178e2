"""The area `register`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.register.facts import FACTS
from scanners.host.register.read import READERS

REGISTER = Area("register", FACTS, READERS)
