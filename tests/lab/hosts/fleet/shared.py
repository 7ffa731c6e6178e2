"""A host that several agencies share: their applications, containers and accounts lie side by side."""

from __future__ import annotations

from tests.lab.hosts.fleet.parts import BASE
from tests.lab.hosts.model import Host
from tests.lab.hosts.releases import UBUNTU_22_04

SHARED = Host(
    id="host-shared",
    name="Server bersama",
    opd="dinkes",
    zone="hosts",
    category="strategis",
    address="10.77.0.13",
    release=UBUNTU_22_04,
    packages=(*BASE, "apache2", "docker.io", "redis-server"),
)
