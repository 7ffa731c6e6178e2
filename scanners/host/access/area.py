"""The area `access`."""

from __future__ import annotations

from scanners.host.access.facts import FACTS
from scanners.host.access.read import READERS
from scanners.host.area import Area

ACCESS = Area(
    "access",
    FACTS,
    READERS,
    {
        "sshd-effective": ("sshd", "-T"),
        "sshd-files": ("grep", "-aRHE", "^[^#]", "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"),
        "sudo-rules": ("grep", "-aRH", ".", "/etc/sudoers", "/etc/sudoers.d"),
        "trust-homes": (
            *("find", "/root", "/home", "/srv", "/opt", "/var/lib", "/var/www"),
            *("-xdev", "-maxdepth", "2", "-name", ".?hosts", "-print"),
        ),
    },
)
