"""Measure what sslyze's own commands only infer: downgrade protection and early data."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from typing import cast

from nassl._nassl import SSL_SESSION, OpenSSLError
from nassl.ephemeral_key_info import EcDhEphemeralKeyInfo, OpenSslEcNidEnum
from nassl.legacy_ssl_client import LegacySslClient
from nassl.ssl_client import (
    BaseSslClient,
    ClientCertificateRequested,
    OpenSslEarlyDataStatusEnum,
    SslClient,
)
from sslyze.errors import ServerRejectedTlsHandshake
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from auditor.model.facts import JSON
from scanners.sslyze_engine import Endpoint
from scanners.tls.offers import offer_on


def fallback_refused(endpoint: Endpoint, version: TlsVersionEnum, suites: Sequence[str]) -> dict[str, JSON]:
    """Ask for a version and suites known to be accepted, below the best one, with TLS_FALLBACK_SCSV.

    Any refusal counts as long as the same request without the signal is accepted: some load balancers answer
    with another alert than inappropriate_fallback (RFC 7507, 3).
    """
    with_signal = _handshake_refusal(endpoint, version, suites, fallback=True)
    if with_signal and "inappropriate fallback" not in with_signal:
        without_signal = _handshake_refusal(endpoint, version, suites, fallback=False)
        if without_signal:
            raise ValueError(f"refused with and without the signal: {with_signal}; {without_signal}")
    return {"version": version.name, "refused": bool(with_signal), "answer": with_signal}


def _handshake_refusal(
    endpoint: Endpoint, version: TlsVersionEnum, suites: Sequence[str], fallback: bool
) -> str:
    """Return the words of the refusal, or "" when the handshake was accepted."""
    info = endpoint.server_info(version, ClientAuthRequirementEnum.REQUIRED)
    with closing(
        info.get_preconfigured_tls_connection(override_tls_version=version, should_use_legacy_openssl=True)
    ) as connection:
        client = cast(LegacySslClient, connection.ssl_client)
        offer_on(client, version, suites)
        if fallback:
            client.enable_fallback_scsv()
        try:
            connection.connect()
        except ClientCertificateRequested:
            return ""
        except ServerRejectedTlsHandshake as refusal:
            return refusal.error_message
        except OpenSSLError as error:
            if "inappropriate fallback" not in str(error):
                raise
            return str(error)
    return ""


def early_data(endpoint: Endpoint) -> dict[str, JSON]:
    """Resume a TLS 1.3 session with one byte of early data (RFC 8446, 2.3), and say whether it was taken.

    One harmless command of the port's protocol asks for the session ticket.
    """
    info = endpoint.server_info(TlsVersionEnum.TLS_1_3, ClientAuthRequirementEnum.OPTIONAL)
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
