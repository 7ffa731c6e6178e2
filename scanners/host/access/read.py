"""Every reader of the area `access`. Pure."""

from __future__ import annotations

from scanners.host.access import audit, idle, sshd, sudo
from scanners.host.area import Reader

READERS: dict[str, Reader] = {**sshd.READERS, **idle.READERS, **sudo.READERS, **audit.READERS}
