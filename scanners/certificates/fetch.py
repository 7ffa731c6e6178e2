"""Collect the certificate chains that a port serves, by handshakes that look like different clients."""

from __future__ import annotations

import ssl
from contextlib import closing, suppress
from dataclasses import dataclass, field

from nassl._nassl import OpenSSLError
from nassl.ssl_client import BaseSslClient, ClientCertificateRequested
from sslyze.errors import ConnectionToServerFailed, ServerTlsConfigurationNotSupported
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from auditor.model.evidence import Failure
from scanners.certificates.parse import Chain
from scanners.sslyze_engine import DeadlineReached, Endpoint, failure_of

_RSA = "aRSA:-eNULL"
_NOT_RSA = "ALL:-aRSA:-aNULL:-eNULL"
"""Suites that bring out the RSA certificate, and any other, before TLS 1.3."""
_ANY = "ALL:COMPLEMENTOFALL"


@dataclass(frozen=True, slots=True)
class _Client:
    version: TlsVersionEnum
    suites: str | None
    legacy: bool


_MODERN_CLIENTS = (
    _Client(TlsVersionEnum.TLS_1_3, None, legacy=False),
    _Client(TlsVersionEnum.TLS_1_2, _RSA, legacy=False),
    _Client(TlsVersionEnum.TLS_1_2, _NOT_RSA, legacy=False),
)
"""A server that speaks TLS 1.3 only shows one certificate, even where it has two."""
_OLD_CLIENTS = tuple(
    _Client(version, suites, legacy=True)
    for version, suites in (
        (TlsVersionEnum.TLS_1_2, _ANY),
        (TlsVersionEnum.TLS_1_1, _ANY),
        (TlsVersionEnum.TLS_1_0, _ANY),
        (TlsVersionEnum.SSL_3_0, _ANY),
        (TlsVersionEnum.SSL_2_0, "SSLv2"),
    )
)


@dataclass(slots=True)
class Fetched:
    """The different chains received, whether any handshake came to a certificate or to none, and failures."""

    chains: list[Chain] = field(default_factory=list)
    spoken: bool = False
    failures: list[Failure] = field(default_factory=list)
    deadline: Failure | None = None


def fetch(endpoint: Endpoint) -> Fetched:
    """Return the chains of a port. Old clients are tried, newest first, only where modern ones get none."""
    fetched = Fetched()
    for client in (*_MODERN_CLIENTS, *_OLD_CLIENTS):
        if client in _OLD_CLIENTS and fetched.spoken:
            break
        try:
            chain = _handshake(endpoint, client)
        except DeadlineReached as error:
            fetched.deadline = failure_of(error)
            break
        except (ConnectionToServerFailed, OpenSSLError, OSError) as error:
            fetched.failures.append(failure_of(error))
            continue
        fetched.spoken = True
        if chain.certificates and all(chain.certificates[0] != c.certificates[0] for c in fetched.chains):
            fetched.chains.append(chain)
    return fetched


def _handshake(endpoint: Endpoint, client: _Client) -> Chain:
    """Return the chain of one handshake; empty when the server shows none (anonymous suites)."""
    info = endpoint.server_info(client.version, ClientAuthRequirementEnum.REQUIRED)
    with closing(
        info.get_preconfigured_tls_connection(client.version, should_use_legacy_openssl=client.legacy)
    ) as connection:
        if client.suites:
            connection.ssl_client.set_cipher_list(client.suites)
        if client.version != TlsVersionEnum.SSL_2_0:
            connection.ssl_client.set_tlsext_status_ocsp()
        # A server shows its certificate before it asks for ours, and before it sends its DH group.
        with suppress(ClientCertificateRequested, ServerTlsConfigurationNotSupported):
            connection.connect()
        return _received(connection.ssl_client)


def _received(client: BaseSslClient) -> Chain:
    try:
        chain = client.get_received_chain()
    except ValueError:  # "peer did not present a certificate"
        return Chain((), ocsp_stapled=False)
    stapled = client.get_tlsext_status_ocsp_resp() is not None
    return Chain(tuple(ssl.PEM_cert_to_DER_cert(pem) for pem in chain), stapled)
