"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "asyncssh",
    "cel-expr-python",
    "cryptography",
    "python-nmap",
    "sqlalchemy",
    "sslyze",
    "tzdata",
)


@dataclass(frozen=True, slots=True)
class Examined:
    """One part that an audit needs."""

    part: str
    ok: bool
    found: str
    next_step: str


def examine() -> tuple[Examined, ...]:
    """Return everything an audit needs, in a fixed order."""
    return (_python(), _nmap(), _scripts(), *(_package(name) for name in _PACKAGES))


def _python() -> Examined:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Examined("python", sys.version_info >= (3, 11), found, "")


def _nmap() -> Examined:
    if shutil.which("nmap") is None:
        return Examined("nmap", False, "", "apt-get install nmap")
    output = subprocess.run(
        ["nmap", "--version"], capture_output=True, text=True, check=False, timeout=30
    ).stdout
    return Examined("nmap", True, output.splitlines()[0] if output else "", "")


def _scripts() -> Examined:
    """Ask nmap itself whether it knows the scripts by name; it sends nothing for that."""
    from scanners.services.scripts import ALLOWED

    if shutil.which("nmap") is None:
        return Examined("nmap scripts", False, "", "apt-get install nmap")
    asked = subprocess.run(
        ["nmap", "--script-help", ",".join(ALLOWED)], capture_output=True, text=True, check=False, timeout=60
    )
    ok = asked.returncode == 0
    return Examined(
        "nmap scripts", ok, f"{len(ALLOWED)} by name", "" if ok else "apt-get install nmap nmap-common"
    )


def _package(name: str) -> Examined:
    try:
        return Examined(name, True, version(name), "")
    except PackageNotFoundError:
        return Examined(name, False, "", "install the project again: scripts/install")
