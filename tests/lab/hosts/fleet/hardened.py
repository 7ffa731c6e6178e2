"""A host that follows every recommendation: an audit must find nothing here."""

from __future__ import annotations

from tests.lab.hosts.fleet.parts import BASE
from tests.lab.hosts.model import Host
from tests.lab.hosts.releases import DEBIAN_12

HARDENED = Host(
    id="host-hardened",
    name="Server yang diperkuat",
    opd="diskominfo",
    zone="hosts",
    category="tinggi",
    address="10.77.0.11",
    release=DEBIAN_12,
    packages=(
        *BASE,
        *("aide", "apparmor", "auditd", "debsums", "fail2ban", "libpam-pwquality", "mariadb-server"),
        *("needrestart", "nftables", "nginx-light", "php-fpm", "rsyslog-gnutls", "unattended-upgrades"),
    ),
)
