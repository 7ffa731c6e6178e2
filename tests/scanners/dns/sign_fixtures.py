"""Write `fixtures/*.txt` anew: a zone signed by BIND's tools with each algorithm, and its parent.

Run as `python -m tests.scanners.dns.sign_fixtures` where the Debian package bind9-utils is installed.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).with_name("fixtures")
ALGORITHMS = {
    "RSASHA1": ["-b", "2048"],
    "NSEC3RSASHA1": ["-b", "2048"],
    "RSASHA256": ["-b", "2048"],
    "RSASHA512": ["-b", "2048"],
    "ECDSAP256SHA256": [],
    "ECDSAP384SHA384": [],
    "ED25519": [],
    "ED448": [],
}
_ZONE = "$TTL 300\n@ SOA ns1.lain.test. hostmaster.lain.test. 1 3600 900 1209600 300\n@ NS ns1.lain.test.\n"
_WANTED = ("SOA", "DNSKEY", "DS")


def main() -> None:
    """Write one file per algorithm."""
    FOLDER.mkdir(exist_ok=True)
    for algorithm, size in ALGORITHMS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            child = _signed(folder, "contoh.test", algorithm, size, "")
            ds = (folder / "dsset-contoh.test.").read_text()
            parent = _signed(folder, "test", "ECDSAP256SHA256", [], "contoh NS ns1.lain.test.\n" + ds)
        lines = [line for line in (*child, *parent) if _is_wanted(line)]
        (FOLDER / f"{algorithm.lower()}.txt").write_text("\n".join(lines) + "\n")


def _signed(folder: Path, zone: str, algorithm: str, size: list[str], records: str) -> list[str]:
    (folder / zone).write_text(_ZONE + records)
    _run(folder, "dnssec-keygen", "-q", "-a", algorithm, *size, zone)
    _run(folder, "dnssec-keygen", "-q", "-a", algorithm, *size, "-f", "KSK", zone)
    dates = ("-s", "20260101000000", "-e", "20360101000000")
    file = f"{zone}.signed"
    _run(folder, "dnssec-signzone", "-q", "-S", "-P", "-O", "full", *dates, "-o", zone, "-f", file, zone)
    return [" ".join(line.split()) for line in (folder / file).read_text().splitlines()]


def _is_wanted(line: str) -> bool:
    fields = line.split(" ")
    if len(fields) < 5 or fields[0].startswith(";"):
        return False
    return fields[3] in _WANTED or (fields[3] == "RRSIG" and fields[4] in _WANTED)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    main()
