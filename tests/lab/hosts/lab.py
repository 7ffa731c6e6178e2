"""Bring the hosts up and down."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from tests.lab.hosts.access import Keys, access_steps
from tests.lab.hosts.centre import Centre
from tests.lab.hosts.cgroups import started_ticks
from tests.lab.hosts.command import in_host, in_root
from tests.lab.hosts.fleet import HOSTS
from tests.lab.hosts.machine import Machine
from tests.lab.hosts.model import Boot, Host, Put, Run, Step, digest
from tests.lab.hosts.roots import build_root, root_digest
from tests.lab.hosts.shaping import put
from tests.lab.model import LabError

_PARALLEL_ROOTS = 2
_PARALLEL_HOSTS = 4
_PROGRAMS = ("debootstrap", "systemd-nspawn", "ip", "nsenter", "unshare", "visudo")
_INSTALL = "scripts/install-packages tests/lab/hosts/packages.txt"


@dataclass(frozen=True, slots=True)
class Up:
    """A host that was booted. Process ids are used again: the start times tell processes apart."""

    supervisor: int
    supervisor_ticks: int
    init: int
    init_ticks: int
    digest: str

    @property
    def alive(self) -> bool:
        """Say whether its init still runs."""
        return self.init_ticks > 0 and started_ticks(self.init) == self.init_ticks


class HostLab:
    """Whole hosts with everything they need below one directory.

    `up` keeps what runs already and boots what is missing or has changed; `down` ends all of it. As a context
    manager it is up inside the block.
    """

    def __init__(self, state_dir: Path, hosts: tuple[Host, ...] = HOSTS) -> None:
        self.state_dir = state_dir.absolute()
        self.hosts = hosts
        self.keys = Keys(self.state_dir / "keys")
        self._record = self.state_dir / "up.json"
        self._lock = threading.Lock()

    def up(self) -> None:
        """Make what is missing and boot every host. Raise LabError with the next step."""
        _require()
        self.state_dir.mkdir(parents=True, exist_ok=True, mode=0o755)
        up = self._read()
        wanted = {host.id: self._digest(host) for host in self.hosts}
        starting = [
            host
            for host in self.hosts
            if host.id not in up or not up[host.id].alive or up[host.id].digest != wanted[host.id]
        ]
        self._end([host.id for host in starting if host.id in up])
        for host in starting:
            if self.machine(host).processes():
                raise LabError(f"{host.id} is up already, in another lab: bring that one down first")
        with ThreadPoolExecutor(_PARALLEL_ROOTS) as pool:
            roots = list(pool.map(self._root, starting))
        complete = False
        if starting:
            self._centre().up(roots[0])
        try:
            with ThreadPoolExecutor(_PARALLEL_HOSTS) as pool:
                list(pool.map(lambda host, root: self._start(host, root, wanted[host.id]), starting, roots))
            complete = True
        finally:
            if not complete:
                self._end([host.id for host in starting])

    def down(self) -> None:
        """End every host that `up` booted. The roots stay, so that the next `up` is quick."""
        self._end([*self._read()])
        self._centre().down()

    def end(self, host: Host) -> None:
        """End one host."""
        self._end([host.id])

    def status(self) -> list[tuple[str, str, str, int]]:
        """Return host, address, release and process id of the init (0: not up) of every host."""
        up = self._read()
        return [
            (host.id, host.address, host.release.id, up[host.id].init if self._is_up(host.id, up) else 0)
            for host in self.hosts
        ]

    def machine(self, host: Host) -> Machine:
        """Return the machine of a host."""
        return Machine(host.id, host.address, self.state_dir / "hosts" / host.id)

    def init(self, host: Host) -> int:
        """Return the process id of a host's init; raise LabError when it is not up."""
        up = self._read()
        if not self._is_up(host.id, up):
            raise LabError(f"{host.id} is not up; run: python -m tests.lab.hosts up --state {self.state_dir}")
        return up[host.id].init

    def __enter__(self) -> HostLab:
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    def _centre(self) -> Centre:
        return Centre(self.state_dir / "centre")

    @staticmethod
    def _is_up(host_id: str, up: dict[str, Up]) -> bool:
        return host_id in up and up[host_id].alive

    def _steps(self, host: Host) -> tuple[Step, ...]:
        return (*access_steps(host, self.keys), *(self.keys.filled(step) for step in host.steps))

    def _digest(self, host: Host) -> str:
        return digest(root_digest(host.release, host.packages), host.address, self._steps(host))

    def _root(self, host: Host) -> Path:
        return build_root(host.release, host.packages, self.state_dir / "roots")

    def _start(self, host: Host, root: Path, wanted: str) -> None:
        machine = self.machine(host)
        self._note(host.id, Up(0, 0, 0, 0, wanted))
        machine.mount(root)
        steps = self._steps(host)
        for step in steps:
            if isinstance(step, Put):
                put(machine.root, step)
            elif isinstance(step, Run):
                in_root(machine.root, step.script)
        supervisor, init = machine.boot()
        self._note(host.id, Up(supervisor, started_ticks(supervisor), init, started_ticks(init), wanted))
        machine.wait_ready(init)
        for step in steps:
            if isinstance(step, Boot):
                in_host(init, step.script)

    def _end(self, host_ids: Iterable[str]) -> None:
        up = self._read()
        for host_id in host_ids:
            if host_id in up:
                one = up[host_id]
                alive = one.supervisor if started_ticks(one.supervisor) == one.supervisor_ticks else 0
                Machine(host_id, "", self.state_dir / "hosts" / host_id).end(
                    alive, one.init if one.alive else 0
                )
                self._note(host_id, None)

    def _read(self) -> dict[str, Up]:
        if not self._record.exists():
            return {}
        return {name: Up(**fields) for name, fields in json.loads(self._record.read_text()).items()}

    def _note(self, host_id: str, one: Up | None) -> None:
        with self._lock:
            up = {name: kept for name, kept in self._read().items() if name != host_id}
            if one is not None:
                up[host_id] = one
            making = self._record.with_suffix(".new")
            making.write_text(json.dumps({name: asdict(kept) for name, kept in up.items()}, indent=1))
            making.replace(self._record)


def _require() -> None:
    missing = sorted(name for name in _PROGRAMS if shutil.which(name, path=_SEARCH) is None)
    if missing:
        raise LabError(f"missing programs: {', '.join(missing)}; run: {_INSTALL}")
    if os.geteuid() != 0:
        raise LabError("hosts are made with mounts and namespaces of their own: run it as root (sudo)")


_SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
