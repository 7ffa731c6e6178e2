"""The area `files`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.files.commands import BOOT_PASSWORD, WALK
from scanners.host.files.facts import FACTS
from scanners.host.files.read import READERS

FILES = Area("files", FACTS, READERS, {"files-walk": WALK, "files-boot-password": BOOT_PASSWORD})
