"""Measure what TLS facts cost: our ClientHellos beside sslyze's own API, on the same real servers.

Run as root where nginx is installed: python -m benchmarks.tls [servers]
Starts one nginx on loopback with that many addresses (200) of ten shapes. Three sides in one run, each in two
processes: our survey with its certificates; the bare minimum, which is the very same ClientHellos sent by
asyncio without a thought about the answers; and sslyze's API for the same facts, on a sample whose size is
printed. The first two are measured three times, before and after sslyze, and the median counts. Prints wall
clock and processor time per server (the client's, imports aside), connections as nginx counted them, ratios,
and what the two find differently.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from auditor.model.plan import Task
from benchmarks.tls_servers import PORT, STATUS_URL, running_servers
from scanners.base import Limits
from scanners.certificates.scanner import CertificateScanner
from scanners.handshake.endpoint import endpoints
from scanners.handshake.exchange import Answer, Line, Read, Refusal
from scanners.tls.contact import survey
from scanners.tls.parse import parse

_NAME = "site.lab.test"
_PARALLEL_CONNECTIONS = 3
"""Towards one server; each process has one server at a time. sslyze has its own defaults, 10 servers by 5."""
_LIMITS = Limits(1e6, _PARALLEL_CONNECTIONS, 1_000_000, timeout_seconds=600, connect_timeout_seconds=10)
_PROCESSES = 2
_SAMPLE = 40
_START_SECONDS = 60
_BARE_AT_ONCE = 5
_MAXIMUM_CONNECTIONS = 60
_VERSIONS = ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2", "tls_1_3")

Work = Callable[[Sequence[str]], dict[str, Any]]
"""Measures servers by address and returns what it found for each."""


@dataclass(frozen=True)
class Side:
    """What one side cost per server, and what it found."""

    wall_seconds: float
    cpu_seconds: float
    connections: float
    found: dict[str, Any] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """Measure all sides and print the table."""
    count = int(arguments[0]) if arguments else 200
    with running_servers(count) as addresses:
        sample = addresses[:_SAMPLE]
        hellos = _record(addresses)
        rounds = [(_measure(_survey, addresses), _measure(_Bare(hellos), addresses)) for _ in range(2)]
        theirs = _measure(_sslyze, sample)
        rounds.append((_measure(_survey, addresses), _measure(_Bare(hellos), addresses)))
        ours, bare = (_median(sides) for sides in zip(*rounds, strict=True))
    print(f"{count} nginx servers of ten shapes by turns; sslyze on the first {len(sample)} of them")
    print(f"{'per server':44}{'wall s':>9}{'CPU s':>9}{'connections':>13}")
    for label, side in (
        ("ClientHellos and certificates (ours)", ours),
        ("the same ClientHellos, nothing else", bare),
        ("sslyze API, the same facts", theirs),
    ):
        print(f"{label:44}{side.wall_seconds:9.4f}{side.cpu_seconds:9.4f}{side.connections:13.1f}")
    _print_ratio("ours / sslyze", ours, theirs)
    _print_ratio("ours / bare minimum", ours, bare)
    most = max(len(one) for one in hellos.values())
    print(f"most connections to one server: {most} (at most {_MAXIMUM_CONNECTIONS})")
    differing = [line for address in sample for line in _differences(address, ours, theirs)]
    print(f"facts found differently: {len(differing)}", *differing, sep="\n  ")
    return 0


def _median(sides: Sequence[Side]) -> Side:
    """Return the round of the median wall clock: other work on the machine disturbs single rounds."""
    return sorted(sides, key=lambda side: side.wall_seconds)[len(sides) // 2]


def _print_ratio(label: str, one: Side, other: Side) -> None:
    wall, cpu = one.wall_seconds / other.wall_seconds, one.cpu_seconds / other.cpu_seconds
    print(f"{label:44}{wall:9.3f}{cpu:9.3f}{one.connections / other.connections:13.3f}")


def _measure(work: Work, addresses: Sequence[str]) -> Side:
    """Share the servers among the processes, let them start together, and add up what they report."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(_PROCESSES + 1)
    pipes, processes = [], []
    for number in range(_PROCESSES):
        ours, theirs = context.Pipe()
        share = list(addresses[number::_PROCESSES])
        process = context.Process(target=_run, args=(work, share, barrier, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    before = _accepted_connections()
    barrier.wait(_START_SECONDS)
    started = time.monotonic()
    reports = [pipe.recv() for pipe in pipes]
    wall = time.monotonic() - started
    for process in processes:
        process.join()
    # The status page itself is one connection each time it is read.
    connections = _accepted_connections() - before - 1
    found = {address: one for _cpu, part in reports for address, one in part.items()}
    count = len(addresses)
    return Side(wall / count, sum(cpu for cpu, _part in reports) / count, connections / count, found)


def _run(work: Work, addresses: Sequence[str], barrier: Barrier, report: Connection) -> None:
    work([])  # loads what it needs
    barrier.wait(_START_SECONDS)
    started = time.process_time()
    found = work(addresses)
    report.send((time.process_time() - started, found))


def _accepted_connections() -> int:
    with urllib.request.urlopen(STATUS_URL, timeout=10) as page:
        return int(page.read().split()[7])


def _survey(addresses: Sequence[str]) -> dict[str, Any]:
    scanner = CertificateScanner()
    found: dict[str, Any] = {}
    if not addresses:
        from scanners.certificates.stores import load_store

        load_store()
    for address in addresses:
        task = Task("certificates", "server", "opd", address, PORT, _NAME)
        document, failure = survey(_line(task, Line), parallel_connections=_PARALLEL_CONNECTIONS, probe=False)
        certificates = scanner.scan(task, _LIMITS, lambda: None)
        if failure or certificates.failure:
            raise RuntimeError(f"{address}: {failure or certificates.failure}")
        records: Any = certificates.facts["certificates.deployments"]
        leaves = sorted(record["certificate.sha256"] for record in records)
        found[address] = {**parse(document), "leaves": leaves}
    return found


def _line(task: Task, kind: type[Line]) -> Line:
    (endpoint,) = endpoints(task, _LIMITS)
    return kind.to(endpoint, _LIMITS, lambda: None)


_recorded: list[bytes] = []


class _RecordingLine(Line):
    """A line that keeps what is sent."""

    def converse(self, hello: bytes, read: Callable[[Answer], Read]) -> Read | Refusal:
        """Keep the bytes, then do the usual."""
        _recorded.append(hello)
        return Line.converse(self, hello, read)


def _record(addresses: Sequence[str]) -> dict[str, list[bytes]]:
    """Return the ClientHellos that each server is sent, certificates included."""
    from scanners.certificates.fetch import fetch

    hellos = {}
    for address in addresses:
        _recorded.clear()
        task = Task("tls", "server", "opd", address, PORT, _NAME)
        survey(_line(task, _RecordingLine), parallel_connections=_PARALLEL_CONNECTIONS, probe=False)
        fetch(_line(task, _RecordingLine))
        hellos[address] = list(_recorded)
    return hellos


@dataclass(frozen=True)
class _Bare:
    """Sends recorded ClientHellos, some servers at once, and reads each first answer."""

    hellos: dict[str, list[bytes]]

    def __call__(self, addresses: Sequence[str]) -> dict[str, Any]:
        async def all_servers() -> None:
            gate = asyncio.Semaphore(_BARE_AT_ONCE)
            await asyncio.gather(*(self._server(address, gate) for address in addresses))

        asyncio.run(all_servers())
        return {}

    async def _server(self, address: str, gate: asyncio.Semaphore) -> None:
        loop = asyncio.get_running_loop()
        async with gate:
            for hello in self.hellos[address]:
                with socket.socket() as connection:
                    connection.setblocking(False)
                    await loop.sock_connect(connection, (address, PORT))
                    await loop.sock_sendall(connection, hello)
                    await loop.sock_recv(connection, 16_384)


def _sslyze(addresses: Sequence[str]) -> dict[str, Any]:
    from sslyze.plugins.scan_commands import ScanCommand
    from sslyze.scanner.models import ServerScanRequest
    from sslyze.scanner.scanner import Scanner
    from sslyze.server_setting import ServerNetworkConfiguration, ServerNetworkLocation

    if not addresses:
        return {}
    commands = {version: ScanCommand(f"{version}_cipher_suites") for version in _VERSIONS}
    wanted = {*commands.values(), ScanCommand.CERTIFICATE_INFO, ScanCommand.ELLIPTIC_CURVES}
    scanner = Scanner()
    scanner.queue_scans(
        [
            ServerScanRequest(
                ServerNetworkLocation(_NAME, PORT, ip_address=address),
                ServerNetworkConfiguration(_NAME),
                scan_commands=wanted,
            )
            for address in addresses
        ]
    )
    found: dict[str, Any] = {}
    for result in scanner.get_results():
        attempts: Any = result.scan_result
        suites = {
            version: [
                one.cipher_suite.name
                for one in getattr(attempts, command.value).result.accepted_cipher_suites
            ]
            for version, command in commands.items()
        }
        deployments = attempts.certificate_info.result.certificate_deployments
        found[str(result.server_location.ip_address)] = {
            **{f"tls.{version}": bool(names) for version, names in suites.items()},
            "tls.cipher_suites": sorted({name for names in suites.values() for name in names}),
            "tls.groups": sorted(
                curve.name for curve in attempts.elliptic_curves.result.supported_curves or ()
            ),
            "leaves": sorted(
                {one.received_certificate_chain[0].fingerprint(_sha256()).hex() for one in deployments}
            ),
        }
    return found


def _sha256() -> Any:
    from cryptography.hazmat.primitives.hashes import SHA256

    return SHA256()


def _differences(address: str, ours: Side, theirs: Side) -> list[str]:
    """Return a line for each fact that differs; sslyze does not ask for finite-field groups of TLS 1.3."""
    lines = []
    for name, value in theirs.found[address].items():
        mine = ours.found[address][name]
        if name == "tls.groups":
            mine = [group for group in mine if not group.startswith("ffdhe")]
        if mine != value:
            lines.append(f"{address} {name}: ours {mine}, sslyze {value}")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
