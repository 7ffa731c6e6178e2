"""DNS zones, plain and signed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.lab.model import LabError

_SIGN_AGAIN_SECONDS = 24 * 3600
_signing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone: its name and records in master file format, without SOA.

    A signed zone has one ECDSA key for everything; `signed_children` are zones whose DS it holds.
    """

    name: str
    records: str
    signed: bool = False
    transfer: bool = False
    """Gives itself to anybody who asks (AXFR)."""
    signed_children: tuple[str, ...] = ()

    def text(self, keys: Path) -> str:
        """Return the whole zone, with the DS records of its children."""
        head = f"$ORIGIN {self.name}.\n$TTL 300\n@ IN SOA ns1 csirt 1 3600 600 86400 300\n"
        return head + self.records + "".join(_child_ds(keys, name) for name in self.signed_children)


def zone_file(zone: Zone, keys: Path) -> Path:
    """Return the file that a name server reads; signatures are made again after a day."""
    with _signing:
        folder = _made(keys / zone.name)
        text = zone.text(keys)
        slug = hashlib.sha256(text.encode()).hexdigest()[:16]
        plain, signed = folder / f"{slug}.zone", folder / f"{slug}.signed"
        plain.write_text(text)
        if not zone.signed:
            return plain
        _key(keys, zone.name)
        if not signed.exists() or time.time() - signed.stat().st_mtime > _SIGN_AGAIN_SECONDS:
            options = ("-S", "-z", "-K", str(folder), "-d", str(folder), "-o", zone.name)
            _run("dnssec-signzone", *options, "-f", str(signed), str(plain), folder=folder)
        return signed


def trust_anchor(keys: Path, name: str) -> str:
    """Return the public key of a zone as a resolver's configuration wants it."""
    with _signing:
        words = _public(_key(keys, name)).split()
    flags, protocol, algorithm = words[3:6]
    return f'"{name}." static-key {flags} {protocol} {algorithm} "{"".join(words[6:])}";'


def _child_ds(keys: Path, name: str) -> str:
    done = _run("dnssec-dsfromkey", "-2", f"{_key(keys, name)}.key", folder=keys)
    return done.replace(" IN DS ", " 300 IN DS ")


def _key(keys: Path, name: str) -> Path:
    """Return the base name of the zone's key, made once."""
    folder = _made(keys / name)
    found = sorted(folder.glob("K*.key"))
    if not found:
        _run(
            "dnssec-keygen",
            "-q",
            "-a",
            "ECDSAP256SHA256",
            "-f",
            "KSK",
            "-K",
            str(folder),
            name,
            folder=folder,
        )
        found = sorted(folder.glob("K*.key"))
    return found[0].with_suffix("")


def _public(key: Path) -> str:
    lines = Path(f"{key}.key").read_text().splitlines()
    return next(line for line in lines if " DNSKEY " in line)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    return folder


def _run(*command: str, folder: Path) -> str:
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        raise LabError(f"missing program: {command[0]}; run: scripts/install-packages tests/lab/packages.txt")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode:
        raise LabError(f"{command[0]} failed: {done.stderr.strip()[-500:]}; remove {folder} and try again")
    return done.stdout
