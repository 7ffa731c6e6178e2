"""Small real TLS servers on loopback, and certificates made for them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.scanners.loopback import Listener, serve

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """Return one RSA key for the whole test run: making one is slow."""
    return rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        """Return the certificate as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        """Return certificate and key as PEM."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return (self.certificate.public_bytes(Encoding.PEM) + key).decode()


def issue(
    name: str,
    issuer: Identity | None = None,
    *,
    key: PrivateKey | None = None,
    authority: bool = False,
    path_length: int | None = None,
    names: tuple[str, ...] = (),
    extensions: tuple[x509.ExtensionType, ...] = (),
    begins: datetime = NOW - timedelta(days=30),
    ends: datetime = NOW + timedelta(days=60),
) -> Identity:
    """Make a certificate; self-signed without an issuer. Names are DNS names or addresses."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if authority:
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=path_length), critical=True
        )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False
        )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@cache
def site() -> Identity:
    """Return the self-signed certificate that most test servers show."""
    return issue("site.lab.test", key=rsa_key(), names=("site.lab.test",))


def server_context(*identities: Identity) -> ssl.SSLContext:
    """Return a server context with these certificates, by default the one of `site`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for identity in identities or (site(),):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(identity.pem)
            file.flush()
            context.load_cert_chain(file.name)
    return context


def chain_context(leaf: Identity, *others: Identity) -> ssl.SSLContext:
    """Return a server context that sends further certificates after the leaf."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(leaf.pem + "".join(other.pem.split("-----BEGIN PRIVATE")[0] for other in others))
        file.flush()
        context.load_cert_chain(file.name)
    return context


@contextlib.contextmanager
def tls_server(
    context: ssl.SSLContext, prepare: Callable[[socket.socket], None] = lambda connection: None
) -> Iterator[Listener]:
    """Serve TLS, after `prepare` has spoken what comes before it (STARTTLS)."""

    def handle(connection: socket.socket) -> None:
        connection.settimeout(5)
        prepare(connection)
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1000)

    with serve(handle) as listener:
        yield listener


@contextlib.contextmanager
def openssl_server(*arguments: str) -> Iterator[int]:
    """Run `openssl s_server`, which can do what Python's servers cannot, and yield its port."""
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder, "site.pem")
        pem.write_text(site().pem)
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", *arguments]
        if "-nocert" not in arguments:
            command += ["-cert", str(pem), "-key", str(pem)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout is not None
                line = next(line for line in process.stdout if line.startswith("ACCEPT"))
                yield int(line.rsplit(":", 1)[1])
            finally:
                process.kill()
