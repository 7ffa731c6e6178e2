"""Record what one area prints in a root file system, as a fixture for its readers.

Usage: python -m tests.scanners.host.record AREA NAME ROOT [--user USER] [--consent CHECK]…
Runs the area's own script in a chroot of ROOT, with a process table of its own, as root or as USER of that
root, and writes tests/fixtures/host/AREA/NAME.txt. ROOT is made for instance by `debootstrap bookworm ROOT`;
`/` records this machine. Needs root.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from scanners.host.areas import AREAS
from scanners.host.script import collection_script
from tests.scanners.host.recorded import FOLDER, NONCE


def main() -> int:
    """Record one fixture."""
    parser = argparse.ArgumentParser(prog="python -m tests.scanners.host.record", description=__doc__)
    parser.add_argument("area", choices=[area.name for area in AREAS])
    parser.add_argument("name", help="name of the fixture, such as debian-12")
    parser.add_argument("root", type=Path, help="root file system; / is this machine")
    parser.add_argument("--user", default="root")
    parser.add_argument("--consent", action="append", default=[])
    arguments = parser.parse_args()
    areas = [area for area in AREAS if area.name in ("system", arguments.area)]
    script = collection_script(areas, NONCE, arguments.user != "root", arguments.consent)
    done = subprocess.run(
        _command(arguments.root, arguments.user), input=script.encode(), capture_output=True, check=False
    )
    folder = FOLDER / arguments.area
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{arguments.name}.txt"
    target.write_bytes(done.stdout)
    print(f"{target}: {len(done.stdout)} bytes, exit status {done.returncode}")
    sys.stderr.write(done.stderr.decode(errors="replace"))
    return 0


def _command(root: Path, user: str) -> list[str]:
    shell = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "sh", "-s"]
    wanted = ["sh", "-s"] if user == "root" else shell
    if root == Path("/"):
        return wanted
    mounts = 'mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
    return ["unshare", "--mount", "--pid", "--fork", "sh", "-c", mounts, str(root), *wanted]


if __name__ == "__main__":
    sys.exit(main())
