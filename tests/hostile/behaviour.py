"""What a hostile or broken server is made of: how it talks on a connection, and who should be tried on it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

CHUNK = 65_536
HOSTILE_TEXT = (
    "=cmd|'/c calc'!A1 <script>alert(1)</script> \x1b]0;owned\x07\x1b[2J "
    "\u202egnp.exe \u2066x \x00\x08\x7f \"';--"
)
"""A formula, a script, terminal escapes, text that runs backwards, controls, and quotes."""
HOSTILE_BYTES = HOSTILE_TEXT.encode() + b"\xff\xfe\xc0\x80\xed\xa0\x80"
"""The same, with bytes that are no UTF-8."""


@dataclass(slots=True)
class Peer:
    """One connection as its server sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    number: int
    """Which connection of this server it is, counted from 0."""

    async def read(self, most: int = CHUNK) -> bytes:
        """Return what came, at most so many bytes; nothing when the other side has ended."""
        return await self.reader.read(most)

    async def until(self, mark: bytes) -> bytes:
        """Return everything up to a mark, or what came before the end."""
        seen = b""
        while mark not in seen and (more := await self.read()):
            seen += more
        return seen

    async def send(self, data: bytes) -> None:
        """Send bytes; wait while the other side does not read."""
        self.writer.write(data)
        await self.writer.drain()

    async def forever(self, data: bytes, every_seconds: float = 0.0) -> None:
        """Send the same bytes again and again."""
        large = data if every_seconds else data * max(1, CHUNK // len(data))
        while True:
            await self.send(large)
            await asyncio.sleep(every_seconds)

    async def slowly(self, data: bytes, every_seconds: float) -> None:
        """Send byte by byte."""
        for byte in data:
            await self.send(bytes((byte,)))
            await asyncio.sleep(every_seconds)

    async def stay(self) -> None:
        """Say nothing more, and stay until the other side has ended."""
        while await self.read():
            pass

    def end_sending(self) -> None:
        """Close this half of the connection."""
        self.writer.write_eof()

    def reset(self) -> None:
        """Tear the connection down."""
        handle = self.writer.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Talk = Callable[[Peer], Awaitable[None]]
Answer = Callable[[bytes], Sequence[bytes]]
"""The datagrams that answer a datagram."""


async def silence(peer: Peer) -> None:
    """Say nothing."""
    await peer.stay()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way to be hostile or broken, and the scanners that must cope with it."""

    name: str
    family: str
    talk: Talk
    scanners: tuple[str, ...]
    starttls: str | None = None
    answer: Answer | None = None
    """How the same port answers datagrams."""
    chain: str | None = None
    """The certificate chain that a real TLS library serves in front of `talk`; see `certificates`."""


async def converse(behaviour: Behaviour, peer: Peer) -> None:
    """Talk on a connection until either side has enough of it."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, EOFError):
        await behaviour.talk(peer)
    with contextlib.suppress(OSError, RuntimeError):
        peer.writer.close()
        await peer.writer.wait_closed()


def say(*parts: bytes, then: str = "close") -> Talk:
    """Return a talk that says these things one after the other, and then closes, stays, or resets."""

    async def talk(peer: Peer) -> None:
        for part in parts:
            await peer.send(part)
        await _finish(peer, then)

    return talk


def reply(*parts: bytes, then: str = "close", mark: bytes = b"") -> Talk:
    """Return a talk that waits for the other side (up to a mark) before it says these things."""

    async def talk(peer: Peer) -> None:
        await (peer.until(mark) if mark else peer.read())
        for part in parts:
            await peer.send(part)
        await _finish(peer, then)

    return talk


def flood(data: bytes, start: bytes = b"", every_seconds: float = 0.0, wait: bool = False) -> Talk:
    """Return a talk that never ends to say the same, after a start, when asked or at once."""

    async def talk(peer: Peer) -> None:
        if wait:
            await peer.read()
        if start:
            await peer.send(start)
        await peer.forever(data, every_seconds)

    return talk


async def _finish(peer: Peer, then: str) -> None:
    if then == "stay":
        await peer.stay()
    elif then == "reset":
        peer.reset()
