"""A server made by hand, for behaviour that no program at hand shows: it reads hellos and writes answers."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scanners.handshake.answers import parse_extensions
from scanners.handshake.hello import TLS_1_2, TLS_1_3
from tests.scanners.loopback import Listener, serve

RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


@dataclass(frozen=True)
class Offer:
    """A ClientHello as a server sees it."""

    size: int
    version: int
    suites: tuple[int, ...]
    compressions: bytes
    extensions: dict[int, bytes]

    @property
    def highest(self) -> int:
        """Return the highest version offered."""
        return TLS_1_3 if 43 in self.extensions else self.version

    @property
    def groups(self) -> tuple[int, ...]:
        """Return the groups offered."""
        listed = self.extensions.get(10, b"\x00\x00")[2:]
        return struct.unpack(f"!{len(listed) // 2}H", listed)


def read_offer(record: bytes) -> Offer:
    """Read the record of a ClientHello."""
    assert record[0] == 22
    message = record[5:]
    assert int.from_bytes(message[1:4], "big") == len(message) - 4
    version, at = int.from_bytes(message[4:6], "big"), 38
    at += 1 + message[at]
    count = int.from_bytes(message[at : at + 2], "big") // 2
    suites = struct.unpack_from(f"!{count}H", message, at + 2)
    at += 2 + 2 * count
    compressions = message[at + 1 : at + 1 + message[at]]
    at += 1 + message[at]
    return Offer(len(message), version, suites, compressions, parse_extensions(message[at + 2 :]))


def server_hello(
    version: int,
    suite: int,
    extensions: dict[int, bytes] | None = None,
    compression: int = 0,
    random: bytes = bytes(32),
) -> bytes:
    """Return the record of a ServerHello."""
    listed = b"".join(struct.pack("!HH", n, len(c)) + c for n, c in (extensions or {}).items())
    body = (
        struct.pack("!H", min(version, TLS_1_2)) + random + b"\x00" + struct.pack("!HB", suite, compression)
    )
    body += struct.pack("!H", len(listed)) + listed if listed else b""
    return record(22, bytes([2]) + len(body).to_bytes(3, "big") + body)


def retry_request(suite: int, group: int) -> bytes:
    """Return the record of a HelloRetryRequest."""
    extensions = {43: struct.pack("!H", TLS_1_3), 51: struct.pack("!H", group)}
    return server_hello(TLS_1_3, suite, extensions, random=RETRY_RANDOM)


def record(kind: int, content: bytes) -> bytes:
    """Return a record."""
    return struct.pack("!BHH", kind, TLS_1_2, len(content)) + content


def alert(number: int, level: int = 2) -> bytes:
    """Return the record of an alert."""
    return record(21, bytes([level, number]))


Reply = Callable[[Offer], bytes | None]
"""Answers an offer; None stays silent, nothing hangs up."""


@contextlib.contextmanager
def fake_server(reply: Reply, ssl_2_0: bytes = b"") -> Iterator[Listener]:
    """Serve hand-made answers, `ssl_2_0` to a CLIENT-HELLO of that version."""

    def handle(connection: socket.socket) -> None:
        head = _exactly(connection, 5)
        if head[0] & 0x80:
            connection.sendall(ssl_2_0)
            return
        if head[0] != 22:
            return
        offer = read_offer(head + _exactly(connection, int.from_bytes(head[3:5], "big")))
        answer = reply(offer)
        if answer is None:
            while connection.recv(1000):
                pass
        else:
            connection.sendall(answer)

    with serve(handle) as listener:
        yield listener


def _exactly(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise OSError("the client hung up")
        data += part
    return data


def choosing(version: int, suites: Sequence[int], extensions: dict[int, bytes] | None = None) -> Reply:
    """Return a server of one version before TLS 1.3 that takes the first of its suites that is offered."""

    def reply(offer: Offer) -> bytes:
        if offer.highest < version or offer.highest == TLS_1_3:
            return alert(70)
        chosen = next((suite for suite in suites if suite in offer.suites), None)
        return alert(40) if chosen is None else server_hello(version, chosen, extensions)

    return reply
