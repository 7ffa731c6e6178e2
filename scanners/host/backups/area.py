"""The area `backups`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.backups.commands import PRIVILEGED
from scanners.host.backups.facts import FACTS
from scanners.host.backups.read import READERS

BACKUPS = Area("backups", FACTS, READERS, PRIVILEGED)
