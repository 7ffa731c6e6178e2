"""Open paced and bounded connections to one address: what the scanners with sockets of their own share."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from auditor.model.evidence import FailureKind
from scanners.base import Limits, Pace

Wait = Callable[[float], None]
"""Sleep for so many seconds."""


_CUT_OFF_GRACE_SECONDS = 1.0
"""A little more than the reader's own deadline, which names better what happened."""


class HasDescriptor(Protocol):
    """Whatever stands on a socket."""

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock after which nothing more is asked."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds)

    def remaining_seconds(self) -> float:
        """Return the seconds left, or raise TimeoutError when there are none."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the time for this task is used up")
        return seconds


class BoundedSocket(socket.socket):
    """A socket that ends the stream once the server has sent its share of bytes."""

    budget_bytes: int = 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive at most what is left of the budget; nothing when it is spent."""
        if self.budget_bytes <= 0:
            return b""
        data = super().recv(min(bufsize, self.budget_bytes), flags)
        self.budget_bytes -= len(data)
        return data


@dataclass(slots=True)
class Dialer:
    """Open one connection after the other to one address and port, never faster than allowed."""

    address: str
    port: int
    limits: Limits
    pace: Pace
    deadline: Deadline
    spacing_seconds: float = 0.0
    wait: Wait = time.sleep
    opened: int = 0

    def open(self) -> BoundedSocket:
        """Wait for the spacing and the pace, then connect. Raises OSError, TimeoutError past the deadline."""
        if self.opened and self.spacing_seconds > 0:
            if self.spacing_seconds >= self.deadline.remaining_seconds():
                raise TimeoutError("no time is left for another spaced connection")
            self.wait(self.spacing_seconds)
        self.opened += 1
        self.pace()
        seconds = min(self.limits.connect_timeout_seconds, self.deadline.remaining_seconds())
        address = ipaddress.ip_address(self.address)
        connection = BoundedSocket(
            socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM
        )
        connection.budget_bytes = self.limits.response_bytes
        try:
            connection.settimeout(seconds)
            connection.connect((str(address), self.port))
        except OSError:
            connection.close()
            raise
        return connection


@contextlib.contextmanager
def cut_off(connection: HasDescriptor, seconds: float) -> Iterator[None]:
    """Tear a connection down soon after the time is over, and raise TimeoutError then.

    A library in C that reads by itself asks for no deadline as long as anything comes: whoever sends TLS
    messages without meaning for ever would keep it reading for ever.
    """
    over = threading.Event()
    # A handle of its own on the plain socket: that of TLS is not for another thread to call.
    with socket.socket(fileno=os.dup(connection.fileno())) as handle:

        def end() -> None:
            over.set()
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds + _CUT_OFF_GRACE_SECONDS, end)
        timer.start()
        try:
            yield
        except OSError as error:
            if over.is_set():
                raise TimeoutError("no end of what the server sends") from error
            raise
        finally:
            timer.cancel()
            timer.join()


def failure_kind(error: OSError) -> FailureKind:
    """Name what became of a connection."""
    if isinstance(error, TimeoutError):
        return FailureKind.TIMEOUT
    if isinstance(error, ConnectionRefusedError):
        return FailureKind.REFUSED
    if isinstance(error, ConnectionError):
        return FailureKind.RESET
    return FailureKind.PROTOCOL if isinstance(error, ssl.SSLError) else FailureKind.UNREACHABLE
