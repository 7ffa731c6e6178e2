"""Boot the hosts of the lab, look into them with the real command, and say where the cards lie."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lab.auditing import auditor
from tests.lab.hosts.conftest import STATE
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.whole import write_files
from tests.lab.model import LabError

_INTERNAL, _USAGE = 4, 2


def main() -> int:
    """Run the demonstration into a folder."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo-hosts").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    print("Booting four hosts (the first time their file systems are made: some minutes) …", flush=True)
    try:
        with HostLab(STATE) as lab:
            inventory, policy = write_files(lab, folder)
            print("Auditing them, inside and outside …", flush=True)
            done = auditor(
                "audit",
                *("--inventory", str(inventory), "--policy", str(policy)),
                *("--workspace", str(folder / "audit-data"), "--reports", str(folder / "reports")),
                show=True,
            )
    except LabError as error:
        print(f"demo: {error}", file=sys.stderr)
        return _USAGE
    print(done.stdout, end="")
    if done.returncode in (_USAGE, _INTERNAL):
        return done.returncode
    print(f"\nOpen in a browser:\n  {folder / 'reports' / 'index.html'}")
    print(f"Ask more, in {folder}: auditor findings list, auditor verdicts --status UNKNOWN")
    return 0


if __name__ == "__main__":
    sys.exit(main())
