"""Ask a server everything with sslyze's own commands, hundreds of connections. Loading this loads sslyze."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from nassl.ephemeral_key_info import _OPENSSL_NID_TO_SECG_ANSI_X9_62 as _CURVE_NAMES
from nassl.ephemeral_key_info import OpenSslEcNidEnum
from sslyze.plugins.openssl_cipher_suites.cipher_suites import CipherSuitesRepository
from sslyze.plugins.scan_commands import ScanCommand
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from scanners.base import Pace
from scanners.handshake.endpoint import Endpoint
from scanners.sslyze_engine import SSLYZE_VERSION, polite_engine, server_info
from scanners.tls.commands import Worker

__all__ = ["SSLYZE_VERSION", "ask_sslyze"]

_COMMANDS = {
    "ssl_2_0": ScanCommand.SSL_2_0_CIPHER_SUITES,
    "ssl_3_0": ScanCommand.SSL_3_0_CIPHER_SUITES,
    "tls_1_0": ScanCommand.TLS_1_0_CIPHER_SUITES,
    "tls_1_1": ScanCommand.TLS_1_1_CIPHER_SUITES,
    "tls_1_2": ScanCommand.TLS_1_2_CIPHER_SUITES,
    "tls_1_3": ScanCommand.TLS_1_3_CIPHER_SUITES,
}


def ask_sslyze(
    endpoint: Endpoint, pace: Pace, parallel_connections: int, versions: Iterable[str], has_curves: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what sslyze finds, as `compare.disagreements` wants it, and what it could not find and why.

    `versions` are those known to be accepted, from which sslyze has to know the best.
    """
    found: dict[str, Any] = {
        "known_suites": sorted({suite.name for version in TlsVersionEnum for suite in _suites_of(version)}),
        "known_curves": sorted(
            _CURVE_NAMES[curve] for curve in OpenSslEcNidEnum.get_supported_by_ssl_client()
        ),
    }
    failures: dict[str, str] = {}
    best = max((TlsVersionEnum[version.upper()] for version in versions), key=lambda version: version.value)
    server = server_info(endpoint, best, ClientAuthRequirementEnum.OPTIONAL, has_curves)
    commands = {**_COMMANDS, **({"curves": ScanCommand.ELLIPTIC_CURVES} if has_curves else {})}
    with polite_engine(endpoint, pace):
        worker = Worker(parallel_connections)
        try:
            for name, command in commands.items():
                attempt = worker.command(command, server)
                if "result" in attempt:
                    found[name] = _names(cast("dict[str, Any]", attempt["result"]))
                else:
                    failures[name] = f"{attempt['failure']}: {attempt['detail']}"
        finally:
            worker.close()
    return found, failures


def _suites_of(version: TlsVersionEnum) -> Iterable[Any]:
    if version == TlsVersionEnum.SSL_2_0:
        return ()
    return cast("Iterable[Any]", CipherSuitesRepository.get_all_cipher_suites(version))


def _names(result: dict[str, Any]) -> list[str]:
    if "supported_curves" in result:
        return sorted(curve["name"] for curve in result["supported_curves"] or ())
    return sorted(suite["cipher_suite"]["name"] for suite in result["accepted_cipher_suites"])
