"""The area `files`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.files.facts import FACTS
from scanners.host.files.read import READERS

FILES = Area("files", FACTS, READERS)
