"""A small HTTPS server that keeps what it is posted and answers as it is told."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.auditor.usecases.sending.post import context
from tests.scanners.loopback import Listener, serve

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@dataclass
class Posted:
    """What was posted, request by request."""

    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def only(self) -> tuple[str, dict[str, str], bytes]:
        """Return request line, headers by small name, and body of the only request."""
        (request,) = self.requests
        return request


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    """Return what sends one answer."""
    return lambda connection: connection.sendall(answer)


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """Return the bytes of an answer."""
    lines = (f"HTTP/1.1 {status} Jawaban", f"Content-Length: {len(body)}", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextlib.contextmanager
def web_service(
    posted: Posted,
    respond: Callable[[socket.socket], None] | None = None,
    tls: ssl.SSLContext | None = None,
    *,
    plain: bool = False,
) -> Iterator[Listener]:
    """Serve HTTPS (or HTTP when `plain`) on a port of 127.0.0.1."""
    secured = tls or context()

    def handle(connection: socket.socket) -> None:
        connection.settimeout(10)
        if plain:
            _serve(connection)
            return
        with secured.wrap_socket(connection, server_side=True) as wrapped:
            _serve(wrapped)

    def _serve(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            first = stream.readline().decode().strip()
            headers = {}
            while line := stream.readline().decode().strip():
                name, _, value = line.partition(": ")
                headers[name.lower()] = value
            body = stream.read(int(headers.get("content-length", 0)))
        posted.requests.append((first, headers, body))
        (respond or answering(OK))(connection)

    with serve(handle) as listener:
        yield listener
