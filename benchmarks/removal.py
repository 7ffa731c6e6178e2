"""Take evidence away from a stored audit at random, many times, and see that nothing looks better for it.

Run: python -m benchmarks.removal WORKSPACE [TIMES]   (a workspace of `auditor audit`; default 200 times)
Each time some rows of evidence are lost, some become failures and some lose facts; the run is judged again,
with decisions of people made up over it. Every verdict must be what it was or UNKNOWN, and no score, grade,
coverage or control may be better, of no server, agency, control or clause, with or without exceptions.

Judging is a function of a subject's facts, so only subjects that show other facts than before are judged
again; everything else (which subjects there are, derived facts, waivers, every card) is done anew each time.
One time in a hundred all is compared with `judge_run`. Ends with 1 and the first violations, if any.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from pathlib import Path

from auditor.store.workspace import open_workspace
from benchmarks.removing import Removals, Tried

_DEFAULT_TIMES = 200
_PROCESSES = 2
_CHUNK = 50


def main() -> int:
    """Damage the newest run of a workspace so many times and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.removal", description=__doc__)
    parser.add_argument("workspace", type=Path, help="folder with audit.db")
    parser.add_argument("times", type=int, nargs="?", default=_DEFAULT_TIMES)
    parser.add_argument("--run", default="", help="id of the run (default: the newest)")
    parser.add_argument("--first", type=int, default=0, help="number of the first damage, to see one again")
    arguments = parser.parse_args()
    started = time.monotonic()
    numbers = range(arguments.first, arguments.first + arguments.times)
    chunks = [numbers[at : at + _CHUNK] for at in range(0, len(numbers), _CHUNK)]
    violations: list[str] = []
    counted: Counter[str] = Counter()
    context = multiprocessing.get_context("spawn")
    with context.Pool(_PROCESSES, _prepare, (arguments.workspace, arguments.run)) as pool:
        for tried in pool.imap_unordered(_try, chunks):
            counted.update(tried.counted)
            violations += tried.violations
    seconds = time.monotonic() - started
    print(", ".join(f"{name} {count}" for name, count in sorted(counted.items())))
    print(f"{arguments.times} times in {seconds:.0f} s: {len(violations)} violations")
    for violation in violations[:10]:
        print(violation)
    return 1 if violations else 0


_REMOVALS: list[Removals] = []
"""What a process of the pool works with."""


def _prepare(workspace: Path, run: str) -> None:
    _REMOVALS[:] = [Removals.of(open_workspace(workspace), run)]


def _try(numbers: range) -> Tried:
    return _REMOVALS[0].tried(numbers)


if __name__ == "__main__":
    sys.exit(main())
