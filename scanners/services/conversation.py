"""One connection to one port, plain or inside TLS, read within bounds of time and bytes."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from scanners.dialling import BoundedSocket, Deadline

_LINE_BYTES = 8192
_PART_BYTES = 16_384
_SETTLE_SECONDS = 0.1
_TLS_RECORDS = (0x15, 0x16)


class Stream(Protocol):
    """Bytes to and from a server."""

    def send(self, data: bytes) -> None:
        """Send all of it; raise OSError."""

    def receive(self, seconds: float) -> bytes:
        """Return what arrives within so many seconds, nothing at the end; raise TimeoutError or OSError."""

    def close(self) -> None:
        """Hang up."""


@dataclass(slots=True)
class PlainStream:
    """A connection as it was dialled."""

    connection: BoundedSocket
    deadline: Deadline

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self.connection.settimeout(self.deadline.remaining_seconds())
        self.connection.sendall(data)

    def receive(self, seconds: float) -> bytes:
        """Return the next bytes."""
        self.connection.settimeout(min(seconds, self.deadline.remaining_seconds()))
        return self.connection.recv(_PART_BYTES)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class Tls(Enum):
    """What became of a ClientHello."""

    SPOKEN = "spoken"
    REFUSED = "refused"
    """The server speaks TLS and did not finish the handshake."""
    OTHER = "other"
    """The server answered with something else, or hung up."""
    SILENT = "silent"


@dataclass(slots=True)
class TlsStream:
    """TLS over another stream, trusting anything: what is inside is asked, not believed."""

    under: Stream
    server_name: str
    first: bytes = b""
    """The first bytes that came back, which tell TLS from anything else."""
    _incoming: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _outgoing: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _tls: ssl.SSLObject | None = None

    def handshake(self, seconds: float) -> Tls:
        """Shake hands and name what came of it."""
        self._tls = _context().wrap_bio(
            self._incoming, self._outgoing, server_hostname=self.server_name or None
        )
        try:
            self._until_done(self._tls.do_handshake, seconds)
        except TimeoutError:
            return Tls.REFUSED if self._looks_like_tls() else Tls.SILENT
        except (OSError, EOFError):
            return Tls.REFUSED if self._looks_like_tls() else Tls.OTHER
        return Tls.SPOKEN

    def _looks_like_tls(self) -> bool:
        return len(self.first) >= 2 and self.first[0] in _TLS_RECORDS and self.first[1] == 3

    def _until_done(self, step: object, seconds: float) -> object:
        while True:
            try:
                done = step() if callable(step) else None
            except ssl.SSLWantReadError:
                self._flush()
                self._feed(seconds)
            else:
                self._flush()
                return done

    def _feed(self, seconds: float) -> None:
        data = self.under.receive(seconds)
        if not data:
            raise EOFError("the server hung up")
        self.first = (self.first + data)[:8] if len(self.first) < 8 else self.first
        self._incoming.write(data)

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self.under.send(data)

    def send(self, data: bytes) -> None:
        """Send all of it, encrypted."""
        if self._tls is None:
            raise ConnectionError("no handshake was made")
        self._tls.write(data)
        self._flush()

    def receive(self, seconds: float) -> bytes:
        """Return the next bytes, decrypted."""
        tls = self._tls
        if tls is None:
            raise ConnectionError("no handshake was made")
        try:
            data = self._until_done(lambda: tls.read(_PART_BYTES), seconds)
        except (EOFError, ssl.SSLZeroReturnError):
            return b""
        return data if isinstance(data, bytes) else b""

    def close(self) -> None:
        """Hang up."""
        self.under.close()


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # What is offered here is judged elsewhere; here the oldest server must be able to answer.
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= 0x4  # OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on
    return context


class Conversation:
    """What is said on one connection: a buffer that is read by line, by count or whole."""

    def __init__(self, stream: Stream, patience_seconds: float):
        self._stream = stream
        self.patience_seconds = patience_seconds
        """How long an answer is waited for."""
        self._unread = bytearray()
        self.heard = b""
        """The first bytes that the server said, whoever read them."""
        self.tls = False

    def __enter__(self) -> Conversation:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def send(self, data: bytes) -> None:
        """Send all of it; raise OSError."""
        self._stream.send(data)

    def greeting(self, seconds: float) -> bytes:
        """Return what the server says unasked, nothing when it waits; it stays unread.

        Raise EOFError when the server hangs up without a word, OSError when the connection breaks.
        """
        try:
            self._fill(seconds)
            while b"\n" not in self._unread and len(self._unread) < _LINE_BYTES:
                self._fill(_SETTLE_SECONDS)
        except TimeoutError:
            pass
        except EOFError:
            if not self._unread:
                raise
        return bytes(self._unread)

    def _fill(self, seconds: float) -> None:
        data = self._stream.receive(seconds)
        if not data:
            raise EOFError("the server said nothing more")
        self.heard = (self.heard + data)[:_LINE_BYTES] if len(self.heard) < _LINE_BYTES else self.heard
        self._unread += data

    def some(self) -> bytes:
        """Return what has arrived, at least one byte; raise TimeoutError or EOFError."""
        if not self._unread:
            self._fill(self.patience_seconds)
        data = bytes(self._unread)
        self._unread.clear()
        return data

    def line(self) -> bytes:
        """Return the next line with its end, cut to a bound; raise EOFError at the end of the stream."""
        while b"\n" not in self._unread and len(self._unread) < _LINE_BYTES:
            try:
                self._fill(self.patience_seconds)
            except EOFError:
                if not self._unread:
                    raise
                break
        end = self._unread.find(b"\n") + 1 or len(self._unread)
        line = bytes(self._unread[:end])
        del self._unread[:end]
        return line[:_LINE_BYTES]

    def exactly(self, count: int) -> bytes:
        """Return so many bytes; raise EOFError when the stream ends before."""
        while len(self._unread) < count:
            self._fill(self.patience_seconds)
        data = bytes(self._unread[:count])
        del self._unread[:count]
        return data

    def start_tls(self, server_name: str) -> Tls:
        """Go on inside TLS when the server does."""
        stream = TlsStream(self._stream, server_name)
        became = stream.handshake(self.patience_seconds)
        self.heard = self.heard or stream.first
        if became is Tls.SPOKEN:
            self._stream, self.tls, self.heard = stream, True, b""
            self._unread.clear()
        return became
