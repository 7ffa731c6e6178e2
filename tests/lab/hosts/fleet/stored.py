"""A host that keeps data: a database, its backups and shared folders, all of them within reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.hosts.fleet import truths
from tests.lab.hosts.fleet.parts import BASE, UNREAD_DISK, days_ago, load, run
from tests.lab.hosts.model import Boot, Host, Put, Step
from tests.lab.hosts.releases import UBUNTU_20_04

_RULES = "/etc/postgresql/12/main"

_STEPS: tuple[Step, ...] = (
    Put(
        f"{_RULES}/pg_hba.conf",
        "local all postgres peer\nlocal all all trust\n"
        "host all all 127.0.0.1/32 md5\nhost all all 0.0.0.0/0 trust\n",
        0o640,
        "postgres:postgres",
    ),
    Put(f"{_RULES}/conf.d/buka.conf", "listen_addresses = '*'\npassword_encryption = md5\n"),
    Put(
        "/etc/samba/smb.conf",
        "[global]\n  map to guest = Bad User\n  server min protocol = NT1\n"
        "[umum]\n  path = /srv/umum\n  guest ok = yes\n  read only = no\n",
    ),
    Put("/etc/exports", "/srv/umum *(rw,no_root_squash)\n"),
    Put("/srv/umum/baca.txt", "umum\n"),
    Put("/srv/arsip/surat.txt", "arsip\n"),
    Put(
        "/var/www/aplikasi/composer.lock",
        '{\n    "packages": [\n        {\n            "name": "laravel/framework",\n'
        '            "version": "v5.5.0",\n        }\n    ]\n}\n',
    ),
    Put("/var/backups/arsip.dump", "arsip\n", 0o644, age_days=200),
    run(
        "chmod 777 /srv/arsip",
        "rm -rf /var/log/journal",
        "ln -sf /dev/null /etc/systemd/system/rsyslog.service",
    ),
    Put("/usr/sbin/gdm3", "#!/bin/sh\nexit 0\n", 0o755),
    Put("/usr/bin/clamscan", "#!/bin/sh\nexit 0\n", 0o755),
    Put("/var/log/clamav/clamscan.log", "Infected files: 3\n", age_days=20),
    Put("/etc/openvpn/server.conf", "server 10.8.0.0 255.255.255.0\nca ca.crt\nduplicate-cn\n", 0o600),
    Put("/etc/systemd/journald.conf.d/hilang.conf", "[Journal]\nStorage=volatile\n"),
    # Where the supervisor limits it, this release warns that it cannot change the size of core dumps.
    Put("/etc/sudo.conf", "Set disable_coredump false\n"),
    Boot(
        "cp /bin/sleep /usr/local/sbin/openvpn\n"
        "systemd-run --quiet /usr/local/sbin/openvpn 1000000\n"
        "systemd-run --quiet --unit=cadangan --property=Type=oneshot /bin/false || true\n"
        "runuser -u postgres -- psql -qc \"CREATE ROLE aplikasi SUPERUSER LOGIN PASSWORD 'rahasia'\"\n"
        "runuser -u postgres -- psql -qc 'CREATE DATABASE uji'\n"
    ),
)

_RECORD: Mapping[str, Any] = {
    "accounts": [
        {"name": "tilik-audit", "person": "Auditor internal", "purpose": "audit", "kind": "service"}
    ],
    "keys": [],
    "backups": [
        {
            "name": "arsip",
            "path": "/var/backups/arsip.dump",
            "interval_hours": 24,
            "off_server": False,
            "off_room": False,
            "restored": days_ago(400),
            "restore_good": True,
        }
    ],
    "jobs": [],
    "services": ["sshd"],
    "units": [],
    "runbook": {"reference": "SOP-5", "reviewed": days_ago(500)},
    "exercise": {"day": days_ago(500), "good": True},
    "asset": {"hostname": "server-data", "tag": "3.05.02.01.004"},
    "admission": {"accepted": None, "published": None},
    "releases": [],
    "licences": [],
    "suid_files": [],
    "own_software": [],
    "baseline": ["sshd 00"],
    "test_databases": [],
}

STORED = Host(
    id="host-stored",
    name="Penyimpanan data",
    opd="bappeda",
    zone="hosts",
    category="tinggi",
    address="10.77.0.14",
    release=UBUNTU_20_04,
    packages=(*BASE, "nftables", "postgresql", "samba"),
    steps=(*_STEPS, load("9.00")),
    fails=truths.STORED,
    unknown=UNREAD_DISK | frozenset({"logins-failures-explained"}),
    record=_RECORD,
    leavers=(),
)
