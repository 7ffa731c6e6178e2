"""Measure what takes whole handshakes, with sslyze and its engine. Loading this module loads sslyze."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sslyze.plugins.openssl_cipher_suites.cipher_suites import CipherSuitesRepository
from sslyze.plugins.scan_commands import ScanCommand
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from scanners.base import Pace
from scanners.handshake.endpoint import Endpoint
from scanners.sslyze_engine import SSLYZE_VERSION, polite_engine, server_info
from scanners.tls.commands import KnownServer, Worker
from scanners.tls.probes import early_data
from scanners.tls.survey import Attempt

__all__ = ["SSLYZE_VERSION", "measure_sessions"]

EARLY_DATA = "early_data"
_OLDER = ("tls_1_2", "tls_1_1", "tls_1_0", "ssl_3_0")


def measure_sessions(
    endpoint: Endpoint,
    pace: Pace,
    parallel_connections: int,
    accepted: Mapping[str, Sequence[str]],
    wanted: Collection[str],
) -> tuple[dict[str, Attempt], bool]:
    """Return the attempts of the wanted commands, and whether the time ran out.

    `accepted` are the names of suites by version. sslyze's commands run in the best version before TLS 1.3,
    of which alone they can say something: told of TLS 1.3, sslyze would infer the answer instead.
    """
    attempts: dict[str, Attempt] = {}
    with polite_engine(endpoint, pace):
        worker = Worker(parallel_connections)
        try:
            if EARLY_DATA in wanted and "tls_1_3" in accepted:
                attempts[EARLY_DATA] = worker.finish(worker.start(early_data, endpoint))
            server = _known_server(endpoint, accepted)
            if server is not None:
                for command in sorted({*wanted} - {EARLY_DATA}):
                    attempts[command] = worker.command(ScanCommand(command), server)
        finally:
            worker.close()
    return attempts, worker.deadline_reached


def _known_server(endpoint: Endpoint, accepted: Mapping[str, Sequence[str]]) -> KnownServer | None:
    version = next((version for version in _OLDER if version in accepted), None)
    if version is None:
        return None
    best = TlsVersionEnum[version.upper()]
    openssl_names = {
        suite.name: suite.openssl_name for suite in CipherSuitesRepository.get_all_cipher_suites(best)
    }
    suites = [openssl_names[name] for name in accepted[version] if name in openssl_names]
    info = server_info(endpoint, best, ClientAuthRequirementEnum.OPTIONAL)
    return KnownServer(
        info.server_location, info.network_configuration, info.tls_probing_result, {best: suites}
    )
