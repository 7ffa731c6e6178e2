"""Reach a port through sslyze, politely and by address only. Loading this module loads sslyze (0.6 s)."""

from __future__ import annotations

import math
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from nassl._nassl import OpenSSLError
from nassl.ssl_client import BaseSslClient, ClientCertificateRequested
from sslyze.__version__ import __version__
from sslyze.connection_helpers import tls_connection
from sslyze.connection_helpers.opportunistic_tls_helpers import ProtocolWithOpportunisticTlsEnum
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
from scanners.base import Pace
from scanners.handshake.endpoint import STARTTLS, DeadlineReached, Endpoint

SSLYZE_VERSION: str = __version__
_STARTTLS = {name: ProtocolWithOpportunisticTlsEnum[name.upper()] for name in STARTTLS}
_EHLO_NAME = "tilik.invalid"
_BANNER_BYTES = 16_384
_BANNER_END = re.compile(rb"(?:^|\n)[0-9]{3} [^\n]*\n$")


def location(endpoint: Endpoint) -> ServerNetworkLocation:
    """Return sslyze's location. The address stands for the name as well, so nothing is ever resolved."""
    return ServerNetworkLocation(endpoint.address, endpoint.port, ip_address=endpoint.address)


def configuration(endpoint: Endpoint) -> ServerNetworkConfiguration:
    """Return sslyze's network settings: one more try after a connection that timed out."""
    return ServerNetworkConfiguration(
        tls_server_name_indication=endpoint.server_name,
        tls_opportunistic_encryption=_STARTTLS[endpoint.starttls] if endpoint.starttls else None,
        smtp_ehlo_hostname=_EHLO_NAME if endpoint.starttls == "smtp" else None,
        network_timeout=math.ceil(endpoint.connect_timeout_seconds),
        network_max_retries=2,
    )


def server_info(
    endpoint: Endpoint,
    highest: TlsVersionEnum,
    client_authentication: ClientAuthRequirementEnum,
    has_curves: bool = False,
) -> ServerConnectivityInfo:
    """Return what sslyze's scan commands want to know about a server before they start."""
    probing = ServerTlsProbingResult(
        highest_tls_version_supported=highest,
        cipher_suite_supported="",
        client_auth_requirement=client_authentication,
        supports_ecdh_key_exchange=has_curves,
    )
    return ServerConnectivityInfo(location(endpoint), configuration(endpoint), probing)


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
