"""Command line of the lab: up, down, status."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.lab.lab import Lab
from tests.lab.model import LabError


def main() -> int:
    """Run one verb; print what to do when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("verb", choices=("up", "down", "status"))
    parser.add_argument("--state", type=Path, required=True, help="directory of everything the lab keeps")
    arguments = parser.parse_args()
    lab = Lab(arguments.state)
    try:
        if arguments.verb == "up":
            lab.up()
            print(
                f"{len(lab.fleet)} servers are up; inventory: {lab.inventory}; root certificate: {lab.root}"
            )
        elif arguments.verb == "down":
            lab.down()
        else:
            _print_status(lab)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0


def _print_status(lab: Lab) -> None:
    for server, address, daemon, pid, version in lab.status():
        print(f"{server:24} {address:13} {daemon:11} {pid or '-':>7}  {version}")


if __name__ == "__main__":
    sys.exit(main())
