"""Speak TLS to servers that no current client can open: RC4, 3DES and SSL 3 only.

Whatever such a server shows is still shown to its visitors, so it must be measured; that it is this old is
judged by the checks of TLS. Nothing secret is sent, and nobody is trusted.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from nassl._nassl import OpenSSLError, WantReadError
from nassl.legacy_ssl_client import LegacySslClient
from nassl.ssl_client import ClientCertificateRequested, OpenSslVerifyEnum

_CIPHERS = "ALL:!aNULL:!eNULL:@STRENGTH"
_CHUNK_BYTES = 16_384


class LegacyConnection:
    """One connection over old TLS, with the few methods that the HTTP client uses of a socket."""

    def __init__(self, plain: socket.socket, server_name: str) -> None:
        """Shake hands. Raises OSError when that fails too; `plain` must have its timeout set."""
        self._plain = plain
        self._client = LegacySslClient(underlying_socket=plain, ssl_verify=OpenSslVerifyEnum.NONE)
        self._client.set_cipher_list(_CIPHERS)
        if server_name:
            self._client.set_tlsext_host_name(server_name)
        try:
            self._client.do_handshake()
        except (OpenSSLError, ClientCertificateRequested) as error:
            raise ConnectionAbortedError(f"no TLS handshake, not even an old one: {error}") from None

    def fileno(self) -> int:
        """Return the descriptor of the socket below."""
        return self._plain.fileno()

    def settimeout(self, seconds: float | None) -> None:
        """Bound the next operation."""
        self._plain.settimeout(seconds)

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        try:
            self._client.write(data)
        except OpenSSLError as error:
            raise ConnectionAbortedError(str(error)) from None

    def recv(self, size: int) -> bytes:
        """Return what is there, waiting for some; nothing at the end of the stream."""
        while True:
            try:
                # What the engine still holds comes first: the client's own read() would wait for more bytes.
                return bytes(self._client._ssl.read(min(size, _CHUNK_BYTES)))
            except WantReadError:
                received = self._plain.recv(_CHUNK_BYTES)
                if not received:
                    return b""
                self._client._network_bio.write(received)
            except OpenSSLError:
                return b""  # the closing alert, or garbage: whichever, nothing more can be read

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError, OpenSSLError):
            self._client.shutdown()
        self._plain.close()
