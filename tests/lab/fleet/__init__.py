"""The lab's fleet: every server of every OPD, with the truths about it."""

from __future__ import annotations

from tests.lab.fleet.agencies import BAPENDA, DISDIK, DISDUKCAPIL, DPMPTSP
from tests.lab.fleet.centre import DISKOMINFO
from tests.lab.fleet.social import DINKES, DINSOS
from tests.lab.fleet.zones import NETWORK, OPDS, ZONES, LabZone
from tests.lab.model import LabServer

FLEET: tuple[LabServer, ...] = (
    *DISKOMINFO,
    *DINKES,
    *DISDUKCAPIL,
    *BAPENDA,
    *DINSOS,
    *DPMPTSP,
    *DISDIK,
)

__all__ = ["FLEET", "NETWORK", "OPDS", "ZONES", "LabZone"]
