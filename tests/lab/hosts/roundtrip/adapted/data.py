"""Remedies about backups and databases."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lab.hosts.fleet.parts import days_ago
from tests.lab.hosts.roundtrip.model import Adapted
from tests.lab.hosts.roundtrip.remedy import Own

_KEEP: tuple[str, ...] = ()
_RESTORED = {"2026-09-01": days_ago(-1)}
"""Later than the installation, which was minutes ago."""
_RANDOM = "5d1c8e7f0a9b4c3d2e1f6a7b8c9d0e1f"
_OWN_HBA = "/etc/postgresql/12/main/pg_hba.conf"

_DONE = "umask 077; date -u > /var/backups/dinkes.last"
_PRIVATE: Mapping[str, Own] = {"/srv/backup": "/var/backups", "mysqldump": _KEEP}
_DECLARED = {"host-stored": "arsip", "host-shared": "situs"}
"""Host → the backup that its inventory declares already, which the example stands for."""

BACKUPS: Mapping[str, Adapted] = {
    **{
        f"backups-{what}@{host}": Adapted(
            {**_RESTORED, "name: harian": f"name: {name}", **(_PRIVATE if what == "private" else {})},
            ready=_DONE if what != "recent" else "",
        )
        for host, name in _DECLARED.items()
        for what in ("private", "recent", "restore-tested", "unchangeable")
    },
    "backups-copied-elsewhere": Adapted(
        {
            **_RESTORED,
            "sftp:backup@10.20.9.5:/srv/restic/dinkes": "/srv/restic",
            "/srv/backup": "/var/backups",
        },
        ready=(
            "apt-get install restic\nprintf x >/root/sandi\n"
            "RESTIC_PASSWORD_FILE=/root/sandi restic -r /srv/restic init\n"
            "printf '#!/bin/sh\\nexec /usr/bin/restic -p /root/sandi \"$@\"\\n' >/usr/local/bin/restic\n"
            "chmod 755 /usr/local/bin/restic"
        ),
    ),
    "backups-dumps-expired": Adapted({"/srv/backup": "/var/backups", "*.sql.gz": "*.sql"}),
    "backups-dumps-expired@host-stored": Adapted({"/srv/backup": "/var/backups", "*.sql.gz": "*.dump"}),
    "backups-private": Adapted({**_RESTORED, **_PRIVATE}, ready=_DONE),
    "backups-recent": Adapted(_RESTORED),
    "backups-restore-tested": Adapted({**_RESTORED}, ready=_DONE),
    "backups-unchangeable": Adapted(_RESTORED, ready=_DONE),
    "records-store-protected": Adapted(ready="groupadd arsip"),
}

DATABASES: Mapping[str, Adapted] = {
    "databases-accounts-closed": Adapted(
        {"'app'@'localhost'": "'situs'@'%'", "<output of openssl rand -hex 32>": _RANDOM}, reader="mysql"
    ),
    "databases-postgresql-no-trust": Adapted(
        {
            "-c '\\password app'": "-c \"ALTER ROLE aplikasi PASSWORD 'rahasia-baru'\"",
            "/etc/postgresql/15/main/pg_hba.conf": _OWN_HBA,
        },
    ),
    "databases-remote-encrypted@host-forgotten": Adapted(
        ready=(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=basis -keyout /etc/mysql/server.key"
            " -out /etc/mysql/server.pem\nchown mysql /etc/mysql/server.key"
        ),
    ),
    "databases-remote-encrypted@host-stored": Adapted(
        {"10\\.20\\.1\\.15": "0\\.0\\.0\\.0", "/etc/postgresql/15/main/pg_hba.conf": _OWN_HBA},
        ready=(
            "apt-get install ssl-cert\n"
            "printf '%s\\n' \"ssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'\""
            " \"ssl_key_file = '/etc/ssl/private/ssl-cert-snakeoil.key'\""
            " >/etc/postgresql/12/main/conf.d/tls.conf\n"
            "usermod -aG ssl-cert postgres\nsystemctl restart postgresql"
        ),
    ),
    "databases-replication-running": Adapted(reader="mysql"),
    "databases-rights-limited@host-forgotten": Adapted(
        {"'app'@'10.20.1.15'": "'situs'@'%'", "simpeg": "situs"}, reader="mysql"
    ),
    "databases-rights-limited@host-stored": Adapted({"app": "aplikasi", "simpeg": "uji"}, reader="psql"),
    "databases-stores-guarded": Adapted({"<output of openssl rand -hex 32>": _RANDOM}),
    "databases-test-absent@host-forgotten": Adapted({"simpeg_test": "test"}, reader="mysql"),
    "databases-test-absent@host-stored": Adapted({"simpeg_uji": "uji"}, reader="psql"),
    "databases-test-data-masked": Adapted(
        {
            "UPDATE pegawai": "UPDATE test.warga",
            "LPAD(id": "LPAD(FLOOR(RAND() * 1000000)",
            ", hp = NULL": "",
            "simpeg_test": "test",
        },
        reader="mysql",
    ),
    "listening-local-services-local@host-forgotten": Adapted(software=("mariadb",)),
    "listening-local-services-local@host-shared": Adapted(software=("redis",)),
    "logs-forwarded-encrypted": Adapted({"log.example.go.id": "10.77.0.1"}, software=("debian",)),
}
