"""nmap's XML: its texts come from the servers."""

from __future__ import annotations

import re

from fuzz.target import Target, files
from scanners.hosts.parse import parse as parse_sweep
from scanners.hosts.sweep import plan_sweep
from scanners.nmap_engine import NmapOutputError
from scanners.ports.parse import parse as parse_ports
from scanners.services.detection import parse as parse_services

_ADDRESS = "127.0.0.1"
_ASKED = re.compile(rb'addr="127[0-9.]+"')
_SWEEP = plan_sweep("127.0.0.0/24")


def _ports(data: bytes) -> None:
    parse_ports(data, (_ADDRESS, "127.0.0.2"))


def _services(data: bytes) -> None:
    parse_services(data, _ADDRESS)


def _sweep(data: bytes) -> None:
    parse_sweep(data, _SWEEP)


def _seeds() -> list[bytes]:
    recorded = files("fixtures/nmap", "*.xml")
    return recorded + [_ASKED.sub(b'addr="127.0.0.1"', xml) for xml in recorded]


TARGETS = (
    Target("nmap-ports", _ports, (NmapOutputError,), _seeds),
    Target("nmap-services", _services, (NmapOutputError,), _seeds),
    Target("nmap-sweep", _sweep, (NmapOutputError,), _seeds),
)
