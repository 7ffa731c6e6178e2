"""Connections that end: a limit for every step, and one for the whole conversation."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass
from types import TracebackType

from auditor.usecases.sending.problem import SendProblem


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a service may keep us waiting."""

    step_seconds: float = 20.0
    whole_seconds: float = 60.0


class Watch:
    """Ends its connection after a time, even when the other side sends a byte now and then."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.expired = False
        self._timer = threading.Timer(limits.whole_seconds, self._end)
        self._timer.daemon = True
        self._twin: socket.socket | None = None

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._twin is not None:
            self._twin.close()

    def open(self, host: str, port: int) -> socket.socket:
        """Return a connected socket; raise OSError."""
        opened = socket.create_connection((host, port), timeout=self.limits.step_seconds)
        # TLS takes the socket over; its twin reaches the same connection.
        self._twin = opened.dup()
        if self.expired:
            opened.close()
            raise TimeoutError
        return opened

    def _end(self) -> None:
        self.expired = True
        if self._twin is not None:
            with contextlib.suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)


def tls_context(ca: str) -> ssl.SSLContext:
    """Return the terms of TLS: a trusted certificate with the right name. `ca` replaces the public CAs.

    Raises SendProblem for a file that holds no certificates.
    """
    try:
        return ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise SendProblem(
            f"{ca}: no certificates to be read there ({error.strerror or type(error).__name__}); "
            "correct the ca of the channel",
            whole_channel=True,
        ) from None


def told(error: Exception, host: str, port: int, watch: Watch) -> SendProblem:
    """Return the problem of a connection that failed, without anything that the other side said."""
    place = f"{host}, port {port}"
    if watch.expired:
        words = f"{place}: not done within {watch.limits.whole_seconds:g} seconds"
    elif isinstance(error, ssl.SSLCertVerificationError):
        words = (
            f"{place}: its certificate is not trusted ({error.verify_message}); "
            "mend it, or name the organisation's own CA under ca"
        )
    elif isinstance(error, ssl.SSLError):
        words = f"{place}: TLS failed ({error.reason or 'broken off'})"
    elif isinstance(error, socket.gaierror):
        words = f"{place}: the name does not resolve; correct the address, or look at DNS"
    elif isinstance(error, TimeoutError):
        words = f"{place}: no answer within {watch.limits.step_seconds:g} seconds"
    elif isinstance(error, ConnectionRefusedError):
        words = f"{place}: the connection was refused"
    elif isinstance(error, OSError) and error.strerror:
        words = f"{place}: {error.strerror}"
    else:
        words = f"{place}: the connection was broken off"
    return SendProblem(words, whole_channel=True)
