"""Real TLS servers for the benchmark: one nginx with many loopback addresses, in ten shapes by turns."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from tests.scanners.tls.servers import Identity, issue, rsa_key

PORT = 8443
STATUS_URL = "http://127.30.255.1:8480/"
_INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305"
)
_OLD = (
    f"{_INTERMEDIATE}:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA384:"
    "ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:AES128-SHA:"
    "AES256-SHA:@SECLEVEL=0"
)


@dataclass(frozen=True)
class _Shape:
    """One configuration: versions, certificates by key, and further lines."""

    versions: str
    keys: tuple[str, ...]
    ciphers: str = ""
    more: str = ""


_SHAPES = (
    _Shape("TLSv1.2 TLSv1.3", ("rsa",), _INTERMEDIATE, "ssl_prefer_server_ciphers off;"),
    _Shape("TLSv1.2 TLSv1.3", ("ec",), _INTERMEDIATE),
    _Shape("TLSv1.2 TLSv1.3", ("rsa", "ec"), _INTERMEDIATE, "ssl_dhparam dh2048.pem;"),
    _Shape("TLSv1.3", ("ec",)),
    _Shape("TLSv1.2 TLSv1.3", ("rsa",)),
    _Shape("TLSv1 TLSv1.1 TLSv1.2", ("rsa",), _OLD, "ssl_prefer_server_ciphers on;"),
    _Shape("TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", ("rsa",), _OLD, "ssl_dhparam dh1024.pem;"),
    _Shape("TLSv1", ("rsa",), "AES128-SHA:AES256-SHA:CAMELLIA128-SHA:@SECLEVEL=0"),
    _Shape("TLSv1.2", ("rsa",), "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA", "ssl_session_tickets off;"),
    _Shape("TLSv1.2 TLSv1.3", ("rsa", "ec"), "ECDHE+AESGCM", "ssl_ecdh_curve prime256v1:secp384r1;"),
)
"""Mozilla's intermediate thrice, TLS 1.3 alone, nginx's defaults, and servers that have been forgotten."""


@contextlib.contextmanager
def running_servers(count: int) -> Iterator[list[str]]:
    """Run nginx with so many addresses and yield them; ended with the block."""
    addresses = [f"127.30.{number // 250}.{number % 250 + 1}" for number in range(count)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        _write_certificates(folder)
        (folder / "nginx.conf").write_text(_configuration(folder, addresses))
        process = subprocess.Popen(
            ["nginx", "-p", name, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        )
        try:
            _wait_for(process, addresses[-1])
            yield addresses
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    for _attempt in range(200):
        with contextlib.suppress(OSError), socket.create_connection((address, PORT), timeout=1):
            return
        if process.poll() is not None:
            raise RuntimeError("nginx did not start; its message stands above")
        time.sleep(0.05)
    raise RuntimeError("nginx does not answer")


def _write_certificates(folder: Path) -> None:
    """Write a chain of two for each kind of key, and the DH groups."""
    authority = issue("authority", issue("root", authority=True), authority=True)
    leaves = {
        "rsa": issue("site", authority, key=rsa_key(), names=("site.lab.test",)),
        "ec": issue("site", authority, names=("site.lab.test",)),
    }
    for kind, leaf in leaves.items():
        (folder / f"{kind}.pem").write_text(leaf.pem + _certificate(authority))
    for bits in (1024, 2048):
        command = ["openssl", "dhparam", "-dsaparam", "-out", str(folder / f"dh{bits}.pem"), str(bits)]
        subprocess.run(command, check=True, capture_output=True)


def _certificate(identity: Identity) -> str:
    return identity.certificate.public_bytes(Encoding.PEM).decode()


def _configuration(folder: Path, addresses: list[str]) -> str:
    blocks = "".join(
        _server(folder, address, _SHAPES[number % len(_SHAPES)]) for number, address in enumerate(addresses)
    )
    status = STATUS_URL.removeprefix("http://").rstrip("/")
    return f"""
worker_processes 2;
error_log {folder}/error.log crit;
pid {folder}/pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen {status}; location / {{ stub_status; }} }}
{blocks}}}
"""


def _server(folder: Path, address: str, shape: _Shape) -> str:
    keys = "".join(
        f" ssl_certificate {folder}/{key}.pem; ssl_certificate_key {folder}/{key}.pem;" for key in shape.keys
    )
    ciphers = f" ssl_ciphers {shape.ciphers};" if shape.ciphers else ""
    more = shape.more.replace(" dh", f" {folder}/dh")
    listen = f"listen {address}:{PORT} ssl; ssl_protocols {shape.versions};"
    return f"    server {{ {listen}{keys}{ciphers} {more} }}\n"
