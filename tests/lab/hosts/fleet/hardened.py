"""A host that follows every recommendation: an audit must find nothing here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.hosts.fleet.hardening import ADMINISTRATOR, EMERGENCY, EVERYTHING
from tests.lab.hosts.fleet.parts import BASE, UNREAD_DISK, days_ago, load
from tests.lab.hosts.model import Host
from tests.lab.hosts.releases import DEBIAN_12

_PERSON = {"person": "Budi Santoso, Diskominfo", "purpose": "administrator server"}

_RECORD: Mapping[str, Any] = {
    "accounts": [
        {"name": ADMINISTRATOR, **_PERSON, "administrator": True},
        {
            "name": EMERGENCY,
            "person": "Kepala Bidang Infrastruktur, amplop 3",
            "purpose": "keadaan darurat",
            "kind": "emergency",
            "administrator": True,
            "tested": days_ago(60),
        },
        {"name": "tilik-audit", "person": "Auditor internal", "purpose": "audit", "kind": "service"},
    ],
    "backups": [
        {
            "name": "basis data registrasi",
            "path": "/var/backups/registrasi/latest.dump",
            "interval_hours": 24,
            "off_server": True,
            "off_room": True,
            "encrypted": True,
            "unchangeable": True,
            # Later than the installation, which was minutes ago.
            "restored": days_ago(-1),
            "restore_good": True,
        }
    ],
    "jobs": [],
    "services": ["mariadbd", "nginx", "sshd"],
    "units": ["nginx", "mariadb", "php8.2-fpm", "nftables", "monit", "clamav-freshclam"],
    "runbook": {"reference": "SOP-12/Diskominfo", "reviewed": days_ago(100)},
    "exercise": {"day": days_ago(120), "good": True},
    "asset": {"hostname": "host-hardened", "tag": "3.05.02.01.001"},
    "admission": {"accepted": days_ago(0), "published": days_ago(0)},
    "releases": [],
    "licences": [],
    "suid_files": [],
    "own_software": [],
    "test_databases": [],
}

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
        *("aide", "apparmor", "clamav", "debsums", "fail2ban", "libpam-pwquality", "mariadb-server", "monit"),
        *("libnginx-mod-http-modsecurity", "needrestart", "nftables", "nginx-light", "php-fpm"),
        *("rsyslog-gnutls", "unattended-upgrades"),
    ),
    steps=(*EVERYTHING, load("0.10")),
    record=_RECORD,
    unknown=UNREAD_DISK,
    leavers=("siti", "joko"),
    registered_keys=("audit", "budi"),
    has_baseline=True,
)
