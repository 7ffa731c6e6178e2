"""MariaDB: with one account that cannot do anything, and with a root that needs no password."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.lab.certificates import Shape
from tests.lab.model import LabError, Launch, Place


@dataclass(frozen=True, slots=True)
class MariaDb:
    """MariaDB on port 3306, with TLS when it has a certificate.

    `open_root` lets root in from anywhere without a password.
    """

    certificate: Shape | None = None
    open_root: bool = False
    name: str = "mariadb"
    software: str = "mariadb"
    ports: tuple[tuple[int, str], ...] = ((3306, "mysql"),)
    version_command: tuple[str, ...] = ("mariadbd", "--version")

    def launch(self, place: Place) -> Launch:
        """Make the system tables once and write the configuration."""
        data = place.directory / "data"
        if not data.exists():
            _initialise(place, data)
        start = place.write(
            "start.sql",
            f"CREATE OR REPLACE USER 'layanan'@'127.%' IDENTIFIED BY 'contoh-saja';\n"
            f"{_OPEN_ROOT if self.open_root else ''}",
        )
        tls = ""
        if self.certificate:
            served = place.certificate(self.certificate)
            key = place.write("server.key", served.key.read_bytes(), 0o600)
            shutil.chown(key, "mysql", "mysql")
            tls = _TLS.format(chain=served.chain, key=key)
        configuration = place.write(
            "my.cnf",
            _MAIN.format(
                address=place.address, data=data, directory=place.folder("run", "mysql"), start=start
            )
            + tls,
        )
        return Launch(("mariadbd", f"--defaults-file={configuration}"), user="mysql")


_OPEN_ROOT = "CREATE OR REPLACE USER 'root'@'%' IDENTIFIED BY '';\n"
_TLS = """\
ssl_cert = {chain}
ssl_key = {key}
tls_version = TLSv1.2,TLSv1.3
"""
_MAIN = """\
[mariadbd]
bind-address = {address}
port = 3306
datadir = {data}
socket = {directory}/mariadb.sock
pid-file = {directory}/mariadb.pid
init-file = {start}
skip-name-resolve
max_connect_errors = 1000000
innodb_buffer_pool_size = 8M
innodb_log_file_size = 4M
innodb_flush_log_at_trx_commit = 0
key_buffer_size = 1M
performance_schema = off
"""


def _initialise(place: Place, data: Path) -> None:
    making = place.folder("data.making", "mysql")
    done = subprocess.run(
        ["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={making}", "--skip-test-db",
         "--auth-root-authentication-method=socket", "--innodb-log-file-size=4M"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        shutil.rmtree(making)
        raise LabError(f"mariadb-install-db failed: {(done.stderr or done.stdout).strip()[-500:]}; try again")
    making.rename(data)
