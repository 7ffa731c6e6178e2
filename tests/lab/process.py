"""Start, recognise and end the lab's daemons by process id, never by name."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.lab.model import LabError, Launch

_POLL_SECONDS = 0.05
_READY_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LOG_LINES = 15


@dataclass(frozen=True, slots=True)
class Running:
    """One started daemon. Process ids are used again: the start time tells two processes apart."""

    pid: int
    started_ticks: int
    digest: str
    stop_signal: int


class Processes:
    """What was started, recorded in one file so that another process can end it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._running = self._read()

    def running(self) -> dict[str, Running]:
        """Return everything recorded that is still alive, by name."""
        with self._lock:
            recorded = dict(self._running)
        return {name: one for name, one in recorded.items() if _alive(one)}

    def recorded(self) -> tuple[str, ...]:
        """Return the names of everything recorded, alive or not: a dead daemon may have left children."""
        return tuple(self._running)

    def start(self, name: str, launch: Launch, digest: str, directory: Path) -> None:
        """Start a daemon in a session of its own, with its output in `output.log`."""
        account = pwd.getpwnam(launch.user) if launch.user else None
        with (directory / "output.log").open("wb") as output:
            child = subprocess.Popen(
                launch.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=directory,
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                env={"PATH": _PATH, "LANG": "C.UTF-8"},
            )
        child.returncode = 0  # the record in the file keeps it, not this object
        ticks = _stat(child.pid)
        with self._lock:
            self._running[name] = Running(
                child.pid, ticks.started if ticks else 0, digest, int(launch.stop_signal)
            )
            self._write()

    def stop(self, names: list[str]) -> None:
        """End these daemons with everything they started: asked first, killed when they do not go."""
        ending = {name: self._running[name] for name in names if name in self._running}
        for one in ending.values():
            if _alive(one):
                _signal(one.pid, one.stop_signal)
        deadline = time.monotonic() + _STOP_SECONDS
        while any(_members(one) for one in ending.values()) and time.monotonic() < deadline:
            for one in ending.values():
                if not _alive(one):
                    _signal_members(one, signal.SIGTERM)
            time.sleep(_POLL_SECONDS)
        for one in ending.values():
            _signal_members(one, signal.SIGKILL)
            _reap(one.pid)
        with self._lock:
            for name in ending:
                del self._running[name]
            self._write()

    def wait_ready(
        self,
        name: str,
        endpoints: list[tuple[str, int]],
        datagrams: list[tuple[str, int]],
        logs: list[Path],
    ) -> None:
        """Wait until TCP ports answer and UDP ports are taken; raise LabError with the log if not."""
        deadline = time.monotonic() + _READY_SECONDS
        missing = [*endpoints, *datagrams]
        while True:
            missing = [endpoint for endpoint in endpoints if endpoint in missing and not answers(*endpoint)]
            missing += [endpoint for endpoint in datagrams if not taken_by_udp(*endpoint)]
            if not missing:
                return
            if not _alive(self._running[name]):
                raise LabError(f"{name} ended at once; {_hint(logs)}")
            if time.monotonic() > deadline:
                late = ", ".join(f"{address} port {port}" for address, port in missing)
                raise LabError(f"{name} does not answer on {late}; {_hint(logs)}")
            time.sleep(_POLL_SECONDS)

    def _read(self) -> dict[str, Running]:
        if not self._path.exists():
            return {}
        return {name: Running(**fields) for name, fields in json.loads(self._path.read_text()).items()}

    def _write(self) -> None:
        making = self._path.with_suffix(".new")
        making.write_text(json.dumps({name: asdict(one) for name, one in self._running.items()}, indent=1))
        making.replace(self._path)


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def answers(address: str, port: int) -> bool:
    """Say whether a TCP connection to this port is accepted."""
    try:
        with socket.create_connection((address, port), timeout=2):
            return True
    except OSError:
        return False


def taken_by_udp(address: str, port: int) -> bool:
    """Say whether a socket of this network namespace is bound to a UDP address and port."""
    local = f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}:{port:04X}"
    return any(line.split()[1] == local for line in Path("/proc/net/udp").read_text().splitlines())


@dataclass(frozen=True, slots=True)
class _Stat:
    state: str
    session: int
    started: int


def _stat(pid: int) -> _Stat | None:
    """Read proc(5): state is field 3, session field 6, start time field 22; the name may hold anything."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return _Stat(fields[0], int(fields[3]), int(fields[19]))


def _alive(one: Running) -> bool:
    _reap(one.pid)
    found = _stat(one.pid)
    return found is not None and found.state != "Z" and found.started == one.started_ticks


def _members(one: Running) -> list[int]:
    """Return every process of the daemon's session that still runs.

    No stranger can have this session: an id is not given again while a process of its session lives, and
    one started before the daemon is not counted.
    """
    found = []
    for entry in Path("/proc").iterdir():
        stat = _stat(int(entry.name)) if entry.name.isdigit() else None
        if stat and stat.session == one.pid and stat.state != "Z" and stat.started >= one.started_ticks:
            found.append(int(entry.name))
    leader = _stat(one.pid)
    return [] if leader and leader.started != one.started_ticks else found


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_members(one: Running, number: int) -> None:
    for pid in _members(one):
        _signal(pid, number)


def _reap(pid: int) -> None:
    """Collect a child that has ended, if it is a child of ours."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _hint(logs: list[Path]) -> str:
    lines: list[str] = []
    for log in logs:
        if log.exists():
            lines += log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
    said = "\n    ".join(lines) or "(its logs are empty)"
    return f"read {', '.join(map(str, logs))}; their last lines:\n    {said}"
