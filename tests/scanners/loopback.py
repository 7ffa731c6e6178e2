"""Small real servers on loopback, each in a thread, for scanners to be tried on."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Handler = Callable[[socket.socket], None]


@dataclass
class Listener:
    """A listening server: its port, and the number of connections it got."""

    port: int
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def serve(handler: Handler, address: str = "127.0.0.1") -> Iterator[Listener]:
    """Give every connection to `handler` in a thread of its own, until the block ends."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind((address, 0))
        server.listen()
        listener = Listener(server.getsockname()[1])
        open_sockets: list[socket.socket] = []

        def handle(connection: socket.socket) -> None:
            # A scanner may hang up at any moment: that ends the handler and nothing else.
            with connection, contextlib.suppress(OSError):
                handler(connection)

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                listener.connections += 1
                open_sockets.append(connection)
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            listener.stopped.set()
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            for connection in open_sockets:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)


def unused_port() -> int:
    """Return a loopback port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
