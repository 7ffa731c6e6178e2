"""A host past its support that nobody has looked after: a web site with its database."""

from __future__ import annotations

from tests.lab.hosts.fleet.parts import BASE
from tests.lab.hosts.model import Host
from tests.lab.hosts.releases import DEBIAN_11

FORGOTTEN = Host(
    id="host-forgotten",
    name="Situs lama",
    opd="dinsos",
    zone="hosts",
    category="tinggi",
    address="10.77.0.12",
    release=DEBIAN_11,
    packages=(*BASE, "mariadb-server", "nginx-light", "php-fpm", "vsftpd"),
)
