"""Compare an audit of the lab with the plain script: nmap -sV, sslyze, ssh-audit, curl, server by server.

Run as root: scripts/install-packages benchmarks/packages.txt && python -m benchmarks.peers
Prints wall clock and CPU of both, measured in one run on the same servers, and their ratios. The script only
measures; the audit also judges every check, stores evidence and writes all reports.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.costs import cost_of, print_ratios
from benchmarks.plain_script import Target, run_plain_script
from tests.lab.auditing import audit_arguments, auditor, standing_lab


def main() -> int:
    """Measure both and print the table."""
    with tempfile.TemporaryDirectory() as name, standing_lab() as lab:
        folder = Path(name)
        targets = [Target(server.address, server.hostnames, server.ports) for server in lab.fleet]
        peers = cost_of(lambda: run_plain_script(targets, folder))
        ours = cost_of(lambda: auditor("audit", *audit_arguments(lab, folder)))
    print(f"{len(lab.fleet)} servers, {sum(len(s.ports) for s in lab.fleet)} open ports")
    print_ratios(peers, ours)
    return 0


if __name__ == "__main__":
    sys.exit(main())
