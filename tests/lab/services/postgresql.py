"""PostgreSQL, with and without TLS. It refuses to run as root, so it runs as `postgres`."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from tests.lab.certificates import Shape
from tests.lab.model import LabError, Launch, Place
from tests.lab.tls import STRONG

_USER = "postgres"
_template_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class PostgreSql:
    """PostgreSQL on port 5432; with a certificate it speaks TLS and takes no other connection.

    `trust` lets anybody in without a password, as whom they like.
    """

    certificate: Shape | None = None
    trust: bool = False
    name: str = "postgresql"
    software: str = "postgresql"
    ports: tuple[tuple[int, str], ...] = ((5432, "postgresql"),)

    @property
    def version_command(self) -> tuple[str, ...]:
        """Return the command that prints the version."""
        return (str(_program("postgres")), "--version")

    def launch(self, place: Place) -> Launch:
        """Copy a fresh cluster once and write its configuration."""
        data = place.directory / "data"
        if not data.exists():
            _copy(_template(place.shared), data)
        kind = "hostssl" if self.certificate else "host"
        method = "trust" if self.trust else "scram-sha-256"
        access = place.write("pg_hba.conf", f"{kind} all all 127.0.0.0/8 {method}\n")
        lines = [
            f"data_directory = '{data}'",
            f"hba_file = '{access}'",
            f"ident_file = '{data}/pg_ident.conf'",
            f"listen_addresses = '{place.address}'",
            "port = 5432",
            "unix_socket_directories = ''",
            "fsync = off",
            "shared_buffers = 16MB",
            "max_connections = 50",
            "dynamic_shared_memory_type = mmap",
            *(self._tls_lines(place, self.certificate) if self.certificate else ["ssl = off"]),
        ]
        configuration = place.write("postgresql.conf", "\n".join(lines) + "\n")
        return Launch(
            (str(_program("postgres")), "-c", f"config_file={configuration}"),
            user=_USER,
            stop_signal=signal.SIGINT,
        )

    @staticmethod
    def _tls_lines(place: Place, shape: Shape) -> list[str]:
        served = place.certificate(shape)
        key = place.write("server.key", served.key.read_bytes(), 0o600)
        shutil.chown(key, _USER, _USER)  # it refuses a key that others may read
        return [
            "ssl = on",
            f"ssl_cert_file = '{served.chain}'",
            f"ssl_key_file = '{key}'",
            "ssl_min_protocol_version = 'TLSv1.2'",
            f"ssl_ciphers = '{STRONG.ciphers}'",
            "ssl_ecdh_curve = 'prime256v1'",
        ]


def _program(name: str) -> Path:
    """Return a program of the newest installed release; the packages leave them off PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))],
    )
    if not found:
        raise LabError("PostgreSQL is missing; run: scripts/install-packages tests/lab/packages.txt")
    return found[-1]


def _template(shared: Path) -> Path:
    """Return a fresh cluster, made once for all servers."""
    template = shared / "postgresql"
    with _template_lock:
        if (template / "data").exists():
            return template / "data"
        template.mkdir(parents=True, exist_ok=True)
        shutil.chown(template, _USER, _USER)
        done = subprocess.run(
            [str(_program("initdb")), "-D", str(template / "making"), "--no-sync", "--auth=reject",
             "--locale=C.UTF-8", "--encoding=UTF8"],
            capture_output=True, text=True, user=_USER, group=_USER, extra_groups=[],
            cwd=template, check=False,
        )  # fmt: skip
        if done.returncode:
            raise LabError(f"initdb failed: {done.stderr.strip()[-500:]}; remove {template} and try again")
        (template / "making").rename(template / "data")
    return template / "data"


def _copy(source: Path, target: Path) -> None:
    making = target.with_name("data.making")
    if making.exists():
        shutil.rmtree(making)
    subprocess.run(["cp", "-a", str(source), str(making)], check=True)
    making.rename(target)
