"""What each area and each section of the collection script costs the host that runs it."""

from __future__ import annotations

import secrets
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.host_farm import PORT, FarmHost
from benchmarks.host_root import USER
from scanners.host.area import Area
from scanners.host.areas import AREAS
from scanners.host.script import collection_script

_TIMES = 3
_BEFORE_AREAS = "\nas_root() {"
_SPENT = """
spent() { read -r _ SPENT </sys/fs/cgroup/cpu.stat; printf '\\n%s spent %s %s\\n' "$M" "$1" "$SPENT"; }
end() { printf '\\n%s end %s %s %s %s\\n' "$M" "$1" "$2" "${3:-0}" "$LIMIT"; spent "$1"; }
spent -
"""


@dataclass(frozen=True, slots=True)
class AreaCost:
    """What one area takes of its host, beyond a login that collects nothing."""

    name: str
    commands_as_root: int
    """How many its list has; those of programs that are not there are not run."""
    by_sudo_seconds: float
    """Processor time of the audit's account with sudo."""
    as_root_seconds: float
    """The same as root, without sudo."""
    processes: int
    """How many were started, with sudo."""


@dataclass(frozen=True, slots=True)
class _Spent:
    seconds: float
    processes: float


Send = Callable[[FarmHost, str], bytes]
"""Run a script on a host and return what it printed."""


def area_costs(host: FarmHost, by_ssh: Send) -> tuple[AreaCost, ...]:
    """Return what each area takes, and last what a login that collects nothing takes; medians of three."""
    login, start = _spent(host, (), by_ssh, sudo=True), _spent(host, (), run_as_root, sudo=False)
    found = []
    for area in AREAS:
        sudo = _spent(host, (area,), by_ssh, sudo=True)
        root = _spent(host, (area,), run_as_root, sudo=False)
        found.append(
            AreaCost(
                area.name,
                len(area.privileged),
                sudo.seconds - login.seconds,
                root.seconds - start.seconds,
                round(sudo.processes - login.processes),
            )
        )
    return (*found, AreaCost("(login)", 0, login.seconds, start.seconds, round(login.processes)))


def section_seconds(host: FarmHost, by_ssh: Send) -> Mapping[str, float]:
    """Return section → processor time since the section before, of the whole script with sudo; medians."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(_TIMES):
        nonce = secrets.token_hex(16)
        script = collection_script(AREAS, nonce, sudo=True).replace(
            _BEFORE_AREAS, f"{_SPENT}{_BEFORE_AREAS}", 1
        )
        before = 0
        for name, microseconds in _told(by_ssh(host, script), nonce):
            if name != "-":
                found[name].append((microseconds - before) / 1_000_000)
            before = microseconds
    return {name: median(seconds) for name, seconds in found.items()}


def ssh_sender(key: Path, known_hosts: Path) -> Send:
    """Return what sends a script to a host as the audit's account does."""

    def send(host: FarmHost, script: str) -> bytes:
        options = ("-F", "none", "-p", str(PORT), "-l", USER, "-i", str(key), "-o", "BatchMode=yes")
        known = (*("-o", f"UserKnownHostsFile={known_hosts}"), *("-o", "IdentitiesOnly=yes"))
        return _output(("ssh", *options, *known, host.address, "sh", "-s"), script)

    return send


def run_as_root(host: FarmHost, script: str) -> bytes:
    """Run a script on a host as root, without a login."""
    return _output(host.inside("sh", "-s"), script)


def _output(words: Sequence[str], script: str) -> bytes:
    return subprocess.run(
        words, input=script.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    ).stdout


def _spent(host: FarmHost, areas: Iterable[Area], send: Send, *, sudo: bool) -> _Spent:
    script = collection_script(areas, secrets.token_hex(16), sudo)
    seconds, processes = [], []
    for _ in range(_TIMES):
        first, used = _last_process(host), host.processor_seconds()
        send(host, script)
        seconds.append(host.processor_seconds() - used)
        processes.append(_last_process(host) - first)
    return _Spent(median(seconds), median(processes))


def _last_process(host: FarmHost) -> int:
    """Return the id that was last given to a process of the host (proc_loadavg(5))."""
    return int(_output(host.inside("cat", "/proc/loadavg"), "").split()[-1])


def _told(output: bytes, nonce: str) -> Iterable[tuple[str, int]]:
    mark = f"@@{nonce} spent ".encode()
    for line in output.splitlines():
        if line.startswith(mark):
            name, microseconds = line.removeprefix(mark).decode().split()
            yield name, int(microseconds)
