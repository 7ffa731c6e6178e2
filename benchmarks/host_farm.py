"""Many hosts on loopback: each an sshd with its own address, host key, files and process table.

A host is one sshd in its own mount, process, name and IPC namespaces, as the first process there, over one
shared root (`host_root`). There is no init and no other daemon. Each is in a control group of its own, which
counts its processor time. Needs root.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.lab.hosts.cgroups import Cgroups, children
from tests.lab.hosts.command import command
from tests.lab.model import LabError
from tests.lab.process import answers

PORT = 22
_PER_THIRD_OCTET = 200
_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.1
_HOST_KEY = "etc/ssh/ssh_host_ed25519_key"
_ENTER = 'echo $$ >"$1"; shift; exec "$@"'
_BOOT = """
hostname "$1"
mount -t overlay overlay -o "$2" "$3"
mount -t proc proc "$3/proc"
mount -t sysfs -o ro sysfs "$3/sys"
mount --bind "$4" "$3/sys/fs/cgroup"
exec chroot "$3" /usr/sbin/sshd -D -e
"""


@dataclass(frozen=True, slots=True)
class FarmHost:
    """One host below its own directory; its files exist once it was laid out."""

    number: int
    directory: Path

    @property
    def id(self) -> str:
        """Return its name."""
        return f"host-{self.number:03}"

    @property
    def address(self) -> str:
        """Return its address."""
        third, fourth = divmod(self.number, _PER_THIRD_OCTET)
        return f"127.60.{third + 1}.{fourth + 1}"

    @property
    def host_key(self) -> str:
        """Return the public half of the key that it proves to have, without comment."""
        return " ".join((self.directory / "written" / f"{_HOST_KEY}.pub").read_text().split()[:2])

    @property
    def groups(self) -> Cgroups:
        """Return its control groups."""
        return Cgroups(f"tilik-benchmark-{self.number}")

    def processor_seconds(self) -> float:
        """Return the processor time of everything that ran on it until now."""
        return self.groups.processor_seconds()

    def is_empty(self) -> bool:
        """Say whether no process is left on it."""
        return not self.groups.processes()

    def connections(self) -> int:
        """Return how many connections its sshd has accepted until now."""
        return (self.directory / "sshd.log").read_text(errors="replace").count("Connection from ")

    def inside(self, *words: str) -> tuple[str, ...]:
        """Return a command that runs these words on it as root, counted as its own processor time."""
        (init,) = children(int((self.directory / "pid").read_text()))
        inside = ("--target", str(init), "--mount", "--pid", "--uts", "--ipc", "--root", "--wd=/")
        return (*self._counted(), "nsenter", *inside, "--", *words)

    def lay_out(self) -> None:
        """Write what it has of its own: its name, its address and its key."""
        for name in ("written/etc/ssh/sshd_config.d", "work", "root"):
            (self.directory / name).mkdir(parents=True)
        files = {
            "hostname": f"{self.id}\n",
            "hosts": f"127.0.0.1 localhost\n{self.address} {self.id}\n",
            "ssh/sshd_config.d/farm.conf": (
                f"ListenAddress {self.address}\nHostKey /{_HOST_KEY}\nLogLevel VERBOSE\n"
            ),
        }
        for name, text in files.items():
            (self.directory / "written/etc" / name).write_text(text)
        key = str(self.directory / "written" / _HOST_KEY)
        command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])

    def start(self, layers: str) -> subprocess.Popen[bytes]:
        """Start it over these layers; it ends with the process that is returned."""
        self.groups.make()
        written, work, root = (self.directory / name for name in ("written", "work", "root"))
        mount = f"lowerdir={layers},upperdir={written},workdir={work}"
        # Nothing is left running should this process be killed.
        own = ("setpriv", "--pdeathsig", "KILL", "unshare", "--kill-child", "--fork")
        spaces = ("--mount", "--pid", "--uts", "--ipc")
        told = (self.id, mount, str(root), str(self.groups.folders[-1]))
        words = (*own, *spaces, "sh", "-euc", _BOOT, "boot", *told)
        with (self.directory / "sshd.log").open("wb") as log:
            process = subprocess.Popen(
                (*self._counted(), *words), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        (self.directory / "pid").write_text(str(process.pid))
        return process

    def _counted(self) -> tuple[str, ...]:
        return ("sh", "-euc", _ENTER, "enter", str(self.groups.folders[-1] / "cgroup.procs"))


@contextmanager
def host_farm(count: int, layers: str, folder: Path) -> Iterator[Sequence[FarmHost]]:
    """Run so many hosts inside the block; raise LabError when one does not answer."""
    hosts = [FarmHost(number, folder / f"{number:03}") for number in range(count)]
    running: list[subprocess.Popen[bytes]] = []
    try:
        for host in hosts:
            host.lay_out()
            running.append(host.start(layers))
        for host in hosts:
            _until(partial(answers, host.address, PORT), f"{host.id}: read {host.directory}/sshd.log")
            # Written down by now, so that it is not counted among what a measurement connects.
            _until(partial(FarmHost.connections, host), f"{host.id}: its sshd writes no log")
        yield hosts
    finally:
        for process in running:
            process.kill()
            process.wait()
        for host in hosts:
            _until(host.is_empty, f"{host.id}: its processes do not end")
            host.groups.remove()


def _until(condition: Callable[[], object], problem: str) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise LabError(problem)
        time.sleep(_POLL_SECONDS)
