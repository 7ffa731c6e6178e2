"""Send one ClientHello over one connection and take in the server's first answer, and nothing more."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from auditor.model.evidence import Failure, FailureKind
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, Dialer, failure_kind
from scanners.handshake.answers import ALERTS, MalformedAnswer, ServerHello, parse_ssl_2_0_hello
from scanners.handshake.endpoint import DeadlineReached, Endpoint
from scanners.handshake.flight import Intake
from scanners.handshake.hello import Hello, encode_hello, encode_ssl_2_0_hello
from scanners.handshake.starttls import StarttlsRefused, change_to_tls

CHUNK_BYTES = 16_384
CLOSED = "closed without a word"


@dataclass(frozen=True, slots=True)
class Flight:
    """A server's first flight, as far as it was read: its choice, and message bodies by type."""

    hello: ServerHello
    messages: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server accepted none of the offer; `alert` is None where it said so by hanging up."""

    reason: str
    alert: int | None = None


@dataclass(frozen=True, slots=True)
class Ssl2Hello:
    """What a server of SSL 2.0 offers, and its certificate."""

    suites: tuple[int, ...]
    certificate: bytes


def failure_of(error: Exception) -> Failure:
    """Return the named failure for what an exchange raised."""
    match error:
        case DeadlineReached():
            kind = FailureKind.TIMEOUT
        case OSError():
            kind = failure_kind(error)
        case _:
            kind = FailureKind.PROTOCOL
    return Failure(kind, f"{type(error).__name__}: {error}"[:500])


class NotTls(Exception):
    """The port answered in another protocol, or did not agree to change to TLS."""


EXPECTED = (OSError, NotTls, DeadlineReached)
"""What an exchange may raise."""


Read = TypeVar("Read")
WantsMore = Callable[[ServerHello], bool]
"""Says after a ServerHello whether certificates and the ServerKeyExchange are wanted as well."""


def hello_only(_hello: ServerHello) -> bool:
    """Want nothing after the ServerHello."""
    return False


def whole_flight(_hello: ServerHello) -> bool:
    """Want all that the server sends in the clear."""
    return True


class Answer:
    """What the server sends, for as long as one answer may take."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._until = time.monotonic() + seconds
        self.sendall = connection.sendall

    def recv(self, bufsize: int, /) -> bytes:
        """Receive at most so many bytes, none at the end; raise TimeoutError when the time is over."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the answer takes too long")
        self._connection.settimeout(seconds)
        return self._connection.recv(bufsize)


@dataclass(slots=True)
class Line:
    """The way to one endpoint: each exchange is one paced connection, and is counted."""

    endpoint: Endpoint
    dialer: Dialer
    connected: bool = False
    """A connection was established at least once."""

    @classmethod
    def to(cls, endpoint: Endpoint, limits: Limits, pace: Pace) -> Line:
        """Return the line to an endpoint within the limits."""
        return cls(
            endpoint, Dialer(endpoint.address, endpoint.port, limits, pace, Deadline(endpoint.deadline))
        )

    @property
    def connections(self) -> int:
        """Return how many connections were opened or tried."""
        return self.dialer.opened

    def ask(self, hello: Hello, wants_more: WantsMore = hello_only) -> Flight | Refusal:
        """Send a ClientHello and return the answer, with the messages in the clear that follow if wanted.

        Raise NotTls for another protocol, OSError where the port cannot be reached, TimeoutError for
        silence, DeadlineReached when the time of the task is used up.
        """
        return self.converse(
            encode_hello(hello, os.urandom(32)), lambda answer: _tls_answer(answer, wants_more)
        )

    def ask_ssl_2_0(self) -> Ssl2Hello | Refusal:
        """Send a CLIENT-HELLO of SSL 2.0 and return the answer; raises as `ask` does."""
        return self.converse(encode_ssl_2_0_hello(os.urandom(16)), _ssl_2_0_answer)

    def converse(self, hello: bytes, read: Callable[[Answer], Read]) -> Read | Refusal:
        """Send bytes over a connection of their own and let `read` take in the answer; raises as `ask`."""
        with self._open() as connection:
            answer = Answer(connection, self.endpoint.connect_timeout_seconds)
            if self.endpoint.starttls:
                try:
                    change_to_tls(answer, self.endpoint.starttls)
                except (StarttlsRefused, ConnectionError) as refusal:
                    raise NotTls(str(refusal)) from None
            try:
                connection.sendall(hello)
                return read(answer)
            except ConnectionError:
                return Refusal(CLOSED)

    def _open(self) -> socket.socket:
        if time.monotonic() >= self.endpoint.deadline:
            raise DeadlineReached("the time allowed for this port is used up")
        try:
            connection = self.dialer.open()
        except TimeoutError:
            if time.monotonic() >= self.endpoint.deadline:
                raise DeadlineReached("the time allowed for this port is used up") from None
            raise
        self.connected = True
        return connection


def _tls_answer(answer: Answer, wants_more: WantsMore) -> Flight | Refusal:
    intake = Intake()
    try:
        while part := answer.recv(CHUNK_BYTES):
            intake.feed(part)
            if intake.refused or intake.flight_ended or (intake.hello and not wants_more(intake.hello)):
                break
    except MalformedAnswer as error:
        raise NotTls(str(error)) from None
    if intake.hello:
        return Flight(intake.hello, intake.messages)
    if not intake.empty:
        raise NotTls("closed in the middle of an answer")
    return Refusal(CLOSED) if intake.alert is None else refusal_of(intake.alert)


def refusal_of(alert: int) -> Refusal:
    """Return the refusal that an alert means."""
    return Refusal(f"alert {ALERTS.get(alert, alert)}", alert)


def _ssl_2_0_answer(answer: Answer) -> Ssl2Hello | Refusal:
    """Take in a SERVER-HELLO. Whatever else comes, an alert or another protocol, is no SSL 2.0."""
    data = b""
    while part := answer.recv(CHUNK_BYTES):
        data += part
        try:
            hello = parse_ssl_2_0_hello(data)
        except MalformedAnswer as error:
            return Refusal(str(error))
        if hello is not None:
            return Ssl2Hello(*hello)
    return Refusal(CLOSED)
