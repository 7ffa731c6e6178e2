"""Bring the lab up, audit it, say where the scorecards lie, and take the lab down."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.lab import OPDS
from tests.lab.auditing import audit_arguments, auditor, place_arguments, standing_lab
from tests.lab.decided import decide, reported
from tests.lab.model import LabError

_INTERNAL, _USAGE = 4, 2


def main() -> int:
    """Run the demonstration into a folder; a second run adds an audit, so that cards show a trend."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lab = standing_lab()
        print(f"Starting {len(lab.fleet)} real servers on loopback …", flush=True)
        with lab:
            print("Auditing them (about a minute) …", flush=True)
            done = auditor("audit", *audit_arguments(lab, folder), show=True)
            if done.returncode not in (_USAGE, _INTERNAL):
                decide(place_arguments(lab, folder))
            # Beside the workspace, so that the commands of the README work in this folder as they stand.
            shutil.copyfile(lab.inventory, folder / "inventory.yaml")
    except LabError as error:
        print(f"demo: {error}", file=sys.stderr)
        return _USAGE
    if done.returncode in (_USAGE, _INTERNAL):
        print(done.stdout, file=sys.stderr)
        return done.returncode
    print(done.stdout, end="")
    print("\nWriting every report in every format, PDF among them (some minutes) …", flush=True)
    problems = reported(folder, "html,pdf,xlsx,csv,json,oscal,sarif")
    wall = auditor(
        *("wall", "--workspace", str(folder / "audit-data"), "--output", str(folder / "wall")),
        *("--inventory", str(folder / "inventory.yaml")),
    )
    problems += [wall.stderr] if wall.returncode else []
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return _INTERNAL
    _tell(folder, OPDS)
    return 0


def _tell(folder: Path, opds: Iterable[str]) -> None:
    reports = folder / "reports"
    print("\nOpen in a browser:")
    print(f"  {reports / 'index.html'}  everything")
    print(f"  {reports / 'ringkasan-pimpinan.html'}  summary for leadership")
    print(f"  {reports / 'peta-topologi.html'}  what stands where; peta-jalan.html  roadmap and budget")
    print(f"  {folder / 'wall'}  screen for a command centre")
    print(f"  {reports / 'pernyataan-keberlakuan-2022.html'}  statement of applicability")
    for opd in opds:
        print(f"  {reports / f'kartu-skor-{opd}.html'}  scorecard; daftar-perbaikan-{opd}.html  fix list")
    print(f"\nAsk more, in {folder}: auditor findings list, auditor attest list, auditor waive list")
    print(f"  (the command is {Path(sys.executable).with_name('auditor')})")


if __name__ == "__main__":
    sys.exit(main())
