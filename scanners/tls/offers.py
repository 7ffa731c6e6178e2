"""Offer a server cipher suites or curves over one connection, and say what it chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from nassl._nassl import OpenSSLError
from nassl.ephemeral_key_info import (
    _OPENSSL_NID_TO_SECG_ANSI_X9_62 as _CURVE_NAMES,
)
from nassl.ephemeral_key_info import EcDhEphemeralKeyInfo, OpenSslEcNidEnum
from nassl.ssl_client import BaseSslClient, ClientCertificateRequested, SslClient
from sslyze.connection_helpers.tls_connection import NoCiphersAvailableBugInSSlyze, SslConnection
from sslyze.errors import (
    ServerRejectedTlsHandshake,
    ServerTlsConfigurationNotSupported,
    TlsHandshakeTimedOut,
)
from sslyze.plugins.openssl_cipher_suites._tls12_workaround import WorkaroundForTls12ForCipherSuites
from sslyze.plugins.openssl_cipher_suites.cipher_suites import CipherSuitesRepository
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from auditor.model.facts import JSON
from scanners.sslyze_engine import Endpoint
from scanners.tls.eliminate import Choice, Elimination, Refusal, eliminate

_SHORT_OFFER = 20
"""Some old servers never answer a ClientHello of more than 255 bytes; so many suites fit in one."""
_COMMON_CURVES = ("X25519", "X448", "SECP256R1", "SECP384R1", "SECP521R1")
_OTHER_CURVE_USED = ("wrong curve", "unexpected message")


def accepted_suites(endpoint: Endpoint, version: TlsVersionEnum) -> dict[str, JSON]:
    """Return the cipher suites accepted in one version, by IANA and OpenSSL name, with their ephemeral keys.

    A silence after an offer raises TlsHandshakeTimedOut: it says neither yes nor no.
    """
    iana_names = {
        suite.openssl_name: suite.name for suite in CipherSuitesRepository.get_all_cipher_suites(version)
    }
    found: Elimination[str] = Elimination()
    for legacy, names in _by_engine(version, sorted(iana_names)).items():
        part = _eliminate_suites(endpoint, version, legacy, names)
        found.accepted.extend(part.accepted)
        found.refusals.extend(part.refusals)
    return {
        "accepted": [
            {
                "name": iana_names[str(choice.candidate)],
                "openssl_name": str(choice.candidate),
                "ephemeral_key": cast(JSON, choice.ephemeral_key),
            }
            for choice in sorted(found.accepted, key=lambda choice: str(choice.candidate))
        ],
        "offered": len(iana_names),
        "refusals": cast(JSON, found.refusals),
    }


def _by_engine(version: TlsVersionEnum, names: Iterable[str]) -> dict[bool, list[str]]:
    """Return the suites by whether they need the legacy OpenSSL: only TLS 1.2 needs both."""
    if version != TlsVersionEnum.TLS_1_2:
        return {version.value < TlsVersionEnum.TLS_1_2.value: list(names)}
    engines: dict[bool, list[str]] = {True: [], False: []}
    for name in names:
        engines[WorkaroundForTls12ForCipherSuites.requires_legacy_openssl(name)].append(name)
    return engines


def _eliminate_suites(
    endpoint: Endpoint, version: TlsVersionEnum, legacy: bool, names: Sequence[str]
) -> Elimination[str]:
    def offer(offered: Sequence[str]) -> Choice[str] | Refusal:
        return _offer_suites(endpoint, version, legacy, offered)

    try:
        return eliminate(names, offer)
    except TlsHandshakeTimedOut:
        if len(names) <= _SHORT_OFFER:
            raise
    found: Elimination[str] = Elimination()
    for start in range(0, len(names), _SHORT_OFFER):
        part = eliminate(names[start : start + _SHORT_OFFER], offer)
        found.accepted.extend(part.accepted)
        found.refusals.extend(part.refusals)
    return found


def _offer_suites(
    endpoint: Endpoint, version: TlsVersionEnum, legacy: bool, names: Sequence[str]
) -> Choice[str] | Refusal:
    connection = _connection(endpoint, version, legacy)
    offer_on(connection.ssl_client, version, names)
    try:
        answer = _handshake(connection)
        if isinstance(answer, Refusal):
            return answer
        return Choice(connection.ssl_client.get_current_cipher_name(), answer.ephemeral_key)
    finally:
        connection.close()


def offer_on(client: BaseSslClient, version: TlsVersionEnum, openssl_names: Sequence[str]) -> None:
    """Let a client offer exactly these cipher suites."""
    if version == TlsVersionEnum.TLS_1_3 and isinstance(client, SslClient):
        client.set_ciphersuites(":".join(openssl_names))
    else:
        client.set_cipher_list(":".join(openssl_names))


def accepted_curves(endpoint: Endpoint, version: TlsVersionEnum, suites: Sequence[str]) -> dict[str, JSON]:
    """Return the elliptic curves accepted in one version with ECDHE suites known to be accepted.

    Weak curves are offered first, so that a server which follows the client shows them. Raise ValueError
    where no curve is accepted: then the suites were not what the server had accepted them for.
    """
    curves = sorted(OpenSslEcNidEnum, key=lambda curve: (curve.name in _COMMON_CURVES, curve.value))

    def offer(offered: Sequence[OpenSslEcNidEnum]) -> Choice[OpenSslEcNidEnum] | Refusal:
        return _offer_curves(endpoint, version, suites, offered)

    found = eliminate(curves, offer)
    if not found.accepted:
        raise ValueError("suites that use a curve were accepted, but with no curve that is offered alone")
    return {
        "accepted": sorted(_CURVE_NAMES[choice.candidate] for choice in found.accepted if choice.candidate),
        "offered": len(curves),
        "refusals": cast(JSON, found.refusals),
    }


def _offer_curves(
    endpoint: Endpoint, version: TlsVersionEnum, suites: Sequence[str], curves: Sequence[OpenSslEcNidEnum]
) -> Choice[OpenSslEcNidEnum] | Refusal:
    connection = _connection(endpoint, version, legacy=False)
    client = cast(SslClient, connection.ssl_client)
    offer_on(client, version, suites)
    client.set_groups(list(curves))
    try:
        answer = _handshake(connection)
        key = client.get_ephemeral_key()
    except OpenSSLError as error:
        # A server that knows one curve only uses it although it was not offered.
        if any(words in str(error) for words in _OTHER_CURVE_USED):
            return Refusal(str(error))
        raise
    finally:
        connection.close()
    if isinstance(answer, Refusal):
        return answer
    return Choice(key.curve if isinstance(key, EcDhEphemeralKeyInfo) else None, answer.ephemeral_key)


def _connection(endpoint: Endpoint, version: TlsVersionEnum, legacy: bool) -> SslConnection:
    """Return a connection that stops when a client certificate is asked for: a suite is chosen by then."""
    info = endpoint.server_info(version, ClientAuthRequirementEnum.REQUIRED)
    return info.get_preconfigured_tls_connection(
        override_tls_version=version, should_use_legacy_openssl=legacy
    )


def _handshake(connection: SslConnection) -> Choice[str] | Refusal:
    """Shake hands as far as the server's choice shows, and return it with the ephemeral key used."""
    try:
        connection.connect()
    except (ClientCertificateRequested, ServerTlsConfigurationNotSupported):
        pass  # the second: our OpenSSL finds the DH group too small, so the server did choose the suite
    except (ServerRejectedTlsHandshake, NoCiphersAvailableBugInSSlyze) as refusal:
        return Refusal(str(refusal))
    return Choice(None, _key_record(connection.ssl_client))


def _key_record(client: BaseSslClient) -> dict[str, str | int] | None:
    key = client.get_ephemeral_key()
    if key is None:
        return None
    curve = {"curve": key.curve_name} if isinstance(key, EcDhEphemeralKeyInfo) else {}
    return {"type": key.type_name, "bits": key.size, **curve}
