"""Compare an audit of the lab with the plain script: nmap -sV, then sslyze, then ssh-audit, server by server.

Run as root: scripts/install-packages benchmarks/packages.txt && python -m benchmarks.peers
Prints wall clock and CPU of both, measured in one run on the same servers, and their ratios. The script only
measures; the audit also judges every check, stores evidence and writes all reports.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.lab.auditing import audit_arguments, auditor, standing_lab
from tests.lab.lab import Lab

_SSLYZE = str(Path(sys.executable).with_name("sslyze"))
_STARTTLS = ("smtp", "imap", "pop3", "ftp", "postgresql", "ldap")


@dataclass(frozen=True)
class Cost:
    """What a run took, its child processes included."""

    wall_seconds: float
    cpu_seconds: float


def main() -> int:
    """Measure both and print the table."""
    with tempfile.TemporaryDirectory() as name, standing_lab() as lab:
        folder = Path(name)
        peers = _cost(lambda: _plain_script(lab, folder))
        ours = _cost(lambda: auditor("audit", *audit_arguments(lab, folder)))
    print(f"{len(lab.fleet)} servers, {sum(len(s.ports) for s in lab.fleet)} open ports")
    print(f"{'':34}{'wall s':>9}{'CPU s':>9}")
    for label, cost in (("nmap -sV, sslyze, ssh-audit", peers), ("auditor audit (whole)", ours)):
        print(f"{label:34}{cost.wall_seconds:9.1f}{cost.cpu_seconds:9.1f}")
    wall, cpu = ours.wall_seconds / peers.wall_seconds, ours.cpu_seconds / peers.cpu_seconds
    print(f"{'ratio ours / peers':34}{wall:9.2f}{cpu:9.2f}")
    return 0


def _cost(work: Callable[[], object]) -> Cost:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - started, cpu)


def _plain_script(lab: Lab, folder: Path) -> None:
    """Do what an administrator would type, one server after the other, with each tool's own defaults."""
    for server in lab.fleet:
        report = folder / f"{server.id}.xml"
        ports = ",".join(str(port) for port in server.ports)
        _run("nmap", "-n", "-Pn", "-sT", "-sV", "-p", f"1-1024,{ports}", "-oX", str(report), server.address)
        for port, service, tls in _open_ports(report):
            if tls or service == "http":
                _run(_SSLYZE, f"{server.address}:{port}")
            elif service in _STARTTLS:
                _run(_SSLYZE, "--starttls", "auto", f"{server.address}:{port}")
            elif service == "ssh":
                _run("ssh-audit", "-p", str(port), server.address)


def _open_ports(report: Path) -> list[tuple[int, str, bool]]:
    found = []
    for port in ElementTree.parse(report).iterfind("./host/ports/port"):
        state, service = port.find("state"), port.find("service")
        if state is None or state.get("state") != "open" or service is None:
            continue
        name = service.get("name", "")
        tls = service.get("tunnel") == "ssl" or name in ("https", "imaps", "pop3s", "smtps")
        found.append((int(port.get("portid", "0")), name, tls))
    return found


def _run(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=600)


if __name__ == "__main__":
    sys.exit(main())
