"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "asyncssh",
    "cel-expr-python",
    "cryptography",
    "pyhanko",
    "python-nmap",
    "sqlalchemy",
    "sslyze",
    "tzdata",
    "weasyprint",
)
_PAGE = b'<!DOCTYPE html><html lang="en"><head><title>Tilik</title></head><body>Tilik</body></html>'


@dataclass(frozen=True, slots=True)
class Examined:
    """One part that an audit needs."""

    part: str
    ok: bool
    found: str
    next_step: str


def examine() -> tuple[Examined, ...]:
    """Return everything an audit needs, in a fixed order."""
    return (_python(), _nmap(), _scripts(), _paper(), *(_package(name) for name in _PACKAGES))


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


def _paper() -> Examined:
    """Print a word: it takes the libraries that lay out text, and a font."""
    from reports.errors import ReportError
    from reports.pdf import LIBRARIES, Imprint, print_pdf

    missing = Examined("pdf", False, "", f"apt-get install {' '.join(LIBRARIES)}")
    try:
        printed = print_pdf(_PAGE, Imprint(datetime(2026, 1, 1, tzinfo=UTC)))
    except ReportError:
        return missing
    # /Length1 is written for a font in the file and for nothing else (ISO 32000-1, table 127).
    return Examined("pdf", True, "a page with its font", "") if b"/Length1" in printed else missing


def _package(name: str) -> Examined:
    try:
        return Examined(name, True, version(name), "")
    except PackageNotFoundError:
        return Examined(name, False, "", "install the project again: scripts/install")
