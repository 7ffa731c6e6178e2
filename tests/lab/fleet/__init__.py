"""The lab's fleet: every server of every OPD, with the truths about it."""

from __future__ import annotations

from tests.lab.fleet.agencies import BAPENDA, DISDIK, DISDUKCAPIL, DPMPTSP
from tests.lab.fleet.centre import DISKOMINFO
from tests.lab.fleet.hospital import RSUD
from tests.lab.fleet.names import DOMAINS, RESOLVER, name_servers
from tests.lab.fleet.parts import without_post_quantum
from tests.lab.fleet.platform import PLATFORM
from tests.lab.fleet.social import DINKES, DINSOS
from tests.lab.fleet.villages import VILLAGES
from tests.lab.fleet.works import BKPSDM, DISHUB, DPUPR
from tests.lab.fleet.zones import CENTRE, NETWORK, OPDS, VANTAGE, ZONES, LabZone
from tests.lab.model import LabServer

_WITHOUT_NAME_SERVERS: tuple[LabServer, ...] = (
    *DISKOMINFO,
    *PLATFORM,
    *VILLAGES,
    *DINKES,
    *DISDUKCAPIL,
    *BAPENDA,
    *DINSOS,
    *DPMPTSP,
    *DISDIK,
    *RSUD,
    *BKPSDM,
    *DISHUB,
    *DPUPR,
)
FLEET: tuple[LabServer, ...] = tuple(
    without_post_quantum(server) for server in (*_WITHOUT_NAME_SERVERS, *name_servers(_WITHOUT_NAME_SERVERS))
)

__all__ = ["CENTRE", "DOMAINS", "FLEET", "NETWORK", "OPDS", "RESOLVER", "VANTAGE", "ZONES", "LabZone"]
