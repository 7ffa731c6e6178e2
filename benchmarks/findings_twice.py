"""Store thousands of findings twice and in any order, by two at once and killed: nothing is written twice.

Run: python -m benchmarks.findings_twice [FINDINGS [ROUNDS]]   (default 10000 20)
Five audits of many servers: judged in order, judged again, judged in another order, judged by two processes
at once, and by processes killed with SIGKILL at random moments. Every way has to come to the same findings
with the same history. The last two take a tenth of the findings.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from auditor.model.finding_record import FindingEvent, FindingRecord
from auditor.model.inventory import Server
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.usecases.lives import CIPHERS, TELNET, Told, judge, state
from tests.auditor.usecases.world import BKD

_PLACES_OF_A_SERVER = 10
_RUNS = 5
_SEED = 20261122
State = tuple[dict[str, FindingRecord], tuple[FindingEvent, ...]]


def main() -> int:
    """Run every way and print what it took; exit with 1 when any comes to something else."""
    numbers = [int(word) for word in sys.argv[1:]]
    findings, rounds = numbers[0] if numbers else 10_000, numbers[1] if len(numbers) > 1 else 20
    chance = random.Random(_SEED)
    runs = story(findings, chance)
    print(f"{findings} findings, {len(runs)} audits, {sum(len(one.statuses) for one in runs)} verdicts")
    with tempfile.TemporaryDirectory() as name:
        expected = _twice(Path(name), runs)
        wrong = _shuffled(Path(name), runs, expected, chance)
        small = story(max(findings // 10, 10), chance)
        wanted = _expected(Path(name) / "small", small)
        wrong += _at_once(Path(name), small, wanted, rounds)
        wrong += _killed(Path(name), small, wanted, rounds, chance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"highest memory: {peak} MB; {wrong} wrong")
    return 1 if wrong else 0


def story(findings: int, chance: random.Random) -> list[Told]:
    """Return audits in the first of which everything fails; later ones see this and that mended or silent."""
    servers = tuple(_server(number) for number in range(-(-findings // _PLACES_OF_A_SERVER)))
    places = [place for server in servers for place in _places(server)][:findings]
    days = [Told(0, dict.fromkeys(places, Status.FAIL), servers)]
    for day in range(1, _RUNS):
        seen = {
            place: chance.choices((Status.FAIL, Status.PASS, Status.UNKNOWN), (7, 2, 1))[0]
            for place in places
        }
        days.append(Told(day, seen, servers))
    return days


def _server(number: int) -> Server:
    address = ip_address((10 << 24) + (1 << 16) + number)
    return replace(BKD.servers[1], id=f"bkd-{number:05d}", name=f"bkd-{number:05d}", addresses=(address,))


def _places(server: Server) -> Iterator[tuple[str, Subject]]:
    address = str(server.addresses[0])
    for number in range(_PLACES_OF_A_SERVER):
        if number % 2:
            yield TELNET, Subject(SubjectKind.SERVICE, server.id, address, 2300 + number)
        else:
            yield CIPHERS, Subject(SubjectKind.SSH, server.id, address, 2200 + number)


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    """Open a workspace for a while."""
    workspace = open_workspace(folder)
    try:
        yield workspace
    finally:
        workspace.engine.dispose()


def _timed(label: str, workspace: Workspace, runs: Sequence[Told]) -> int:
    started = time.monotonic()
    changed = sum(judge(workspace, one) for one in runs)
    print(f"{label}: {changed} rows changed, {time.monotonic() - started:.2f} s", flush=True)
    return changed


def _twice(folder: Path, runs: Sequence[Told]) -> State:
    """Judge in order, everything again, and the newest with its verdicts in another order."""
    with opened(folder / "twice") as workspace:
        for number, one in enumerate(runs, 1):
            _timed(f"audit {number}, first", workspace, [one])
        newest = runs[-1]
        again = _timed("newest, second", workspace, [newest])
        shuffled = replace(newest, statuses=dict(sorted(newest.statuses.items(), reverse=True)))
        again += _timed("newest, verdicts in another order", workspace, [shuffled])
        again += _timed("oldest, again", workspace, [runs[0]])
        if again:
            raise SystemExit("judging again changed rows")
        return state(workspace)


def _shuffled(folder: Path, runs: Sequence[Told], expected: State, chance: random.Random) -> int:
    order = chance.sample(runs, len(runs))
    days = [int(one.day) for one in order]
    with opened(folder / "shuffled") as workspace:
        _timed(f"in the order {days}", workspace, order)
        same = state(workspace) == expected
        print(f"in the order {days}: {'same' if same else 'OTHER'} findings")
        return not same


def _expected(folder: Path, runs: Sequence[Told]) -> State:
    with opened(folder) as workspace:
        for one in runs:
            judge(workspace, one)
        return state(workspace)


def _judge_all(folder: Path, runs: Sequence[Told]) -> None:
    with opened(folder) as workspace:
        for one in runs:
            judge(workspace, one)


def _prepared(folder: Path, runs: Sequence[Told]) -> None:
    with opened(folder) as workspace:
        for one in runs:
            workspace.runs.create(one.run, one.inputs)


def _compared(folder: Path, runs: Sequence[Told], expected: State, *, again: bool) -> bool:
    """Return whether a workspace holds what is expected, its marks with it."""
    with opened(folder) as workspace:
        if list(workspace.marks.verify()):
            return False
        if again:
            for one in runs:
                judge(workspace, one)
        return state(workspace) == expected and not list(workspace.marks.verify())


def _at_once(folder: Path, runs: Sequence[Told], expected: State, rounds: int) -> int:
    wrong = 0
    for number in range(rounds):
        place = folder / f"at-once-{number}"
        _prepared(place, runs)
        parts = (runs[::2], runs[1::2])
        both = [multiprocessing.Process(target=_judge_all, args=(place, part)) for part in parts]
        for one in both:
            one.start()
        for one in both:
            one.join()
        sound = not any(one.exitcode for one in both) and _compared(place, runs, expected, again=False)
        wrong += not sound
    print(f"two at once: {rounds - wrong} of {rounds} rounds came to the same")
    return wrong


def _killed(folder: Path, runs: Sequence[Told], expected: State, rounds: int, chance: random.Random) -> int:
    started = time.monotonic()
    _prepared(folder / "undisturbed", runs)
    _judge_all(folder / "undisturbed", runs)
    seconds, wrong = time.monotonic() - started, 0
    for number in range(rounds):
        place = folder / f"killed-{number}"
        _prepared(place, runs)
        victim = multiprocessing.Process(target=_judge_all, args=(place, chance.sample(runs, len(runs))))
        victim.start()
        victim.join(chance.uniform(0, seconds))
        victim.kill()
        victim.join()
        wrong += not _compared(place, runs, expected, again=True)
    print(f"killed at random: {rounds - wrong} of {rounds} rounds came to the same when judged again")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
