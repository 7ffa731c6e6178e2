"""Bring the whole lab up and down."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.lab.certificates import Certificates
from tests.lab.fleet import FLEET, RESOLVER, ZONES
from tests.lab.inventory import inventory_text
from tests.lab.model import LabError, LabServer, Launch, Place, Service
from tests.lab.process import Processes, answers
from tests.lab.services.cage import cages_possible
from tests.lab.services.desktop import OpenX11
from tests.lab.services.nfs import Nfs

_PARALLEL_SERVERS = 6
_INSTALL = "scripts/install-packages tests/lab/packages.txt"


class Lab:
    """Real servers on loopback, with everything they need below one directory.

    `up` keeps what runs already and starts what is missing or has changed; `down` ends all of it. As a
    context manager it is up inside the block.
    """

    def __init__(self, state_dir: Path, fleet: tuple[LabServer, ...] | None = None) -> None:
        self.state_dir = state_dir.absolute()
        self.fleet = possible_here() if fleet is None else fleet

    @property
    def inventory(self) -> Path:
        """Return the path of the inventory that describes the lab."""
        return self.state_dir / "inventory.yaml"

    @property
    def root(self) -> Path:
        """Return the path of the root certificate that the lab's certificates chain to."""
        return self.state_dir / "ca.pem"

    def up(self) -> None:
        """Start every server and wait until all its ports answer. Raise LabError with the next step."""
        _require_programs(self.fleet)
        _require_root()
        self._make_directory()
        certificates = Certificates(self.state_dir / "certificates")
        self.root.write_bytes(certificates.root_pem())
        self.inventory.write_text(inventory_text(self.fleet))
        processes = self._processes()
        kept = set(processes.running())
        complete = False
        try:
            with ThreadPoolExecutor(_PARALLEL_SERVERS) as pool:
                list(pool.map(lambda server: self._start(server, certificates, processes), self.fleet))
            complete = True
        finally:
            if not complete:
                processes.stop([name for name in processes.recorded() if name not in kept])

    def down(self) -> None:
        """End every process that `up` started. The data stays, so that the next `up` is quick."""
        processes = self._processes()
        processes.stop(list(processes.recorded()))

    def status(self) -> list[tuple[str, str, str, int, str]]:
        """Return server, address, daemon, process id (0: not running) and version of every daemon."""
        running = self._processes().running()
        versions: dict[tuple[str, ...], str] = {}
        rows = []
        for server in self.fleet:
            for service in server.services:
                command = service.version_command
                if command not in versions:
                    versions[command] = _version(command)
                one = running.get(f"{server.id}/{service.name}")
                rows.append(
                    (server.id, server.address, service.name, one.pid if one else 0, versions[command])
                )
        return rows

    def policy_overrides(self) -> dict[str, Any]:
        """Return what a policy should say differently for the lab: its own CA, budgets at their highest."""
        budget: Mapping[str, Any] = {
            "connections_per_second": 50,
            "parallel_connections": 10,
            "packets_per_second": 1000,
            "host_timeout_seconds": 300,
            "ssh_spacing_seconds": 0,
        }
        return {
            "checks": {"http-domain-official": {"parameters": {"official": ["lab.test"]}}},
            "dns": {"resolvers": [RESOLVER]},
            # Hundreds of connections to every port, whose answers `benchmarks.agreement` compares instead.
            "reuse": {"reference_days": 0},
            "trust_anchors": {zone.id: str(self.root) for zone in ZONES},
            "budgets": {"normal": dict(budget)},
            "total": {"parallel_hosts": 25, "connections_per_second": 1000},
        }

    def __enter__(self) -> Lab:
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    def _processes(self) -> Processes:
        return Processes(self.state_dir / "processes.json")

    def _make_directory(self) -> None:
        self.state_dir.mkdir(parents=True, exist_ok=True, mode=0o755)
        for folder in (self.state_dir, *self.state_dir.parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                raise LabError(
                    f"daemons that run as other users cannot enter {folder}; run: chmod o+x {folder}, "
                    "or choose another --state directory"
                )

    def _start(self, server: LabServer, certificates: Certificates, processes: Processes) -> None:
        """Start the daemons of one server in order; a later one may need an earlier one."""
        for service in server.services:
            directory = self.state_dir / "servers" / server.id / service.name
            directory.mkdir(parents=True, exist_ok=True, mode=0o755)
            place = Place(
                server.address, server.hostnames, directory, self.state_dir / "shared", certificates
            )
            launch = service.launch(place)
            self._run(f"{server.id}/{service.name}", service, place, launch, processes)

    @staticmethod
    def _run(name: str, service: Service, place: Place, launch: Launch, processes: Processes) -> None:
        digest = place.digest(launch)
        ports = [port for port, _ in service.ports]
        one = processes.running().get(name)
        if one is None or one.digest != digest:
            processes.stop([name])
            taken = [port for port in ports if answers(place.address, port)]
            if taken:
                raise LabError(
                    f"{place.address} port {taken[0]} is taken by another program; if it is another lab, "
                    "bring that one down first"
                )
            processes.start(name, launch, digest, place.directory)
        endpoints = [*((place.address, port) for port in ports), *launch.also_ready]
        datagrams = [(place.address, port) for port in launch.udp_ports]
        processes.wait_ready(name, endpoints, datagrams, [place.directory / "output.log", *launch.logs])


def possible_here() -> tuple[LabServer, ...]:
    """Return the fleet without the servers that need a cage, where the system forbids making one."""
    if cages_possible():
        return FLEET
    return tuple(
        server for server in FLEET if not any(isinstance(one, Nfs | OpenX11) for one in server.services)
    )


def _require_programs(fleet: tuple[LabServer, ...]) -> None:
    programs = {service.version_command[0] for server in fleet for service in server.services}
    missing = sorted(name for name in programs if shutil.which(name, path=_SEARCH) is None)
    if missing:
        raise LabError(f"missing programs: {', '.join(missing)}; run: {_INSTALL}")


def _require_root() -> None:
    if os.geteuid() != 0:
        raise LabError("the lab listens on ports below 1024 and changes users: run it as root (sudo)")


_SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _version(command: tuple[str, ...]) -> str:
    program = shutil.which(command[0], path=_SEARCH)
    if program is None:
        return "not installed"
    with tempfile.TemporaryFile() as said:  # vsftpd writes its version to standard input
        subprocess.run([program, *command[1:]], stdin=said, stdout=said, stderr=said, check=False)
        said.seek(0)
        text = said.read().decode(errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0] if lines else ""
