"""The area `databases`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.databases.commands import PRIVILEGED
from scanners.host.databases.facts import FACTS
from scanners.host.databases.read import READERS

DATABASES = Area("databases", FACTS, READERS, PRIVILEGED)
