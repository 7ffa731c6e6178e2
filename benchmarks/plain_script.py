"""What an administrator would type without this program: tool after tool, server after server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_SSLYZE = str(Path(sys.executable).with_name("sslyze"))
_STARTTLS = ("smtp", "imap", "pop3", "ftp", "postgresql", "ldap")
_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Target:
    """A server: its address, its names, and ports to ask beside 1-1024."""

    address: str
    hostnames: tuple[str, ...]
    ports: tuple[int, ...]


def run_plain_script(targets: Iterable[Target], folder: Path) -> None:
    """Ask every server with each tool's own defaults."""
    for target in targets:
        report = folder / f"{target.address}.xml"
        ports = ",".join(["1-1024", *(str(port) for port in target.ports)])
        _run("nmap", "-n", "-Pn", "-sT", "-sV", "-p", ports, "-oX", str(report), target.address)
        for port, service, tls in _open_ports(report):
            for command in _questions(target, port, service, tls):
                _run(*command)


def _questions(target: Target, port: int, service: str, tls: bool) -> Iterator[tuple[str, ...]]:
    address = f"{target.address}:{port}"
    name = target.hostnames[0] if target.hostnames else target.address
    if tls or service == "https":
        yield (_SSLYZE, address)
    elif service in _STARTTLS:
        yield (_SSLYZE, "--starttls", "auto", address)
    elif service == "ssh":
        yield ("ssh-audit", "-p", str(port), target.address)
    if service in ("http", "https"):
        scheme = "https" if tls else "http"
        yield (
            "curl",
            "-sSik",
            "--max-time",
            "20",
            "--connect-to",
            f"::{address}",
            f"{scheme}://{name}:{port}/",
        )


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
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=_TIMEOUT_SECONDS
    )
