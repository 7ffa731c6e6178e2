"""The area `web`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.web.commands import PRIVILEGED
from scanners.host.web.facts import FACTS
from scanners.host.web.read import READERS

WEB = Area("web", FACTS, READERS, PRIVILEGED)
