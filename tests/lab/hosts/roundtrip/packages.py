"""Fetch what a remedy installs: hosts of the lab have no way out, so the machine brings it to them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.lab.hosts.command import command
from tests.lab.hosts.machine import Machine

_APT = re.compile(r"\s*apt(-get)? (?P<verb>update|install|upgrade|full-upgrade)\b(?P<rest>[^&|;]*)")
_ARCHIVES = "var/cache/apt/archives"
_INSIDE = """
mount --bind /root/roundtrip-resolv.conf /etc/resolv.conf
exec apt-get -q -o Acquire::Retries=2 {words}
"""
_UPDATED = "run-roundtrip-updated"


def fetch(machine: Machine, init: int, line: str, kept: Path) -> None:
    """Bring a host what a line of apt asks for; do nothing for any other line. Raise LabError without it."""
    found = _APT.match(line)
    if found is None:
        return
    _update(machine, init, anew=found["verb"] == "update")
    if found["verb"] != "update":
        kept.mkdir(parents=True, exist_ok=True)
        _copy(kept, machine.root / _ARCHIVES)
        _apt(machine, init, f"--download-only --yes {found['verb']} {found['rest'].strip()}")
        _copy(machine.root / _ARCHIVES, kept)


def _update(machine: Machine, init: int, *, anew: bool) -> None:
    """Fetch the lists of packages, once for each host that was brought up unless the remedy says so."""
    done = machine.root / "root" / _UPDATED
    if anew or not done.exists():
        _apt(machine, init, "update")
        done.touch()


def _apt(machine: Machine, init: int, words: str) -> None:
    """Run apt-get in the file system of a host and in the network of the machine: it only fetches."""
    shutil.copy("/etc/resolv.conf", machine.root / "root/roundtrip-resolv.conf")
    inside = ("nsenter", "--target", str(init), "--mount", "--uts", "--ipc", "--pid", "--")
    command([*inside, "unshare", "--mount", "/bin/sh", "-euc", _INSIDE.format(words=words)])


def _copy(source: Path, target: Path) -> None:
    for package in source.glob("*.deb"):
        if not (target / package.name).exists():
            shutil.copy(package, target / package.name)
