"""A month in minutes: the scheduler audits real servers every night while they are mended, broken and moved.

    python -m benchmarks.month [--short] [--state FOLDER] [--json FILE]

Needs root and the lab's packages; everything happens in a network namespace of its own. The clock is set
ahead, the audits are real. At the end every finding's history must be the one that the script was written
with, every time of every schedule must have been done once, the chain must verify, and the last backup must
restore. The exit code is 0 when all of that is so.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509

from auditor.model.schedule import SlotStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.backup import backups
from auditor.usecases.integrity import stored_problems
from auditor.usecases.pruning import prune
from auditor.usecases.restore import restore
from auditor.usecases.rulebook import Rulebook
from auditor.usecases.scheduled_work import Places, ScheduledWork
from auditor.usecases.scheduling import Scheduler
from benchmarks.month_expected import actual, differences, expected
from benchmarks.month_script import MONTH, SHORT, Script
from benchmarks.month_trial import (
    acknowledged,
    begin_trial,
    expected_acknowledged,
    expected_days,
    trial_differences,
)
from benchmarks.month_world import World, clock_at, people_decide, people_measure_again
from benchmarks.network import enter_own_network

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Night:
    """What one night came to. Sizes are bytes, as the night's work left them."""

    night: int
    seconds: float
    rows: int
    open: int
    acknowledged: int
    memory_bytes: int
    database_bytes: int
    raw_files: int
    raw_bytes: int
    pruned: int
    backup_bytes: int


@dataclass(slots=True)
class Month:
    """Everything that a month came to."""

    nights: list[Night] = field(default_factory=list)
    findings: int = 0
    differences: list[str] = field(default_factory=list)
    trial_differences: list[str] = field(default_factory=list)
    slots: dict[str, int] = field(default_factory=dict)
    slot_problems: list[str] = field(default_factory=list)
    retests: dict[str, int] = field(default_factory=dict)
    chain_problems: list[str] = field(default_factory=list)
    restored_rows: int = 0
    pruned_after_trial: int = 0

    @property
    def is_as_scripted(self) -> bool:
        """Return whether nothing differs."""
        problems = (self.differences, self.trial_differences, self.slot_problems, self.chain_problems)
        return not any(problems) and self.restored_rows > 0


def main() -> int:
    """Run the month and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--short", action="store_true", help="five nights, five servers")
    parser.add_argument("--state", type=Path, help="a folder to keep everything in (default: one that goes)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = parser.parse_args()
    enter_own_network()
    folder = chosen.state or Path(tempfile.mkdtemp(prefix="tilik-month-", dir="/var/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # daemons that change users must be able to enter it
    try:
        month = run_month(folder, SHORT if chosen.short else MONTH)
    finally:
        if chosen.state is None:
            shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(_plain(month), indent=1, default=str), encoding="utf-8")
    _print(month)
    return 0 if month.is_as_scripted else 1


def run_month(folder: Path, script: Script) -> Month:
    """Let every night of a script pass, and compare."""
    world = World(folder, script, datetime.now(UTC).date() + timedelta(days=1))
    workspace = open_workspace(folder / "audit-data")
    month = Month()
    try:
        world.prepare(1)
        scheduler = _scheduler(world, workspace)
        begun = world.at(1, 8)
        scheduler.step(clock_at(begun))
        begin_trial(world, workspace)
        for night in range(1, script.nights + 1):
            month.nights.append(_pass_night(world, workspace, scheduler, month, night))
    finally:
        world.end()
    _compare(world, workspace, month, begun)
    return month


def _scheduler(world: World, workspace: Workspace) -> Scheduler:
    places = Places(world.inventory, world.policy, world.folder / "reports")
    work = ScheduledWork(workspace, places, lambda: False)
    return Scheduler(workspace, Rulebook(workspace, world.inputs), work)


def _pass_night(world: World, workspace: Workspace, scheduler: Scheduler, month: Month, night: int) -> Night:
    """Let people and schedules do their work from the morning before a night until the morning after it."""
    began = time.monotonic()
    world.prepare(night)
    people_decide(world, workspace, night)
    record = people_measure_again(world, workspace, night)
    if record is not None:
        month.retests |= Counter(item.result.value for item in record.items)
    now, morning = world.at(night, 13), world.at(night + 1, 7)
    while (following := scheduler.next_at(now)) is not None and following < morning:
        now = following + _SECOND
        while scheduler.step(clock_at(now)) is not None:
            continue
        world.age()
    told = _measured(workspace, world, night, time.monotonic() - began)
    print(
        f"night {night}: {told.seconds:.0f} s, {told.open} open, {told.raw_bytes / 1e6:.1f} MB raw",
        flush=True,
    )
    return told


def _measured(workspace: Workspace, world: World, night: int, seconds: float) -> Night:
    names = list(workspace.artefacts.names())
    made = backups(workspace, world.inputs().policy)
    return Night(
        night,
        seconds,
        workspace.evidence.head()[0],
        sum(not one.closed for one in workspace.results.findings().values()),
        acknowledged(workspace),
        _memory_bytes(),
        sum(file.stat().st_size for file in workspace.folder.glob("audit.db*")),
        len(names),
        sum(workspace.artefacts.size(name) or 0 for name in names),
        len(workspace.prunings.all()),
        made[-1].stat().st_size if made else 0,
    )


def _memory_bytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def _compare(world: World, workspace: Workspace, month: Month, begun: datetime) -> None:
    inputs = world.inputs()
    wanted = expected(world, inputs.catalogue.checks, inputs.policy, _first_to_expire(world))
    month.findings = len(wanted)
    month.differences = differences(wanted, list(actual(world, workspace)))
    month.differences += [
        f"night {one.night}: {one.acknowledged} taken on"
        for one in month.nights
        if one.acknowledged != expected_acknowledged(world, wanted, one.night)
    ]
    days = expected_days(world, wanted, inputs.catalogue.checks)
    month.trial_differences = trial_differences(world, workspace, days)
    # Until now the open trial kept every raw output of its days.
    month.pruned_after_trial = prune(workspace, inputs, world.at(world.script.nights + 1, 10)).outputs
    month.slot_problems = _slot_problems(world, workspace, begun)
    month.slots = dict(Counter(f"{one.schedule} {one.status.value}" for one in workspace.slots.all()))
    month.chain_problems = [one.problem for one in stored_problems(workspace)]
    newest = backups(workspace, inputs.policy)[-1]
    month.restored_rows = restore(newest, world.folder / "restored").manifest.evidence


def _first_to_expire(world: World) -> datetime | None:
    """Return when the certificate expires that does so first, of those that were served."""
    chains = (world.folder / "lab" / "certificates").glob("*.chain.pem")
    ends = [x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc for file in chains]
    month_ends = world.at(world.script.nights, 22)
    return min((end for end in ends if end < month_ends), default=None)


def _slot_problems(world: World, workspace: Workspace, begun: datetime) -> list[str]:
    """Return every time that was not done, done for another one, or done although nobody asked for it.

    The times are those that the shipped policy says in words: audits at 22:00, backups at 4:30, digests at
    6:30, pruning on Sundays at 5:00, all in western Indonesian time.
    """
    asked = set()
    for night in range(1, world.script.nights + 2):
        times = {"audit": (22, 0), "backup": (4, 30), "digest": (6, 30)}
        if world.day(night).isoweekday() == 7:
            times["prune"] = (5, 0)
        for name, (hour, minute) in times.items():
            at = world.at(night, hour) + timedelta(minutes=minute)
            if begun < at < world.at(world.script.nights + 1, 7):
                asked.add((name, at))
    slots = workspace.slots.all()
    found = Counter((one.schedule, one.at) for one in slots)
    told = [f"missed: {name} {at}" for name, at in asked - found.keys()]
    told += [f"not asked for: {name} {at}" for name, at in found.keys() - asked]
    told += [
        f"{one.schedule} {one.at} {one.status.value}: {one.reason}"
        for one in slots
        if one.status is not SlotStatus.DONE
    ]
    runs = Counter(one.run for one in slots if one.run)
    told += [f"twice: {run}" for run, count in runs.items() if count > 1]
    audits = {run.id for run in workspace.runs.all() if run.kind.value == "audit"}
    return sorted([*told, *(f"no audit for {run}" for run in runs.keys() ^ audits)])


def _plain(month: Month) -> dict[str, Any]:
    return {**asdict(month), "is_as_scripted": month.is_as_scripted}


def _print(month: Month) -> None:
    print("\nnight  seconds  rows  open  memory MB  database MB  raw files  raw MB  pruned  backup MB")
    for one in month.nights:
        print(
            f"{one.night:5}{one.seconds:9.0f}{one.rows:6}{one.open:6}{one.memory_bytes / 1e6:11.0f}"
            f"{one.database_bytes / 1e6:13.1f}{one.raw_files:11}{one.raw_bytes / 1e6:8.1f}{one.pruned:8}"
            f"{one.backup_bytes / 1e6:11.1f}"
        )
    print(f"\n{month.findings} findings compared, {len(month.differences)} differ")
    print(f"days of the trial that differ: {len(month.trial_differences)}")
    print(f"slots: {month.slots}; problems: {len(month.slot_problems)}; re-tests: {month.retests}")
    print(f"pruned once the trial was closed: {month.pruned_after_trial}")
    print(f"chain problems: {len(month.chain_problems)}; rows in the restored backup: {month.restored_rows}")
    for line in (*month.differences, *month.trial_differences, *month.slot_problems, *month.chain_problems):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
