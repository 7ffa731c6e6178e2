"""Boot one host: its file system laid over a kept root, a systemd of its own, and its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.hosts.cgroups import Cgroups, children, is_init
from tests.lab.hosts.command import command, in_host
from tests.lab.hosts.network import connect, disconnect, namespace
from tests.lab.model import LabError
from tests.lab.process import answers

_POLL_SECONDS = 0.05
_BOOT_SECONDS = 60.0
_NETWORK_SETTINGS = """
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,rw /proc/sys/net
systemctl restart systemd-sysctl.service
"""
"""The settings of a host's own network are its to change, though its supervisor closes all of /proc/sys."""
_RIGHTS = "CAP_NET_ADMIN,CAP_SYS_NICE,CAP_IPC_LOCK"
_SETTLED = ("running", "degraded")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENTER_GROUPS = 'echo $$ >"$0"; while [ "$1" != -- ]; do echo $$ >"$1"; shift; done; shift; exec "$@"'


class Machine:
    """One host below its own directory: `root` is its file system while it is mounted."""

    def __init__(self, host_id: str, address: str, directory: Path) -> None:
        self.host_id, self.address, self.directory = host_id, address, directory
        self.root = directory / "root"
        self._groups = Cgroups(f"tilik-{host_id}")

    def mount(self, below: Path) -> None:
        """Lay an empty layer over a kept root, so that whatever the host writes is its own."""
        for name in ("written", "work"):
            shutil.rmtree(self.directory / name, ignore_errors=True)
        for folder in ("written", "work", "root"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)
        layers = f"lowerdir={below},upperdir={self.directory / 'written'},workdir={self.directory / 'work'}"
        command(["mount", "-t", "overlay", "overlay", "-o", layers, str(self.root)])

    def boot(self) -> tuple[int, int]:
        """Start its init and return the process ids of the supervisor and of the init."""
        connect(self.host_id, self.address)
        words = [
            *("systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--settings=no"),
            *(f"--directory={self.root}", f"--machine={self.host_id}", f"--hostname={self.host_id}"),
            f"--network-namespace-path=/run/netns/{namespace(self.host_id)}",
            *(
                "--system-call-filter=@keyring",
                f"--capability={_RIGHTS}",
                "--resolv-conf=off",
                "--timezone=off",
                "--link-journal=no",
            ),
            *("--private-users=no", "--console=read-only"),
        ]
        with (self.directory / "console.log").open("wb") as console:
            supervisor = subprocess.Popen(
                ["sh", "-euc", _ENTER_GROUPS, *map(str, self._groups.make()), "--", *words],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
                env={"PATH": _PATH},
            )
        return supervisor.pid, self._init_of(supervisor)

    def wait_ready(self, init: int) -> None:
        """Wait until SSH answers and every unit has started; raise LabError with the console if not."""
        self._until(lambda: answers(self.address, 22), "its SSH does not answer")
        self._until(lambda: self._state(init) in _SETTLED, "its units do not settle")
        in_host(init, _NETWORK_SETTINGS)

    def end(self, supervisor: int, init: int) -> None:
        """End everything of the host, and take away its file system, its network and its control groups."""
        # The init first: with it the kernel ends every process of its namespace.
        for process in (init, supervisor):
            if process:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self._until(lambda: not self._groups.processes(), "its processes do not end")
        self._groups.remove()
        disconnect(self.host_id)
        if os.path.ismount(self.root):
            command(["umount", "--lazy", str(self.root)])

    def processor_seconds(self) -> float:
        """Return how much processor time everything of the host has taken since it booted."""
        return self._groups.processor_seconds()

    def processes(self) -> set[int]:
        """Return the ids of all its processes, as the machine knows them."""
        return self._groups.processes()

    def _init_of(self, supervisor: subprocess.Popen[bytes]) -> int:
        """Return the process id of the init: the child whose own child namespace calls it 1."""
        found: list[int] = []

        def started() -> bool:
            if supervisor.poll() is not None:
                raise LabError(f"{self.host_id} does not boot; {self._console()}")
            found[:] = [child for child in children(supervisor.pid) if is_init(child)]
            return bool(found)

        self._until(started, "it does not boot")
        supervisor.returncode = 0  # its record in the file keeps it, not this object
        return found[0]

    def _state(self, init: int) -> str:
        return in_host(init, "systemctl is-system-running || true").strip()

    def _until(self, condition: Callable[[], bool], problem: str) -> None:
        deadline = time.monotonic() + _BOOT_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise LabError(f"{self.host_id}: {problem}; {self._console()}")
            time.sleep(_POLL_SECONDS)

    def _console(self) -> str:
        log = self.directory / "console.log"
        last = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        return f"read {log}; its last lines:\n    " + "\n    ".join(last)
