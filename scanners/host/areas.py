"""Every area of the inside of a server: one line each."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType
from scanners.host.access.area import ACCESS
from scanners.host.accounts.area import ACCOUNTS
from scanners.host.area import Area
from scanners.host.backups.area import BACKUPS
from scanners.host.databases.area import DATABASES
from scanners.host.files.area import FILES
from scanners.host.logs.area import LOGS
from scanners.host.machine.area import MACHINE
from scanners.host.network.area import NETWORK
from scanners.host.packages.area import PACKAGES
from scanners.host.reading import UNREAD
from scanners.host.register.area import REGISTER
from scanners.host.system.area import SYSTEM
from scanners.host.watch.area import WATCH
from scanners.host.web.area import WEB

AREAS: tuple[Area, ...] = (
    SYSTEM,
    ACCOUNTS,
    ACCESS,
    NETWORK,
    PACKAGES,
    REGISTER,
    FILES,
    MACHINE,
    LOGS,
    WATCH,
    DATABASES,
    BACKUPS,
    WEB,
)

FACTS: tuple[FactSpec, ...] = (
    *(spec for area in AREAS for spec in area.facts),
    FactSpec(
        UNREAD,
        FactType.RECORDS,
        "facts that could not be read, each with its reason; no check asks it",
        record=("fact", "reason", "detail"),
    ),
)
