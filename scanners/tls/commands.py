"""Run work on a few threads, and keep each result or failure as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ParamSpec, cast

from sslyze.connection_helpers.tls_connection import SslConnection
from sslyze.plugins.plugin_base import ScanJobResult
from sslyze.plugins.scan_commands import ScanCommand, ScanCommandsRepository
from sslyze.server_connectivity import ServerConnectivityInfo, TlsVersionEnum

from auditor.model.facts import JSON
from scanners.handshake.endpoint import DeadlineReached
from scanners.sslyze_engine import failure_of
from scanners.tls.survey import Attempt

Parameters = ParamSpec("Parameters")


@dataclass(frozen=True)
class KnownServer(ServerConnectivityInfo):
    """A server whose accepted suites before TLS 1.3 are known: sslyze's commands offer nothing else.

    By default they offer good suites only, and learn nothing from a server that has none.
    """

    suites: Mapping[TlsVersionEnum, Sequence[str]] = field(default_factory=dict)

    def get_preconfigured_tls_connection(
        self,
        override_tls_version: TlsVersionEnum | None = None,
        ca_certificates_path: Path | None = None,
        should_use_legacy_openssl: bool | None = None,
        should_enable_server_name_indication: bool = True,
    ) -> SslConnection:
        """Return sslyze's connection with the accepted suites set."""
        connection = super().get_preconfigured_tls_connection(
            override_tls_version,
            ca_certificates_path,
            should_use_legacy_openssl,
            should_enable_server_name_indication,
        )
        version = override_tls_version or self.tls_probing_result.highest_tls_version_supported
        if self.suites.get(version):
            connection.ssl_client.set_cipher_list(":".join(self.suites[version]))
        return connection


class Worker:
    """Runs work with as many threads as the server may see connections at once."""

    def __init__(self, parallel_connections: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=parallel_connections)
        self.deadline_reached = False

    def start(
        self,
        function: Callable[Parameters, dict[str, JSON]],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Future[dict[str, JSON]]:
        """Start one piece of work that opens at most one connection at a time."""
        return self._pool.submit(function, *arguments, **options)

    def finish(self, future: Future[dict[str, JSON]]) -> Attempt:
        """Wait for a piece of work and return its attempt."""
        error = future.exception()
        if error is None:
            return {"result": cast(JSON, future.result())}
        self.deadline_reached |= isinstance(error, DeadlineReached)
        failure = failure_of(error)
        return {"failure": failure.kind.value, "detail": failure.detail}

    def command(self, command: ScanCommand, server: ServerConnectivityInfo) -> Attempt:
        """Run one of sslyze's scan commands and return its attempt."""
        implementation = ScanCommandsRepository.get_implementation_cls(command)
        jobs = [
            self._pool.submit(job.function_to_call, *job.function_arguments)
            for job in implementation.scan_jobs_for_scan_command(server)
        ]
        results = [_job_result(job) for job in jobs]

        def combine() -> dict[str, JSON]:
            return asdict(implementation.result_for_completed_scan_jobs(server, results))

        return self.finish(self.start(combine))

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown()


def _job_result(job: Future[object]) -> ScanJobResult:
    error = job.exception()
    if error is None:
        return ScanJobResult(_return_value=job.result(), _exception=None)
    return ScanJobResult(_return_value=None, _exception=cast(Exception, error))
