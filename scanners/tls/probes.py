"""Measure what sslyze's own command only infers: early data."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import cast

from nassl._nassl import SSL_SESSION, OpenSSLError
from nassl.ephemeral_key_info import EcDhEphemeralKeyInfo, OpenSslEcNidEnum
from nassl.ssl_client import BaseSslClient, OpenSslEarlyDataStatusEnum, SslClient
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from auditor.model.facts import JSON
from scanners.handshake.endpoint import Endpoint
from scanners.sslyze_engine import server_info


def early_data(endpoint: Endpoint) -> dict[str, JSON]:
    """Resume a TLS 1.3 session with one byte of early data (RFC 8446, 2.3), and say whether it was taken.

    One harmless command of the port's protocol asks for the session ticket.
    """
    info = server_info(endpoint, TlsVersionEnum.TLS_1_3, ClientAuthRequirementEnum.OPTIONAL)
    first = info.get_preconfigured_tls_connection()
    try:
        first.connect()
        session = _session(cast(SslClient, first.ssl_client), endpoint)
        key = first.ssl_client.get_ephemeral_key()
    finally:
        _say_goodbye(first.ssl_client)
    offered_bytes = session.get_max_early_data()
    if offered_bytes == 0:
        return {"accepted": False, "offered_bytes": 0}
    with closing(info.get_preconfigured_tls_connection()) as second:
        client = cast(SslClient, second.ssl_client)
        client.set_session(session)
        if isinstance(key, EcDhEphemeralKeyInfo):
            # A server that has to ask for another curve first turns early data down (RFC 8446, 4.2.10).
            client.set_groups([OpenSslEcNidEnum(key.curve)])
        second._do_pre_handshake()
        client.write_early_data(b"E")
        client.do_handshake()
        accepted = client.get_early_data_status() == OpenSslEarlyDataStatusEnum.ACCEPTED
    return {"accepted": accepted, "offered_bytes": offered_bytes}


_NUDGES = {"smtp": b"NOOP\r\n", "pop3": b"NOOP\r\n", "ftp": b"NOOP\r\n", "imap": b"a NOOP\r\n"}
"""A harmless command per protocol, because some only send session tickets along with an answer."""
_SILENT_SECONDS = 1.0


def _session(client: SslClient, endpoint: Endpoint) -> SSL_SESSION:
    nudge = _NUDGES.get(endpoint.starttls or "")
    if endpoint.starttls is None:
        address = f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address
        host = endpoint.server_name or address
        nudge = f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    underlying = client.get_underlying_socket()
    if nudge is not None:
        client.write(nudge)
    elif underlying:
        # Nothing can be said here without logging in; a ticket follows the handshake at once or never.
        underlying.settimeout(_SILENT_SECONDS)
    # Whether there is an answer or not, a ticket would have come by then.
    with suppress(OSError, OpenSSLError):
        client.read(2048)
    return client.get_session()


def _say_goodbye(client: BaseSslClient) -> None:
    """Close with a close_notify that is really sent: servers forget the session of what breaks off."""
    with suppress(OSError, OpenSSLError):
        client._ssl.shutdown()
        client._flush_ssl_engine()
    underlying = client.get_underlying_socket()
    if underlying:
        underlying.close()
