"""Prove that an audit killed at any moment resumes to the same verdicts, with nothing lost or repeated.

Run as root: python -m benchmarks.resume [KILLS [SHARD SHARDS]]   (default 60, each longer than an audit)
SHARD of SHARDS (counted from 0) makes every so-manieth kill only, for running several side by side in network
namespaces of their own, each with its own TILIK_LAB.
Kills `auditor scan` with SIGKILL at moments spread evenly over its run, checks that none of its workers nor
nmap lives on, resumes, judges, and compares every verdict with those of an undisturbed audit of the lab.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from auditor.store.workspace import Workspace, open_workspace
from tests.lab.auditing import audit_arguments, auditor, standing_lab
from tests.lab.lab import Lab

Verdicts = dict[tuple[str, str], str]


def main() -> int:
    """Run the proof and print one line per kill; exit with 1 when any differs."""
    numbers = [int(word) for word in sys.argv[1:]]
    kills = numbers[0] if numbers else 60
    chosen = range(kills)[numbers[1] :: numbers[2]] if len(numbers) == 3 else range(kills)
    with tempfile.TemporaryDirectory() as name, standing_lab() as lab:
        folder = Path(name)
        started = time.monotonic()
        expected = _undisturbed(lab, folder / "undisturbed")
        seconds = time.monotonic() - started
        print(f"undisturbed: {len(expected)} verdicts in {seconds:.0f} s", flush=True)
        failures = 0
        for number in chosen:
            moment = seconds * (number + 0.5) / kills
            problem = _killed(lab, folder / f"kill-{number}", moment, expected)
            failures += bool(problem)
            print(f"{number + 1}/{kills} killed after {moment:.1f} s: {problem or 'same'}", flush=True)
            shutil.rmtree(folder / f"kill-{number}")
        print(f"{len(chosen) - failures} passed, {failures} failed")
    return 1 if failures else 0


def _undisturbed(lab: Lab, folder: Path) -> Verdicts:
    folder.mkdir()
    auditor("scan", *_scan_arguments(lab, folder))
    return _verdicts(folder)


def _scan_arguments(lab: Lab, folder: Path) -> list[str]:
    return audit_arguments(lab, folder)[:-2]


def _killed(lab: Lab, folder: Path, moment: float, expected: Verdicts) -> str:
    """Kill one audit, resume it, and return what is wrong ("" when nothing is)."""
    folder.mkdir()
    arguments = _scan_arguments(lab, folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor.cli.main", "scan", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        children = _descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        left = _left_after(children, seconds=5)
        if left:
            return f"still running 5 s after the kill: {sorted(left)}"
    before = _rows(folder)
    resumed = auditor("scan", "--resume", *arguments)
    if resumed.returncode not in (0, 2):
        return f"resume ended with {resumed.returncode}: {resumed.stderr[-200:]}"
    if resumed.returncode == 2 and before is None:
        auditor("scan", *arguments)
    return _compare(folder, before or {}, expected)


def _descendants(pid: int) -> set[int]:
    """Return the process ids below one process."""
    parents = {int(path.parent.name): _parent(path) for path in Path("/proc").glob("[0-9]*/stat")}
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found - {pid}


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def _left_after(pids: set[int], seconds: float) -> set[int]:
    """Return which of some processes still run after waiting for their end."""
    end = time.monotonic() + seconds
    left = pids
    while left and time.monotonic() < end:
        left = {pid for pid in left if _runs(pid)}
        time.sleep(0.05)
    return left


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _compare(folder: Path, before: dict[str, str], expected: Verdicts) -> str:
    after = _rows(folder) or {}
    lost = [task for task, row_hash in before.items() if after.get(task) != row_hash]
    if lost:
        return f"evidence lost or changed: {lost[:3]}"
    with_chain = list(open_workspace(folder / "audit-data").evidence.verify())
    if with_chain:
        return f"chain broken: {with_chain[:3]}"
    got = _verdicts(folder)
    differing = [key for key in expected.keys() | got.keys() if expected.get(key) != got.get(key)]
    return f"{len(differing)} verdicts differ: {differing[:3]}" if differing else ""


def _rows(folder: Path) -> dict[str, str] | None:
    """Return task → hash of the evidence stored, None when no run was; raise when a task has two rows."""
    if not (folder / "audit-data" / "audit.db").exists():
        return None
    store = open_workspace(folder / "audit-data")
    runs = store.runs.all()
    if not runs:
        return None
    rows = [(one.task.id, one.hash) for run in runs for one in store.evidence.of_run(run.id).values()]
    repeated = [task for task, count in Counter(task for task, _ in rows).items() if count > 1]
    if repeated:
        raise RuntimeError(f"measured twice: {repeated}")
    return dict(rows)


def _verdicts(folder: Path) -> Verdicts:
    auditor("assess", "--workspace", str(folder / "audit-data"))
    store: Workspace = open_workspace(folder / "audit-data")
    found = store.results.verdicts(store.runs.all()[-1].id)
    return {(verdict.check, verdict.subject.key): verdict.status.value for verdict in found}


if __name__ == "__main__":
    sys.exit(main())
