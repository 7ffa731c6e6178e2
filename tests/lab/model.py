"""The nouns of the lab: servers, the services they run, and the findings they are known to have."""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.lab.certificates import Certificates, Served, Shape


class LabError(Exception):
    """Something in the lab cannot work; the text names it and the next step."""


@dataclass(frozen=True, slots=True, order=True)
class Truth:
    """A failing check that an audit of this server must find.

    `port` is 0 for a finding about the address as a whole; `server_name` is the name that was asked, empty
    where a port is asked without one.
    """

    check: str
    port: int
    server_name: str = ""


@dataclass(frozen=True, slots=True)
class Launch:
    """How one daemon is run: in the foreground, as `user` (empty: as we are), until `stop_signal`."""

    command: tuple[str, ...]
    user: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    logs: tuple[Path, ...] = ()
    """Log files of the daemon itself, beside what it prints."""
    also_ready: tuple[tuple[str, int], ...] = ()
    """Inner addresses and ports that must answer too before the daemon counts as ready."""
    udp_ports: tuple[int, ...] = ()
    """UDP ports of the server's address that must be taken before the daemon counts as ready."""


@dataclass(slots=True)
class Place:
    """Where one daemon lives: its address, its own directory, and the certificates it may ask for.

    Everything written through it counts toward `digest`: a running daemon whose digest is unchanged is kept.
    """

    address: str
    hostnames: tuple[str, ...]
    directory: Path
    shared: Path
    certificates: Certificates
    _seen: list[bytes] = field(default_factory=list)

    def write(self, name: str, content: str | bytes, mode: int = 0o644) -> Path:
        """Write a file below the directory, readable to every daemon user unless `mode` says otherwise."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        data = content.encode() if isinstance(content, str) else content
        self._seen.append(name.encode() + b"\0" + data)
        path.write_bytes(data)
        path.chmod(mode)
        return path

    def folder(self, name: str, owner: str = "", mode: int = 0o755) -> Path:
        """Return a directory below the directory, made if need be, owned by `owner`."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        if owner:
            user = pwd.getpwnam(owner)
            os.chown(path, user.pw_uid, user.pw_gid)
        return path

    def certificate(self, shape: Shape, names: tuple[str, ...] = ()) -> Served:
        """Return key and chain of this shape for these names, else for all names, else for the address."""
        served = self.certificates.serve(shape, names or self.hostnames or (self.address,))
        self._seen.append(served.chain.read_bytes())
        return served

    def digest(self, launch: Launch) -> str:
        """Return a digest of the command and of everything written for it."""
        seen = b"\0".join([*(part.encode() for part in launch.command), *self._seen])
        return hashlib.sha256(seen).hexdigest()


class Service(Protocol):
    """One daemon of one server. `software` is the id that remediation texts use."""

    @property
    def name(self) -> str:
        """Return the name of the daemon, unique on its server."""
        ...

    @property
    def software(self) -> str:
        """Return the software id."""
        ...

    @property
    def ports(self) -> tuple[tuple[int, str], ...]:
        """Return every TCP port it answers on, with the usual name of the protocol."""
        ...

    @property
    def version_command(self) -> tuple[str, ...]:
        """Return the command that prints the version; its first word is the program."""
        ...

    def launch(self, place: Place) -> Launch:
        """Write configuration and data, and return how to run it."""
        ...


@dataclass(frozen=True, slots=True)
class LabDomain:
    """One domain name of one OPD, and the checks that it fails."""

    name: str
    opd: str
    mail: bool = False
    dkim_selectors: tuple[str, ...] = ()
    expires_in_days: int = 400
    fails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabServer:
    """One server of one OPD: a loopback address with its services, and the truths about it."""

    id: str
    opd: str
    name: str
    zone: str
    category: str
    address: str
    services: tuple[Service, ...]
    hostnames: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    unapproved: frozenset[int] = frozenset()
    """Ports that are open but not declared in the inventory."""
    truths: tuple[Truth, ...] = ()
    remarks: tuple[Truth, ...] = ()
    """Failing checks that are informational."""
    depends_on_packages: tuple[Truth, ...] = ()
    """Checks of versions that the distribution's packages show: some fail and some do not."""
    retired: bool = False
    """Switched off for good, says the inventory."""
    registered: bool = True
    """Whether the inventory knows it at all."""
    name_owners: Mapping[str, str] = field(default_factory=dict)
    """Host name → OPD, of names that belong to another OPD."""

    @property
    def ports(self) -> tuple[int, ...]:
        """Return every port that answers, ascending."""
        return tuple(sorted(port for service in self.services for port, _ in service.ports))

    @property
    def compliant(self) -> bool:
        """Say whether an audit must find nothing here."""
        return not self.truths
