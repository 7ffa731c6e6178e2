"""All hostile servers in one process.

Run as `python -m tests.hostile.servers` with a JSON list of [behaviour, address, port] on standard input, in
one line; port 0 is any. It writes the ports as a JSON list when all listen, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.hostile import certificates, http, names, services, ssh, tcp, tls
from tests.hostile.behaviour import Behaviour, Peer, converse

BEHAVIOURS: dict[str, Behaviour] = {
    f"{one.family}: {one.name}": one
    for family in (tcp, http, tls, certificates, ssh, services, names)
    for one in family.BEHAVIOURS
}
GOOD = http.GOOD
Placement = tuple[str, str, int]
"""The name of a behaviour, an address, and a port."""
ROOT = Path(__file__).resolve().parents[2]
_BACKLOG = 256


@contextlib.contextmanager
def standing(placements: Sequence[Placement]) -> Iterator[list[int]]:
    """Let servers stand for as long as the block lasts; give their ports in the order of the placements."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.servers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(placements).encode() + b"\n")
            process.stdin.flush()
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


async def _stand(placements: Sequence[Placement]) -> None:
    contexts: dict[str, ssl.SSLContext] = {}
    ports = []
    for name, address, port in placements:
        ports.append(await _listen(BEHAVIOURS.get(name, GOOD), address, port, contexts))
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def _listen(behaviour: Behaviour, address: str, port: int, contexts: dict[str, ssl.SSLContext]) -> int:
    if behaviour.chain and behaviour.chain not in contexts:
        contexts[behaviour.chain] = certificates.context(behaviour.chain)
    numbers = itertools.count()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await converse(behaviour, Peer(reader, writer, next(numbers)))

    stream, datagrams = _bound(address, port, with_datagrams=behaviour.answer is not None)
    context = contexts[behaviour.chain] if behaviour.chain else None
    await asyncio.start_server(accepted, sock=stream, ssl=context, backlog=_BACKLOG)
    if datagrams:
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Datagrams(behaviour), sock=datagrams
        )
    bound: int = stream.getsockname()[1]
    return bound


class _Datagrams(asyncio.DatagramProtocol):
    """Answers datagrams as a behaviour does."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._behaviour.answer and self._transport:
            for answer in self._behaviour.answer(data):
                self._transport.sendto(answer[:60_000], addr)


def _bound(address: str, port: int, *, with_datagrams: bool) -> tuple[socket.socket, socket.socket | None]:
    """Return sockets of the same port for connections and, where wanted, for datagrams."""
    while True:
        stream = socket.socket()
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stream.bind((address, port))
        if not with_datagrams:
            return stream, None
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagrams.bind((address, stream.getsockname()[1]))
        except OSError:
            stream.close()
            datagrams.close()
            if port:
                raise
            continue
        return stream, datagrams


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Stand where the parent says, for as long as it lives."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    placements = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    loop = asyncio.new_event_loop()
    # Whoever hangs up in the middle of a handshake is none of a server's business.
    loop.set_exception_handler(lambda _loop, _context: None)
    loop.run_until_complete(_stand(placements))


if __name__ == "__main__":
    main()
