"""Record real reports as fixtures. Needs root, and no network: everything happens on loopback.

Usage: python -m tests.scanners.imported.record nmap
       python -m tests.scanners.imported.record lynis ROOT
       python -m tests.scanners.imported.record openscap CONTENT PROFILE NAME [ROOT] [--arf]

nmap looks at a web server, one behind TLS, Redis and memcached, started for it on 127.60.9.1. Lynis runs in a
chroot of ROOT (with lynis installed there), in a network of its own; oscap evaluates ROOT, or this machine.
"""

from __future__ import annotations

import argparse
import contextlib
import lzma
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.scanners.imported.reports import FOLDER

ADDRESS = "127.60.9.1"
_SERVERS = (
    [sys.executable, "-m", "http.server", "8080", "--bind", ADDRESS],
    ["openssl", "s_server", "-accept", f"{ADDRESS}:8443", "-www", "-cert", "c.pem", "-key", "k.pem"],
    ["redis-server", "--bind", ADDRESS, "--port", "6379", "--save", "", "--requirepass", "x"],
    ["memcached", "-l", ADDRESS, "-p", "11211", "-u", "nobody"],
)
_ALONE = ["unshare", "-n", "-p", "-f", "-u", "--mount", "sh", "-c"]
_NAMED = "ip link set lo up; hostname arsip"


def main() -> int:
    """Record one fixture."""
    parser = argparse.ArgumentParser(prog="python -m tests.scanners.imported.record", description=__doc__)
    parser.add_argument("tool", choices=["nmap", "lynis", "openscap"])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--arf", action="store_true")
    arguments = parser.parse_args()
    match arguments.tool:
        case "nmap":
            record_nmap()
        case "lynis":
            record_lynis(*arguments.words)
        case _:
            record_openscap(*arguments.words, arf=arguments.arf)
    return 0


def record_nmap() -> None:
    """Record a scan of four services, and of an address where everything is closed."""
    target = FOLDER / "services.xml"
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)):
        ports = "22,6379,8080,8443,11211"
        words = [
            "nmap",
            "-n",
            "-Pn",
            "-sT",
            "-sV",
            "--version-intensity",
            "2",
            "-p",
            ports,
            "-oX",
            target.name,
        ]
        command = [*words, ADDRESS, "127.60.9.2"]
        subprocess.run(command, cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[None]:
    """Keep the services up."""
    certificate = (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=lab.test -keyout k.pem -out c.pem -days 30"
    )
    subprocess.run(certificate.split(), cwd=folder, check=True, capture_output=True)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen(words, cwd=folder, **quiet) for words in _SERVERS]  # type: ignore[call-overload]
    try:
        time.sleep(2)
        yield
    finally:
        for process in started:
            process.terminate()
            process.wait(10)


def record_lynis(root: str) -> None:
    """Record what Lynis reports of a root file system; the kernel below it is named neutrally."""
    inside = "mount -t proc proc /proc; lynis audit system --no-colors --quick; umount /proc"
    subprocess.run(
        [*_ALONE, f"{_NAMED}; chroot {root} sh -c '{inside}'"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    report = (Path(root) / "var/log/lynis-report.dat").read_bytes()
    release = os.uname().release.encode()
    (FOLDER / "lynis-debian-11.dat").write_bytes(report.replace(release, b"6.1.0-40-amd64"))


def record_openscap(content: str, profile: str, name: str, root: str = "", *, arf: bool) -> None:
    """Record an evaluation of this machine, or inside a root file system with oscap copied to opt/oscap.

    For a release without the package: mkdir ROOT/opt/oscap; cp -L /usr/bin/oscap $(ldd /usr/bin/oscap |
    grep -o '/[^ ]*') ROOT/opt/oscap; cp -r /usr/share/openscap ROOT/usr/share; cp CONTENT ROOT/CONTENT.
    """
    written = Path(root or "/") / "tmp/results.xml"
    option = "--results-arf" if arf else "--results"
    program = (
        "/opt/oscap/ld-linux-x86-64.so.2 --library-path /opt/oscap /opt/oscap/oscap" if root else "oscap"
    )
    command = f"{program} xccdf eval --profile {profile} {option} /tmp/results.xml {content}"
    if root:
        command = f"chroot {root} sh -c 'mount -t proc proc /proc; {command}; umount /proc'"
    # oscap ends with 2 when a rule failed.
    subprocess.run([*_ALONE, f"{_NAMED}; {command}"], check=False, stdout=subprocess.DEVNULL)
    packed = lzma.compress(written.read_bytes(), preset=9 | lzma.PRESET_EXTREME)
    (FOLDER / f"{name}.xml.xz").write_bytes(packed)
    written.unlink()


if __name__ == "__main__":
    sys.exit(main())
