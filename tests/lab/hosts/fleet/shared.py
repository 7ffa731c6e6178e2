"""A host that several agencies share: their sites, containers and accounts lie side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.hosts.fleet import truths
from tests.lab.hosts.fleet.parts import BASE, days_ago, load, run
from tests.lab.hosts.model import Boot, Host, Put, Step
from tests.lab.hosts.releases import UBUNTU_22_04

_STEPS: tuple[Step, ...] = (
    Put(
        "/etc/apache2/sites-available/000-default.conf",
        "".join(
            f"<VirtualHost *:80>\n  ServerName {office}.contoh.go.id\n  DocumentRoot /var/www/{office}\n"
            "  <IfModule mod_ssl.c>\n"
            f"    SSLCertificateFile /etc/letsencrypt/live/{office}.contoh.go.id/fullchain.pem\n"
            "  </IfModule>\n"
            "</VirtualHost>\n"
            for office in ("dinkes", "dinsos")
        ),
    ),
    Put("/var/www/dinkes/index.html", "dinkes\n"),
    Put("/var/www/dinsos/index.html", "dinsos\n"),
    Put("/etc/letsencrypt/renewal/dinkes.contoh.go.id.conf", "# kosong\n"),
    Put("/etc/letsencrypt/live/dinkes.contoh.go.id/fullchain.pem", "kosong\n"),
    Put("/etc/apt/sources.list.d/lain.list", "deb [trusted=yes] http://paket.contoh.invalid/apt ./\n"),
    Put(
        "/etc/systemd/system/docker.service.d/lab.conf",
        "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H unix:// --iptables=false --ip6tables=false"
        " --bridge=none --storage-driver=vfs --cgroup-parent=tilik-host-shared-containers\n",
    ),
    # What an earlier installation of the same program left, and what it would start with.
    Put("/var/snap/docker/current/config/daemon.json", '{"hosts": ["tcp://0.0.0.0:2375"]}\n'),
    Put("/srv/simrs/package-lock.json", '{"name": "simrs", "version": "1.0.0", "lockfileVersion": 2}\n'),
    Put("/etc/wireguard/wg0.conf", "[Interface]\n", 0o600),
    Put("/var/log/lama.log", "x\n", 0o666),
    run(
        "sed -i 's/^bind .*/bind 0.0.0.0/; s/^protected-mode .*/protected-mode no/' /etc/redis/redis.conf",
        "useradd --create-home --shell /bin/bash --groups sudo,adm pemasok",
        "useradd --create-home --shell /bin/bash pemasok2",
        'echo "pemasok:$(head -c 24 /dev/urandom | base64)" | chpasswd',
        "groupadd --system mysql",
        "usermod --append --groups docker,www-data,adm,sudo,mysql pemasok",
        "chage --lastday $(date -d '120 days ago' +%Y-%m-%d) pemasok2",
        "cp /usr/sbin/sshd /usr/local/sbin/layanan",
        "install -m 755 /bin/true /usr/bin/licsyscp",
        # A login of the supplier's at two in the morning, ten days ago, as wtmp keeps it.
        "then=$(date -u -d '10 days ago' +%Y-%m-%d)",
        '{ echo "[7] [01234] [ts/0] [pemasok ] [pts/0       ] [203.0.113.9         ] [203.0.113.9    ]'
        ' [${then}T19:00:00,000000+00:00]"; echo "[8] [01234] [ts/0] [        ] [pts/0       ]'
        ' [                    ] [0.0.0.0        ] [${then}T19:30:00,000000+00:00]"; } |'
        " utmpdump --reverse >/var/log/wtmp",
        # A package whose section says that it is not free.
        "mkdir -p /tmp/paket/DEBIAN",
        "printf '%s\\n' 'Package: pustaka-berbayar' 'Version: 1' 'Architecture: all'"
        " 'Section: multiverse/misc' 'Maintainer: x <x@contoh.invalid>' 'Description: x'"
        " >/tmp/paket/DEBIAN/control",
        "dpkg-deb --build /tmp/paket /tmp/paket.deb >/dev/null",
        "dpkg --install /tmp/paket.deb >/dev/null",
        "rm -r /tmp/paket /tmp/paket.deb",
        "sed -i 's/^nameserver.*/nameserver 203.0.113.53/' /etc/resolv.conf",
    ),
    Boot(
        "systemd-run --quiet /usr/local/sbin/layanan -D -p 2222\n"
        # Version 1 of control groups closes what belongs to the machine; version 2 gives each host its own.
        "for place in /sys/fs/cgroup/*/; do mount -o remount,bind,rw $place 2>/dev/null || true; done\n"
        "systemctl reset-failed docker.service docker.socket || true\n"
        "systemctl start docker.service\n"
        "tar -C / -cf - bin lib lib64 usr/bin/sleep usr/lib64 $(cd / && echo usr/lib/*-linux-gnu/libc.so.6"
        " usr/lib/*-linux-gnu/ld-linux-*) | docker import - aplikasi:latest >/dev/null\n"
        "docker run --detach --cap-drop ALL --cap-add DAC_OVERRIDE --network host"
        " --volume /var/run/docker.sock:/var/run/docker.sock aplikasi:latest"
        " /usr/bin/sleep 1000000 >/dev/null\n"
    ),
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
    fails=truths.SHARED,
    record=_RECORD,
    leavers=(),
)
