"""Hundreds of real servers on loopback, cheap enough to start for one measurement.

One nginx listens on ports 80 and 443 of every address, in seven TLS and certificate shapes. OpenSSH takes at
most 16 addresses per daemon, so several of it listen on port 22, and these 16 share their host keys. Needs
root and the packages of tests/lab/packages.txt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.lab.certificates import (
    EXPIRED,
    EXPIRING,
    GOOD,
    GOOD_EC,
    LONG_LIVED,
    SELF_SIGNED,
    Certificates,
    Shape,
)
from tests.lab.fleet.parts import ordinary
from tests.lab.model import Place, Service
from tests.lab.pages import STRICT_HTTPS
from tests.lab.process import Processes
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import DEFAULT_SSH, LEGACY_SSH, STRONG_SSH
from tests.lab.tls import LEGACY, MODERN, STRONG, STRONG_LEVEL_0, USUAL, TlsShape

_NETWORK = "127.50.0.0/16"
_PER_THIRD_OCTET = 200
_PER_SSHD = 16
_PER_OPD = 20
_DOMAIN = "farm.test"
_KINDS: tuple[tuple[TlsShape, Shape], ...] = (
    (STRONG, GOOD_EC),
    (USUAL, GOOD),
    (LEGACY, replace(LONG_LIVED, key="ec256")),
    (MODERN, GOOD_EC),
    (STRONG_LEVEL_0, replace(EXPIRED, key="ec256")),
    (STRONG, replace(EXPIRING, key="ec256")),
    (USUAL, replace(SELF_SIGNED, key="ec256")),
)
"""Every server has a certificate of its own; most have elliptic keys, which are quick to make."""
SHAPES = len(_KINDS)
"""Servers whose numbers differ by this many are alike."""
_SSH = (STRONG_SSH, DEFAULT_SSH, LEGACY_SSH)


@dataclass(frozen=True, slots=True)
class FarmServer:
    """One server of the farm."""

    number: int

    @property
    def id(self) -> str:
        """Return its id in the inventory."""
        return f"server-{self.number:04}"

    @property
    def address(self) -> str:
        """Return its address."""
        third, fourth = divmod(self.number, _PER_THIRD_OCTET)
        return f"127.50.{third + 1}.{fourth + 1}"

    @property
    def hostname(self) -> str:
        """Return its name."""
        return f"s{self.number:04}.{_DOMAIN}"


def farm_servers(count: int) -> tuple[FarmServer, ...]:
    """Return the servers of a farm of this size."""
    return tuple(FarmServer(number) for number in range(count))


@contextmanager
def farm(count: int, folder: Path, policy: Mapping[str, Any] | None = None) -> Iterator[Path]:
    """Run so many servers inside the block, and give the inventory's path; policies.yaml lies beside it.

    Daemons that change users must be able to enter `folder`. Raise LabError when one does not come up.
    """
    servers = farm_servers(count)
    certificates = Certificates(folder / "certificates")
    (folder / "ca.pem").write_bytes(certificates.root_pem())
    inventory = folder / "inventory.yaml"
    inventory.write_text(_yaml(_inventory(servers, datetime.now(UTC).date())))
    (folder / "policies.yaml").write_text(
        _yaml({"version": 1, "trust_anchors": {"farm": str(folder / "ca.pem")}, **(policy or {})})
    )
    processes = Processes(folder / "processes.json")
    try:
        with ThreadPoolExecutor() as pool:
            starting = [
                pool.submit(_start, name, service, some, folder, certificates, processes)
                for name, service, some in _daemons(servers)
            ]
        for one in starting:
            one.result()
        yield inventory
    finally:
        processes.stop(list(processes.recorded()))


def _daemons(servers: Sequence[FarmServer]) -> Iterator[tuple[str, Service, Sequence[FarmServer]]]:
    """Give every daemon with its name and the servers that it answers for."""
    yield "nginx", _web(servers), servers
    for number, first in enumerate(range(0, len(servers), _PER_SSHD)):
        some = servers[first : first + _PER_SSHD]
        more = tuple(server.address for server in some[1:])
        yield f"sshd-{number}", replace(_SSH[number % len(_SSH)], more_addresses=more), some


def _web(servers: Sequence[FarmServer]) -> Nginx:
    everywhere = tuple(server.address for server in servers)
    sites = [Site(80, redirect=True, addresses=everywhere)]
    for server in servers:
        tls, certificate = _KINDS[server.number % len(_KINDS)]
        sites.append(
            Site(
                443,
                ordinary(f"Layanan {server.number}"),
                (server.hostname,),
                (certificate,),
                tls,
                STRICT_HTTPS,
                addresses=(server.address,),
            )
        )
    return Nginx(tuple(sites), connections=2 * len(servers) + 512)


def _start(
    name: str,
    service: Service,
    servers: Sequence[FarmServer],
    folder: Path,
    certificates: Certificates,
    processes: Processes,
) -> None:
    directory = folder / name
    directory.mkdir(parents=True, exist_ok=True)
    place = Place(servers[0].address, (), directory, folder / "shared", certificates)
    launch = service.launch(place)
    processes.start(name, launch, place.digest(launch), directory)
    ends = {servers[0].address, servers[-1].address}
    endpoints = [(address, port) for address in sorted(ends) for port, _ in service.ports]
    processes.wait_ready(name, endpoints, [], [directory / "output.log", *launch.logs])


def _inventory(servers: Sequence[FarmServer], today: date) -> Mapping[str, Any]:
    groups = [servers[first : first + _PER_OPD] for first in range(0, len(servers), _PER_OPD)]
    return {
        "version": 1,
        "organization": {"name": "Pemerintah Kabupaten Contoh", "timezone": "Asia/Jakarta"},
        "authorizations": [
            {
                "reference": "uji-skala",
                "approved_by": "Kepala Dinas",
                "valid": {"from": today - timedelta(days=1), "until": today + timedelta(days=30)},
                "networks": [_NETWORK],
                "methods": ["ports", "tls", "certificates", "ssh", "http"],
            }
        ],
        "zones": [{"id": "farm", "name": "Peladangan", "public": True, "networks": [_NETWORK]}],
        "opds": [
            {
                "id": f"opd-{number:02}",
                "name": f"Perangkat daerah {number}",
                "servers": [_server(server) for server in group],
            }
            for number, group in enumerate(groups, 1)
        ],
    }


def _server(server: FarmServer) -> Mapping[str, Any]:
    return {
        "id": server.id,
        "zone": "farm",
        "category": ("rendah", "tinggi", "strategis")[server.number % 3],
        "addresses": [server.address],
        "hostnames": [server.hostname],
        "roles": ["web", "linux"],
    }


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
