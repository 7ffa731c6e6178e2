"""Every host of the lab."""

from __future__ import annotations

from tests.lab.hosts.fleet.forgotten import FORGOTTEN
from tests.lab.hosts.fleet.hardened import HARDENED
from tests.lab.hosts.fleet.shared import SHARED
from tests.lab.hosts.fleet.stored import STORED
from tests.lab.hosts.model import Host

HOSTS: tuple[Host, ...] = (HARDENED, FORGOTTEN, SHARED, STORED)
