"""Do schedules hold when processes are killed, started twice, and the clock is moved?

python -m benchmarks.scheduler_faults [--kills 100] [--rounds 50]

Real processes share a workspace and its lock; their clock runs an hour in a second, and their work is only
noted. What they noted is compared with what cron times and the processes' own lives say, computed here
without any of the scheduler's code. Prints, for each fault, times asked for, done, missed and doubled.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.model.inventory import Inventory, Organization
from auditor.model.policy import Policy
from auditor.model.schedule import Schedule, Slot, SlotReason, SlotStatus, Work
from auditor.policy.loading import load_policy
from auditor.store.database import open_engine, sqlite_url
from auditor.store.slots import SET_BACK, SlotStore
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.clock import Clock
from auditor.usecases.inputs import Inputs
from auditor.usecases.leader import Lead
from auditor.usecases.rulebook import Rulebook
from auditor.usecases.scheduling import Ended, Scheduler, Turn
from auditor.work.serve import Service
from controls.loading import Catalogue, load_catalogue

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPEED = 3600.0
"""Seconds of the simulated clock in one of the machine's."""
START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NIGHTLY = Schedule("malam", Work.AUDIT, "0 22 * * *", "Asia/Jakarta", 360, 1440)
OFTEN = Schedule("sering", Work.BACKUP, "0 */3 * * *", "Asia/Jakarta", 60, 180)
EVERY = {"malam": DAY, "sering": 3 * HOUR}
FIRST = {"malam": datetime(2026, 11, 20, 15, tzinfo=UTC), "sering": datetime(2026, 11, 20, 5, tzinfo=UTC)}
"""22:00, and a multiple of three hours, in Jakarta: what the cron expressions say, worked out by hand."""


@dataclass(frozen=True, slots=True)
class FastClock(Clock):
    """A clock that all processes share, that runs fast, and that can be moved."""

    began: float = field(default_factory=time.monotonic)
    moved: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 8))

    def now(self) -> datetime:
        """Return what it shows."""
        (moved,) = struct.unpack("d", self.moved[:8])
        return START + timedelta(seconds=(time.monotonic() - self.began) * SPEED + moved)

    def move(self, by: timedelta) -> None:
        """Move it."""
        (moved,) = struct.unpack("d", self.moved[:8])
        self.moved[:8] = struct.pack("d", moved + by.total_seconds())


@dataclass(frozen=True, slots=True)
class Noting:
    """Notes in a file that all processes share what is begun and ended; it takes a quarter of an hour."""

    notes: Path

    def hindrance(self, _schedule: Schedule) -> SlotReason | None:
        """Return None: nothing hinders it."""
        return None

    def do(self, turn: Turn, _clock: Clock) -> Ended:
        """Do what an audit does: what was ended before is not measured again."""
        name = turn.slot.run or f"{turn.slot.schedule}@{turn.slot.at.isoformat()}"
        if not any(line[1:3] == ["end", name] for line in read_notes(self.notes)):
            note(self.notes, "begin", name, turn.slot.schedule, turn.slot.at.isoformat())
            time.sleep(0.25)
            note(self.notes, "end", name, turn.slot.schedule, turn.slot.at.isoformat())
        return Ended(SlotStatus.DONE)


def note(path: Path, *words: str) -> None:
    """Add a line, whole or not at all."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, (" ".join((str(os.getpid()), *words)) + "\n").encode())
    os.close(descriptor)


def read_notes(path: Path) -> list[list[str]]:
    """Return the lines, as words."""
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


@dataclass(slots=True)
class World:
    """A workspace, its shared clock, and the processes that serve it."""

    folder: Path
    inputs: Inputs
    workspace: Workspace
    clock: FastClock = field(default_factory=FastClock)
    lives: list[tuple[datetime, datetime]] = field(default_factory=list)
    """From when to when at least one process served."""

    @property
    def notes(self) -> Path:
        """Return the file of what was done."""
        return self.folder / "notes"

    def start(self) -> int:
        """Start a process that serves, and return its number."""
        pid = os.fork()
        if pid == 0:
            try:
                self._serve()
            finally:
                os._exit(1)
        return pid

    def _serve(self) -> None:
        engine = open_engine(sqlite_url(self.folder / "audit.db"))
        own = replace(self.workspace, engine=engine, slots=SlotStore(engine))
        rulebook = Rulebook(own, lambda: self.inputs)
        scheduler = Scheduler(own, rulebook, Noting(self.notes))
        service = Service(
            scheduler,
            Lead(own),
            deliver=lambda: None,
            stopped=lambda: False,
            wait=lambda seconds: time.sleep(max(0.03, seconds / SPEED)),
            tell=lambda _line: None,
            clock=self.clock,
        )
        service.serve()

    @contextmanager
    def alive(self, processes: int = 1) -> Iterator[list[int]]:
        """Let processes serve, and kill those that are left in the end."""
        began = self.clock.now()
        pids = [self.start() for _ in range(processes)]
        try:
            yield pids
        finally:
            for pid in pids:
                kill(pid)
            self.lives.append((began, self.clock.now()))

    def slots(self) -> list[Slot]:
        """Return every slot as it is stored."""
        engine = open_engine(sqlite_url(self.folder / "audit.db"))
        try:
            return list(SlotStore(engine).all())
        finally:
            engine.dispose()


def kill(pid: int) -> None:
    """Kill a process of ours, if it is not dead yet."""
    if os.waitpid(pid, os.WNOHANG) == (0, 0):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@contextmanager
def world(policy: Policy, catalogue: Catalogue, *schedules: Schedule) -> Iterator[World]:
    """Make a world with schedules, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="tilik-faults-") as name:
        inventory = Inventory(Organization("Contoh", "Asia/Jakarta"), (), (), ())
        inputs = Inputs(inventory, replace(policy, schedules=schedules), catalogue)
        workspace = open_workspace(Path(name))
        workspace.engine.dispose()
        yield World(Path(name), inputs, workspace)


@dataclass(slots=True)
class Result:
    """What a fault came to."""

    fault: str
    asked: int = 0
    done: int = 0
    missed: int = 0
    """Times that some process could have begun and none did, or of which nothing is known."""
    doubled: int = 0
    """Times that were done twice, and work that was done while other work was."""
    excused: int = 0
    """Times at which no process lived."""


def compare(fault: str, made: World) -> Result:
    """Compare what was done with what the times and the lives of the processes ask for."""
    result = Result(fault)
    slots = made.slots()
    rows = Counter((slot.schedule, slot.at) for slot in slots)
    status = {(slot.schedule, slot.at): slot.status for slot in slots}
    ends = Counter(
        (line[3], datetime.fromisoformat(line[4])) for line in read_notes(made.notes) if line[1] == "end"
    )
    last = made.lives[-1][1]
    for name, every in EVERY.items():
        if name not in {schedule.id for schedule in made.inputs.policy.schedules}:
            continue
        at = FIRST[name]
        # The newest times may still be under way, or wait behind other work.
        while at + every <= last:
            result.asked += 1
            result.doubled += max(0, ends[name, at] - 1)
            result.done += ends[name, at] >= 1
            if ends[name, at] == 0:
                # Somebody was there for the whole of an hour: long enough to begin what was due.
                there = any(min(end, at + every) - max(begin, at) > HOUR for begin, end in made.lives)
                told = status.get((name, at)) is SlotStatus.MISSED
                result.excused += not there and told
                result.missed += there or not told
            result.missed += rows[name, at] != 1
            at += every
    result.doubled += overlaps(read_notes(made.notes))
    return result


def overlaps(notes: list[list[str]]) -> int:
    """Return how often work was begun while another living process was at work."""
    found, working = 0, ""
    for pid, what, *_ in notes:
        if what == "killed":
            working = "" if working == pid else working
        elif what == "begin":
            found += working not in ("", pid)
            working = pid
        elif what == "end":
            working = ""
    return found


def random_kills(made: World, kills: int, dice: random.Random) -> Result:
    """Kill the one process again and again, at any moment."""
    for _ in range(kills):
        with made.alive() as pids:
            time.sleep(dice.uniform(0.02, 1.6))
            kill_noted(made, pids[0])
    with made.alive():
        time.sleep(3.5)
    return compare(f"killed {kills} times", made)


def kill_noted(made: World, pid: int) -> None:
    """Kill a process and note it, so that nobody takes its unfinished work for work under way."""
    os.kill(pid, signal.SIGKILL)
    note_for(made.notes, pid)


def note_for(path: Path, pid: int) -> None:
    """Note that a process was killed, once it cannot note anything any more."""
    while True:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z":
            break
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, f"{pid} killed\n".encode())
    os.close(descriptor)


def started_together(made: World, rounds: int, dice: random.Random) -> Result:
    """Start two to five processes at once, and kill them one after the other."""
    for _ in range(rounds):
        with made.alive(dice.randint(2, 5)) as pids:
            for pid in dice.sample(pids, len(pids)):
                time.sleep(dice.uniform(0.1, 0.8))
                kill_noted(made, pid)
    with made.alive():
        time.sleep(3.5)
    return compare(f"several at once, {rounds} rounds", made)


def moved_clock(made: World, by: tuple[timedelta, ...], hours: int = 28) -> Result:
    """Move the clock while a process serves; every stretch of time asks for its own nights."""
    result = Result("clock moved " + ", ".join(f"{step.days:+d} days" for step in by))
    with made.alive():
        wait_until(made.clock, START + 30 * HOUR)
        stretches = [(START, made.clock.now())]
        for step in by:
            made.clock.move(step)
            began = made.clock.now()
            wait_until(made.clock, began + hours * HOUR)
            stretches.append((began, made.clock.now()))
    ends = Counter(datetime.fromisoformat(line[4]) for line in read_notes(made.notes) if line[1] == "end")
    expected = expected_nights(stretches)
    for at in expected.keys() | ends.keys():
        result.asked += expected[at]
        result.done += min(ends[at], expected[at])
        result.missed += max(0, expected[at] - ends[at])
        result.doubled += max(0, ends[at] - expected[at])
    rows = Counter((slot.schedule.removesuffix(SET_BACK), slot.schedule, slot.at) for slot in made.slots())
    result.doubled += sum(count - 1 for count in rows.values())
    return result


def expected_nights(stretches: list[tuple[datetime, datetime]]) -> Counter[datetime]:
    """Return how often each night is asked for, by the times that the clock showed.

    A stretch that begins earlier than the one before ended was set back: whatever the clock shows then, it
    shows for the first time. One that begins later makes up for the newest night that it jumped over.
    """
    wanted: Counter[datetime] = Counter()
    before = stretches[0][0]
    for begin, end in stretches:
        nights = [FIRST["malam"] + number * DAY for number in range(-10, 120)]
        if begin > before:
            jumped = [at for at in nights if before < at <= begin]
            wanted.update(jumped[-1:])
        # The newest may have begun and not ended yet when all were stopped.
        wanted.update(at for at in nights if begin < at <= end - HOUR)
        before = end
    return wanted


def machine_off(made: World, off: tuple[timedelta, ...]) -> Result:
    """Let no process live for a while, between long stretches in which one does."""
    for gap in (timedelta(0), *off):
        made.clock.move(gap)
        with made.alive() as pids:
            time.sleep(5.5)
            kill_noted(made, pids[0])
    return compare("machine off for " + ", then ".join(f"{gap / HOUR:.3g} h" for gap in off), made)


def wait_until(clock: FastClock, instant: datetime) -> None:
    """Wait until a clock shows an instant."""
    while clock.now() < instant:
        time.sleep(0.02)


def main() -> int:
    """Print one line for each fault; return 1 when anything was missed or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=6)
    chosen = parser.parse_args()
    policy, catalogue, dice = load_policy(), load_catalogue(), random.Random(chosen.seed)
    minute = timedelta(minutes=1)
    faults: tuple[tuple[Callable[[World], Result], tuple[Schedule, ...]], ...] = (
        (lambda made: random_kills(made, chosen.kills, dice), (NIGHTLY, OFTEN)),
        (lambda made: started_together(made, chosen.rounds, dice), (NIGHTLY, OFTEN)),
        (lambda made: moved_clock(made, (-3 * DAY,), 76), (NIGHTLY,)),
        (lambda made: moved_clock(made, (45 * DAY,)), (NIGHTLY,)),
        (lambda made: moved_clock(made, (45 * DAY, -45 * DAY, -3 * DAY)), (NIGHTLY,)),
        (lambda made: machine_off(made, (minute, HOUR, 5 * DAY)), (NIGHTLY, OFTEN)),
    )
    bad = 0
    for fault, schedules in faults:
        with world(policy, catalogue, *schedules) as made:
            found = fault(made)
        bad += found.missed + found.doubled
        sys.stdout.write(
            f"{found.fault}: {found.asked} times asked for, {found.done} done, {found.excused} while nobody "
            f"lived, {found.missed} missed, {found.doubled} doubled\n"
        )
        sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
