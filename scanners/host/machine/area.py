"""The area `machine`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.machine.commands import PRIVILEGED
from scanners.host.machine.facts import FACTS
from scanners.host.machine.read import READERS

MACHINE = Area("machine", FACTS, READERS, PRIVILEGED)
