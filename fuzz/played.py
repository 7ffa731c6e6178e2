"""Connections to nobody: what a server might send, cut into the parts in which it comes."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import cast

from scanners.base import Limits
from scanners.dialling import BoundedSocket, Deadline, Dialer

CONNECTION = b"\xff\x00NEXT\x00\xff"
"""Stands between what is sent on one connection and on the next."""
PART = b"\xff\x00PART\x00\xff"
"""Stands between what comes at once and what comes later."""
SILENCE = b"\xff\x00MUTE\x00\xff"
"""At the end of a connection: the server falls silent, rather than hanging up."""
LIMITS = Limits(1000.0, 1, 100_000, 600.0, response_bytes=100_000)
_MAXIMUM_PARTS = 64
_SOMEWHERE, _ELSEWHERE = socket.socketpair()
"""A descriptor to show; nothing is sent over it."""


@dataclass(slots=True)
class Played:
    """Behaves as a connected socket; `answer_ids` gives DNS answers the number of the question."""

    parts: list[bytes]
    silent: bool = False
    budget_bytes: int = 0
    family: socket.AddressFamily = socket.AF_INET
    asked: bytes = b""
    _rest: bytes = field(default=b"", init=False)

    def recv(self, bufsize: int, _flags: int = 0, /) -> bytes:
        """Return the next part, or as much of it as fits."""
        if not self._rest and self.parts:
            self._rest = _with_id(self.parts.pop(0), self.asked)
        if not self._rest and self.silent:
            raise TimeoutError("played: silence")
        data, self._rest = self._rest[:bufsize], self._rest[bufsize:]
        return data

    def sendall(self, data: bytes, _flags: int = 0, /) -> None:
        """Take anything."""
        self.asked = bytes(data)

    send = sendall

    def settimeout(self, _seconds: float | None, /) -> None:
        """Wait for nothing."""

    def fileno(self) -> int:
        """Return a descriptor that may be shut down."""
        return _SOMEWHERE.fileno()

    def close(self) -> None:
        """Hang up."""

    def __enter__(self) -> Played:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _with_id(answer: bytes, asked: bytes) -> bytes:
    is_dns = len(asked) > 12 and len(asked) == 2 + int.from_bytes(asked[:2], "big")
    return answer[:2] + asked[2:4] + answer[4:] if is_dns and len(answer) > 12 else answer


def connection(data: bytes) -> Played:
    """Return a connection that plays these bytes."""
    whole = data.removesuffix(SILENCE)
    return Played([part for part in whole.split(PART)[:_MAXIMUM_PARTS] if part], whole != data)


class PlayingDialer(Dialer):
    """Gives one played connection after the other, then refuses."""

    connections: list[bytes]

    def open(self) -> BoundedSocket:
        """Return the next connection."""
        if self.opened >= len(self.connections):
            raise ConnectionRefusedError("played: no further connection")
        self.opened += 1
        return cast(BoundedSocket, connection(self.connections[self.opened - 1]))


def dialer(data: bytes, port: int) -> PlayingDialer:
    """Return a dialer to what these bytes play."""
    made = PlayingDialer("127.0.0.1", port, LIMITS, _pace, Deadline.after(600), wait=_wait)
    made.connections = data.split(CONNECTION)[:_MAXIMUM_PARTS]
    return made


def _pace() -> None:
    """Wait for nothing."""


def _wait(_seconds: float) -> None:
    """Wait for nothing."""
