"""The area `system`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.system.facts import FACTS
from scanners.host.system.read import READERS

PRIVILEGED = {
    "nothing": ("true",),
    # Asked by more than one area: sockets with their programs, and what each process was started from.
    "listening": ("ss", "-lntup"),
    "programs": (
        *("find", "/proc", "-mindepth", "2", "-maxdepth", "2", "-path", "/proc/[0-9]*/exe"),
        *("-printf", "%l:", "-print"),
    ),
}

SYSTEM = Area("system", FACTS, READERS, PRIVILEGED)
