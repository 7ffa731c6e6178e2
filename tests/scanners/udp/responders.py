"""Small UDP servers on loopback, each in a thread, that answer as they are told."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Answering = Callable[[bytes], Sequence[bytes]]


@dataclass
class Responder:
    """A server: its port, and the datagrams it got."""

    port: int
    received: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def respond(answering: Answering, address: str = "127.0.0.1", new_port: bool = False) -> Iterator[Responder]:
    """Send what `answering` gives for each datagram, until the block ends; TFTP does so from a new port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_DGRAM) as server,
        socket.socket(family, socket.SOCK_DGRAM) as other,
    ):
        server.bind((address, 0))
        other.bind((address, 0))
        responder = Responder(server.getsockname()[1])

        def run() -> None:
            while True:
                data, source = server.recvfrom(4096)
                # What was sent before the end still counts, so the end is told by who says it.
                if source[:2] == other.getsockname()[:2]:
                    return
                responder.received.append(data)
                for answer in answering(data):
                    (other if new_port else server).sendto(answer, source)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield responder
        finally:
            other.sendto(b"", server.getsockname())
            thread.join(timeout=5)


def unused_udp_port() -> int:
    """Return a loopback port on which nothing listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
