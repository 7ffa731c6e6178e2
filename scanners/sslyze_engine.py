"""Reach a port through sslyze, politely and by address only. Shared by the TLS and certificate scanners."""

from __future__ import annotations

import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from nassl._nassl import OpenSSLError
from nassl.ssl_client import BaseSslClient, ClientCertificateRequested
from sslyze.__version__ import __version__
from sslyze.connection_helpers import tls_connection
from sslyze.connection_helpers.opportunistic_tls_helpers import (
    OpportunisticTlsError,
    ProtocolWithOpportunisticTlsEnum,
    get_opportunistic_tls_helper,
)
from sslyze.errors import (
    ConnectionToServerTimedOut,
    ServerRejectedConnection,
    TlsHandshakeFailed,
    TlsHandshakeTimedOut,
)
from sslyze.server_connectivity import (
    ClientAuthRequirementEnum,
    ServerConnectivityInfo,
    ServerTlsProbingResult,
    TlsVersionEnum,
)
from sslyze.server_setting import ServerNetworkConfiguration, ServerNetworkLocation

from auditor.model.evidence import Failure, FailureKind
from auditor.model.plan import Task
from scanners.base import Limits, Pace

TOOL = "sslyze"
TOOL_VERSION: str = __version__
STARTTLS = {
    name: ProtocolWithOpportunisticTlsEnum[name.upper()]
    for name in ("smtp", "imap", "pop3", "ftp", "postgres", "ldap")
}
_EHLO_NAME = "tilik.invalid"
_BANNER_BYTES = 16_384
_BANNER_END = re.compile(rb"(?:^|\n)[0-9]{3} [^\n]*\n$")
_TLS_RECORDS = (b"\x16\x03", b"\x15\x03")
"""How handshake and alert records of SSL 3.0 to TLS 1.3 begin (RFC 8446, 5.1)."""


NETWORK_FAILURES = (
    FailureKind.TIMEOUT,
    FailureKind.REFUSED,
    FailureKind.RESET,
    FailureKind.UNREACHABLE,
)
"""Failures that say nothing about what a port speaks."""


class DeadlineReached(Exception):
    """The time of the task is used up: no further connection is opened."""


class Contact(StrEnum):
    """How a port answers a ClientHello."""

    TLS = "tls"
    PLAIN = "plain"
    """It answered in another protocol, or refused STARTTLS."""
    CLOSED = "closed"
    """It closed the connection without a word, as some very old TLS servers do too."""
    SILENT = "silent"


TLS_GONE = Failure(FailureKind.PROTOCOL, "the port scan met TLS here, and now no handshake comes about")
"""Whoever hangs up on the auditor must not count as having no TLS."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One port of one canonical address, how TLS is reached on it, and until when (monotonic seconds)."""

    address: str
    port: int
    server_name: str
    starttls: str | None
    connect_timeout_seconds: float
    deadline: float

    @property
    def location(self) -> ServerNetworkLocation:
        """Return sslyze's location. The address stands for the name as well, so nothing is ever resolved."""
        return ServerNetworkLocation(self.address, self.port, ip_address=self.address)

    @property
    def configuration(self) -> ServerNetworkConfiguration:
        """Return sslyze's network settings: one more try after a connection that timed out."""
        return ServerNetworkConfiguration(
            tls_server_name_indication=self.server_name,
            tls_opportunistic_encryption=STARTTLS[self.starttls] if self.starttls else None,
            smtp_ehlo_hostname=_EHLO_NAME if self.starttls == "smtp" else None,
            network_timeout=math.ceil(self.connect_timeout_seconds),
            network_max_retries=2,
        )

    def server_info(
        self, highest: TlsVersionEnum, client_authentication: ClientAuthRequirementEnum
    ) -> ServerConnectivityInfo:
        """Return what sslyze's scan commands want to know about a server before they start."""
        probing = ServerTlsProbingResult(
            highest_tls_version_supported=highest,
            cipher_suite_supported="",
            client_auth_requirement=client_authentication,
            supports_ecdh_key_exchange=False,
        )
        return ServerConnectivityInfo(self.location, self.configuration, probing)


def endpoints(task: Task, limits: Limits) -> list[Endpoint]:
    """Return the ways to try TLS on the port of a task, in order; its time starts to run now.

    Where it is unknown what the port speaks (`probe`), TLS from the first byte comes before STARTTLS.
    Raise ValueError for a STARTTLS protocol that is unknown.
    """
    starttls = task.options.get("starttls")
    if starttls is not None and starttls not in STARTTLS:
        raise ValueError(f"unknown STARTTLS protocol: {starttls}")
    ways = [None, starttls] if starttls and task.options.get("probe") else [starttls]
    deadline = time.monotonic() + limits.timeout_seconds
    return [
        Endpoint(
            address=task.address,
            port=task.port,
            server_name=name_for_sni(asked_name(task)),
            starttls=way,
            connect_timeout_seconds=limits.connect_timeout_seconds,
            deadline=deadline,
        )
        for way in ways
    ]


def asked_name(task: Task) -> str:
    """Return the server name or address to ask for; a task about a port as a whole has it as an option."""
    return task.server_name or str(task.options.get("server_name") or "")


def name_for_sni(name: str) -> str:
    """Return a server name as A-label, or "" where none can be sent: an address is no name (RFC 6066, 3)."""
    name = name.rstrip(".")
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in name else socket.AF_INET, name)
    except OSError:
        return name.encode("idna").decode("ascii") if name else ""
    return ""


_engine_lock = threading.Lock()


@contextmanager
def polite_engine(endpoint: Endpoint, pace: Pace) -> Iterator[None]:
    """Let every connection that sslyze opens pass `pace`, and none start after the deadline.

    sslyze has no hook for this, nor a way to leave the server name out. So the two functions that all its
    connections go through are replaced for the time of one scan; the lock keeps two scans in one process
    from replacing each other's. `pace` is called by one thread at a time.
    """
    with _engine_lock:
        turn = threading.Lock()
        open_socket = tls_connection._open_socket
        set_name = BaseSslClient.set_tlsext_host_name

        def open_politely(server_location: ServerNetworkLocation, network_timeout: int) -> socket.socket:
            with turn:
                _admit(endpoint, pace)
            return _with_whole_banner(endpoint, open_socket(server_location, network_timeout))

        def set_name_if_any(self: BaseSslClient, name_indication: str) -> None:
            if name_indication:
                set_name(self, name_indication)

        tls_connection._open_socket = open_politely
        BaseSslClient.set_tlsext_host_name = set_name_if_any  # type: ignore[method-assign]
        try:
            yield
        finally:
            tls_connection._open_socket = open_socket
            BaseSslClient.set_tlsext_host_name = set_name  # type: ignore[method-assign]


def _admit(endpoint: Endpoint, pace: Pace) -> None:
    if time.monotonic() < endpoint.deadline:
        pace()
    if time.monotonic() >= endpoint.deadline:
        raise DeadlineReached("the time allowed for this port is used up")


def _with_whole_banner(endpoint: Endpoint, connection: socket.socket) -> socket.socket:
    """Return the connection once the whole FTP greeting has arrived.

    Servers send a greeting of several lines in several packets, and sslyze reads only once: it would take
    the second packet for the answer to AUTH TLS.
    """
    if endpoint.starttls == "ftp":
        deadline = time.monotonic() + endpoint.connect_timeout_seconds
        seen = -1
        while time.monotonic() < deadline:
            banner = connection.recv(_BANNER_BYTES, socket.MSG_PEEK)
            if _BANNER_END.search(banner) or len(banner) in (0, _BANNER_BYTES):
                break
            if len(banner) == seen:
                time.sleep(0.02)
            seen = len(banner)
    return connection


def first_contact(endpoint: Endpoint, pace: Pace, probe: bool) -> Contact | Failure:
    """Open one connection, send one ClientHello and say how the port answers, or why it cannot be reached.

    Silence is a failure where TLS is known to be spoken, and so is another protocol; in a probe they are how
    many other services answer.
    """
    try:
        with polite_engine(endpoint, pace):
            connection = tls_connection._open_socket(
                endpoint.location, endpoint.configuration.network_timeout
            )
    except (OSError, DeadlineReached) as error:
        return failure_of(error)
    with connection:
        contact = _greet(connection, endpoint)
    if contact is Contact.SILENT and not probe:
        return Failure(FailureKind.TIMEOUT, "the port stays silent after a ClientHello")
    if contact is Contact.PLAIN and tls_is_known(endpoint, probe):
        return TLS_GONE
    return contact


def tls_is_known(endpoint: Endpoint, probe: bool) -> bool:
    """Return whether the port scan met TLS from the first byte; of STARTTLS it knows only the protocol."""
    return not probe and endpoint.starttls is None


def _greet(connection: socket.socket, endpoint: Endpoint) -> Contact:
    try:
        if not _starttls_accepted(connection, endpoint):
            return Contact.PLAIN
        connection.sendall(_client_hello(endpoint.server_name))
        answer = connection.recv(2)
        answer += connection.recv(1) if len(answer) == 1 else b""
    except TimeoutError:
        return Contact.SILENT
    except OSError:
        return Contact.CLOSED
    if not answer:
        return Contact.CLOSED
    return Contact.TLS if answer in _TLS_RECORDS else Contact.PLAIN


def _starttls_accepted(connection: socket.socket, endpoint: Endpoint) -> bool:
    if endpoint.starttls is None:
        return True
    helper = get_opportunistic_tls_helper(STARTTLS[endpoint.starttls], None, _EHLO_NAME)
    try:
        helper.prepare_socket_for_tls_handshake(connection)
    except (OpportunisticTlsError, ValueError):  # ValueError: text that is no UTF-8
        return False
    return True


def _client_hello(server_name: str) -> bytes:
    """Return a ClientHello for TLS 1.2 and 1.3; older servers answer with an alert or their own version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    outgoing = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=server_name or None)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("a handshake cannot end without an answer")


def failure_of(error: BaseException) -> Failure:
    """Return the named failure for what sslyze or a socket raised."""
    return Failure(_failure_kind(error), f"{type(error).__name__}: {error}"[:500])


def _failure_kind(error: BaseException) -> FailureKind:
    match error:
        case DeadlineReached() | TimeoutError() | ConnectionToServerTimedOut() | TlsHandshakeTimedOut():
            return FailureKind.TIMEOUT
        case ConnectionRefusedError() | ServerRejectedConnection():
            return FailureKind.REFUSED
        case ConnectionError():
            return FailureKind.RESET
        case TlsHandshakeFailed() | ClientCertificateRequested() | OpenSSLError():
            return FailureKind.PROTOCOL
        case OSError():
            return FailureKind.UNREACHABLE
        case _:
            return FailureKind.TOOL_FAILED
