"""A log collector that speaks TLS, as a centre has one, on the machine's own address."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.lab.certificates import GOOD, Certificates
from tests.lab.hosts.network import MACHINE

_PORT = 6514
_BLOCK_BYTES = 65536
CA_PATH = "etc/ssl/certs/log-ca.pem"
"""Where a host keeps the collector's authority, below its root."""


class _Forget(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while self.request.recv(_BLOCK_BYTES):
                pass


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__((MACHINE, _PORT), _Forget)

    def get_request(self) -> tuple[socket.socket, object]:
        """Let the thread of each sender shake hands, so that a silent one holds up nobody."""
        taken, sender = self.socket.accept()
        return self._context.wrap_socket(taken, server_side=True, do_handshake_on_connect=False), sender


@contextlib.contextmanager
def collecting(directory: Path) -> Iterator[bytes]:
    """Take what senders send inside the block, and forget it. Give the certificate of the authority."""
    certificates = Certificates(directory)
    served = certificates.serve(GOOD, (MACHINE,))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served.chain, served.key)
    with _Server(context) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield certificates.root_pem()
        finally:
            server.shutdown()
            thread.join()
