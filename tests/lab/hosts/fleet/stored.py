"""A host that keeps data: a database, its backups and shared folders, all of them within reach."""

from __future__ import annotations

from tests.lab.hosts.fleet.parts import BASE
from tests.lab.hosts.model import Host
from tests.lab.hosts.releases import UBUNTU_20_04

STORED = Host(
    id="host-stored",
    name="Penyimpanan data",
    opd="bappeda",
    zone="hosts",
    category="rendah",
    address="10.77.0.14",
    release=UBUNTU_20_04,
    packages=(*BASE, "postgresql", "samba"),
)
