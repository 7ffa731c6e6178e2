"""What the machine itself is to the hosts: their time server and their log collector, on its own address."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.lab.hosts.command import command
from tests.lab.hosts.network import MACHINE
from tests.lab.model import Launch
from tests.lab.process import Processes

_LOG_PORT, _TIME_PORT = 514, 123
_PROJECT = Path(__file__).parents[3]


class Centre:
    """Two programs on the machine's address, in its own network namespace."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._directory.mkdir(parents=True, exist_ok=True)
        self._processes = Processes(directory / "processes.json")

    def up(self, root: Path) -> None:
        """Start what does not run, the time server out of `root`; raise LabError when it does not start."""
        if MACHINE not in command(["ip", "address", "show", "dev", "lo"]):
            command(["ip", "address", "add", f"{MACHINE}/32", "dev", "lo"])
        running = self._processes.running()
        for name, words in (("time", _time_server(root)), ("log", _log_collector())):
            if name not in running:
                self._processes.start(name, Launch(words, stop_signal=signal.SIGTERM), "", self._directory)
        log = [self._directory / "output.log"]
        self._processes.wait_ready("log", [(MACHINE, _LOG_PORT)], [], log)
        self._processes.wait_ready("time", [], [(MACHINE, _TIME_PORT)], log)

    def down(self) -> None:
        """End both, and give the address back."""
        self._processes.stop(list(self._processes.recorded()))
        if MACHINE in command(["ip", "address", "show", "dev", "lo"]):
            command(["ip", "address", "delete", f"{MACHINE}/32", "dev", "lo"])


def _time_server(root: Path) -> tuple[str, ...]:
    """Return the command of chronyd: it serves the machine's clock and never sets it (`-x`)."""
    loader = ("chroot", str(root), "/usr/sbin/chronyd", "-d", "-x", "-u", "root")
    settings = ("local stratum 8", f"allow {MACHINE}/24", f"bindaddress {MACHINE}", "cmdport 0")
    return (*loader, *settings, "bindcmdaddress /", "pidfile /run/chronyd-centre.pid")


def _log_collector() -> tuple[str, ...]:
    module = ("-m", "tests.lab.hosts.sink", MACHINE, str(_LOG_PORT))
    return ("env", f"PYTHONPATH={_PROJECT}", sys.executable, *module)
