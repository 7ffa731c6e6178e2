"""Command line of the lab of hosts: up, down, status."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.lab.hosts.lab import HostLab
from tests.lab.model import LabError


def main() -> int:
    """Run one verb; print what to do when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.hosts", description=__doc__)
    parser.add_argument("verb", choices=("up", "down", "status"))
    parser.add_argument("--state", type=Path, required=True, help="directory of everything the lab keeps")
    arguments = parser.parse_args()
    lab = HostLab(arguments.state)
    try:
        if arguments.verb == "up":
            lab.up()
        elif arguments.verb == "down":
            lab.down()
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    for host, address, release, init in lab.status():
        print(f"{host:18} {address:12} {release:13} {init or '-'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
