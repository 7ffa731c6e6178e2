"""Web servers on loopback that answer exactly what a test gives them."""

from __future__ import annotations

import contextlib
import datetime
import functools
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.scanners.loopback import Listener, serve


def answer(
    status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None, kind: str = "text/html"
) -> bytes:
    """Return a whole answer as bytes."""
    fields = {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Reason\r\n{head}\r\n".encode() + body


NOT_FOUND = answer(404, b"<title>404</title>")


@dataclass
class Site:
    """Answers by path of GET, or by `METHOD path`; other paths get `otherwise`. Requests are kept."""

    pages: dict[str, bytes]
    otherwise: bytes | Callable[[str], bytes] = NOT_FOUND
    requests: list[bytes] = field(default_factory=list)
    keep: bool = True

    @property
    def targets(self) -> list[str]:
        """Return `METHOD target` of every request."""
        return [" ".join(request.decode("latin-1").split()[:2]) for request in self.requests]

    def handle(self, connection: socket.socket) -> None:
        """Answer requests for as long as the client asks, or once."""
        while head := read_head(connection):
            self.requests.append(head)
            method, target = head.decode("latin-1").split()[:2]
            known = self.pages.get(f"{method} {target}", self.pages.get(target) if method == "GET" else None)
            if known is None:
                known = self.otherwise(target) if callable(self.otherwise) else self.otherwise
            connection.sendall(known)
            if not self.keep:
                return


def read_head(connection: socket.socket) -> bytes:
    """Return one request up to its empty line; nothing at the end of the stream."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        more = connection.recv(1)
        if not more:
            return b""
        data += more
    return data


@contextlib.contextmanager
def running(site: Site, tls: bool = False, address: str = "127.0.0.1") -> Iterator[Listener]:
    """Run a site until the block ends."""
    if not tls:
        with serve(site.handle, address) as listener:
            yield listener
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate())

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            site.handle(wrapped)

    with serve(handle, address) as listener:
        yield listener


@functools.cache
def _certificate() -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "elsewhere.test")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder = Path(tempfile.mkdtemp(prefix="tilik-test-"))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "certificate.pem", folder / "key.pem"
