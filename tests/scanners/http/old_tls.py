"""A site behind TLS that no current library agrees to: RC4 or 3DES only, through tlslite-ng."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import cast

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.errors import TLSError

from tests.scanners.http.sites import Site
from tests.scanners.loopback import Listener, serve
from tests.scanners.tls.servers import issue, rsa_key


@contextlib.contextmanager
def running_old(site: Site, ciphers: Sequence[str]) -> Iterator[Listener]:
    """Run a site that speaks these ciphers only, until the block ends."""
    identity = issue("elsewhere.test", key=rsa_key())
    chain = X509CertChain()
    chain.parsePemList(identity.certificate.public_bytes(Encoding.PEM).decode())
    pem = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    key = parsePEMKey(pem.decode(), private=True)
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = (3, 1), (3, 2)
    settings.cipherNames = list(ciphers)
    settings.macNames = ["sha"]
    settings.keyExchangeNames = ["rsa"]

    def handle(connection: socket.socket) -> None:
        secured = TLSConnection(connection)
        with contextlib.suppress(TLSError, OSError, ValueError):
            secured.handshakeServer(certChain=chain, privateKey=key, settings=settings)
            site.handle(cast(socket.socket, secured))

    with serve(handle) as listener:
        yield listener
