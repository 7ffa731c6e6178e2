"""A tiny agency on loopback: its inventory and policy, and servers on addresses that nobody else uses."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.scanners.tls.servers import server_context

HTTP_PORT, HTTPS_PORT = 8080, 8443
PAGE = (
    b"<html><title>\xe2\x80\xaeTerbalik \x1b]0;x\x07</title>"
    b"<form action='http://lain.test/masuk'><input type=password name=p></form></html>"
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.18.0 \x9b31m=cmd|' /C calc'!A0\r\nContent-Type: text/html\r\n"
    b"Set-Cookie: sesi=rahasia\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(PAGE), PAGE)
)
POLICY = """\
version: 1
ports: {ranges: [8080, 8443]}
budgets:
  normal:
    connections_per_second: 50
    parallel_connections: 5
    packets_per_second: 1000
    host_timeout_seconds: 120
    ssh_spacing_seconds: 0
    version_detection: false
total: {parallel_hosts: 4, connections_per_second: 1000}
reuse: {reference_days: 0}
"""


@dataclass
class Site:
    """A web server that can be told to keep its clients waiting."""

    address: str
    answering: threading.Event = field(default_factory=threading.Event)
    connections: int = 0

    def handle(self, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        """Serve one connection."""
        self.answering.wait(120)
        with contextlib.suppress(OSError, ssl.SSLError):
            connection.settimeout(20)
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                if connection.recv(65536):
                    connection.sendall(ANSWER)


@contextlib.contextmanager
def site(address: str, *, tls: bool = False, answering: bool = True) -> Iterator[Site]:
    """Serve the page at an address on port 8080, and with `tls` on 8443 too."""
    served = Site(address)
    if answering:
        served.answering.set()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_listening(served, HTTP_PORT, None))
        if tls:
            stack.enter_context(_listening(served, HTTPS_PORT, server_context()))
        yield served
        served.answering.set()


@contextlib.contextmanager
def _listening(served: Site, port: int, context: ssl.SSLContext | None) -> Iterator[None]:
    with socket.create_server((served.address, port), backlog=50) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                served.connections += 1
                threading.Thread(target=served.handle, args=(connection, context), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def free_network() -> str:
    """Return the first three numbers of a loopback network on whose ports nothing listens.

    Where the search begins differs by process, so that tests at the same time do not meet.
    """
    for step in range(200):
        number = 20 + (os.getpid() + step) % 200
        try:
            with (
                socket.create_server((f"127.30.{number}.1", HTTP_PORT)),
                socket.create_server((f"127.30.{number}.1", HTTPS_PORT)),
            ):
                return f"127.30.{number}"
        except OSError:
            continue
    raise RuntimeError("every loopback network of the tests is in use")


def write_files(folder: Path, servers: dict[str, str], authorized: str = "127.30.0.0/16") -> None:
    """Write inventory.yaml with these servers (id → address) and policies.yaml."""
    today = datetime.now(UTC).date()
    lines = [
        "version: 1",
        "organization: {name: Pemerintah Kabupaten Contoh, timezone: Asia/Jakarta}",
        "authorizations:",
        "  - reference: 094/1/Diskominfo/2026",
        "    approved_by: Kepala Dinas",
        f"    valid: {{from: {today - timedelta(days=3)}, until: {today + timedelta(days=30)}}}",
        f"    networks: [{authorized}]",
        "    methods: [ports, udp, tls, certificates, ssh, http]",
        "zones:",
        "  - {id: dmz, name: DMZ, public: true, networks: [127.30.0.0/16]}",
        "opds:",
        "  - id: dinkes",
        "    name: =Dinas Kesehatan",
        "    servers:",
    ]
    lines += [
        f"      - {{id: {name}, zone: dmz, category: tinggi, addresses: [{address}],"
        " services: [{port: 8080, name: http}, {port: 8443, name: https}]}"
        for name, address in servers.items()
    ]
    (folder / "inventory.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "policies.yaml").write_text(POLICY, encoding="utf-8")
