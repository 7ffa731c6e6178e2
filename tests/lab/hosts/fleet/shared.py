"""A host that several agencies share: their sites, containers and accounts lie side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.hosts.fleet.parts import BASE, days_ago, load, run
from tests.lab.hosts.model import Boot, Host, Put, Step
from tests.lab.hosts.releases import UBUNTU_22_04

_STEPS: tuple[Step, ...] = (
    Put(
        "/etc/apache2/sites-available/000-default.conf",
        "".join(
            f"<VirtualHost *:80>\n  ServerName {office}.contoh.go.id\n  DocumentRoot /var/www/{office}\n"
            "</VirtualHost>\n"
            for office in ("dinkes", "dinsos")
        ),
    ),
    Put("/var/www/dinkes/index.html", "dinkes\n"),
    Put("/var/www/dinsos/index.html", "dinsos\n"),
    Put("/etc/letsencrypt/renewal/dinkes.contoh.go.id.conf", "# kosong\n"),
    Put("/etc/letsencrypt/live/dinkes.contoh.go.id/fullchain.pem", "kosong\n"),
    Put("/etc/apt/sources.list.d/lain.list", "deb [trusted=yes] http://paket.contoh.invalid/apt ./\n"),
    Put("/etc/docker/daemon.json", '{"hosts": ["tcp://0.0.0.0:2375"], "storage-driver": "vfs"}\n'),
    Put("/srv/simrs/package-lock.json", '{"name": "simrs", "version": "1.0.0", "lockfileVersion": 2}\n'),
    Put("/etc/wireguard/wg0.conf", "[Interface]\n", 0o600),
    Put("/var/log/lama.log", "x\n", 0o666),
    run(
        "sed -i 's/^bind .*/bind 0.0.0.0/; s/^protected-mode .*/protected-mode no/' /etc/redis/redis.conf",
        "useradd --create-home --shell /bin/bash --groups sudo,adm pemasok",
        "useradd --create-home --shell /bin/bash pemasok2",
        'echo "pemasok:$(head -c 24 /dev/urandom | base64)" | chpasswd',
        "groupadd docker 2>/dev/null || true",
        "usermod --append --groups docker,www-data,adm,sudo pemasok",
        "cp /bin/sleep /usr/local/sbin/layanan-sendiri",
        "sed -i 's/^nameserver.*/nameserver 203.0.113.53/' /etc/resolv.conf",
        "ln -sf /dev/null /etc/systemd/system/docker.socket",
    ),
    Boot("touch -d '10 days ago' /run/reboot-required\n"),
)

_RECORD: Mapping[str, Any] = {
    "accounts": [
        {"name": "tilik-audit", "person": "Auditor internal", "purpose": "audit", "kind": "service"},
        {
            "name": "pemasok",
            "person": "PT Contoh",
            "purpose": "pemeliharaan",
            "kind": "supplier",
            "until": days_ago(-30),
            "hours": {"from": 8, "until": 17},
        },
    ],
    "keys": [],
    "backups": [
        {
            "name": "situs",
            "path": "/var/backups/situs.tar",
            "interval_hours": 168,
            "off_server": True,
            "off_room": False,
            "encrypted": False,
        }
    ],
    "jobs": [],
    "services": ["sshd"],
    "units": [],
    "runbook": {"reference": "SOP-4", "reviewed": None},
    "exercise": {"day": days_ago(500), "good": True},
    "asset": {"hostname": "server-bersama", "tag": "3.05.02.01.003"},
    "admission": {"accepted": days_ago(10), "published": days_ago(20)},
    "releases": [],
    "licences": [],
    "suid_files": [],
    "own_software": [],
    "baseline": ["sshd 00"],
    "test_databases": [],
}

SHARED = Host(
    id="host-shared",
    name="Server bersama",
    opd="dinkes",
    zone="hosts",
    category="strategis",
    address="10.77.0.13",
    release=UBUNTU_22_04,
    packages=(*BASE, "apache2", "docker.io", "nftables", "redis-server"),
    steps=(*_STEPS, load("9.00")),
    record=_RECORD,
    leavers=(),
)
