"""Judge thousands of servers by the whole catalogue, and see that time and memory grow with their number.

Run: python -m benchmarks.judge [SERVERS...]   (default 100 1000 10000)
The evidence is made up (see many_servers.py) and stands in memory, as when an audit has read it from its
workspace; from there on it is what an audit does: `judge_run`, from facts to every card. Each size runs in a
process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass

from auditor.model.verdict import Status
from auditor.usecases.assess import judge_run
from benchmarks.many_servers import stored_run
from controls.loading import load_catalogue

_DEFAULT_SIZES = (100, 1_000, 10_000)
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Judging:
    """What judging one size took. Memory in MB: with the evidence alone, and at the highest."""

    servers: int
    seconds: float
    evidence_memory: float
    peak_memory: float
    verdicts: Counter[Status]
    cards: int

    @property
    def verdicts_per_second(self) -> float:
        """Return how many verdicts were reached and rolled up in a second."""
        return self.verdicts.total() / self.seconds


def main() -> int:
    """Measure every size and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judge", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", help="numbers of servers")
    sizes = parser.parse_args().sizes or _DEFAULT_SIZES
    columns = ("servers", "verdicts", "seconds", "s/server", "verdicts/s", "evidence MB", "peak MB", "ratio")
    print("".join(f"{column:>13}" for column in columns))
    first: Judging | None = None
    for size in sizes:
        found = in_its_own_process(size)
        first = first or found
        print(row_of(found, first), flush=True)
    return 0


def row_of(found: Judging, first: Judging) -> str:
    """Return a line of the table; the ratio is of seconds per server to those of the first size."""
    per_server = found.seconds / found.servers
    ratio = per_server / (first.seconds / first.servers)
    return (
        f"{found.servers:13}{found.verdicts.total():13}{found.seconds:13.2f}{per_server:13.5f}"
        f"{found.verdicts_per_second:13.0f}{found.evidence_memory:13.0f}{found.peak_memory:13.0f}{ratio:13.2f}"
    )


def in_its_own_process(servers: int) -> Judging:
    """Measure one size in a fresh process, so that its peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (servers,))


def measure(servers: int) -> Judging:
    """Make the evidence, judge it, and return what judging took."""
    stored, catalogue = stored_run(servers), load_catalogue()
    before = _peak_megabytes()
    started = time.monotonic()
    judged = judge_run(stored.run, stored.inputs, catalogue, stored.evidence)
    seconds = time.monotonic() - started
    counted = Counter(verdict.status for verdict in judged.verdicts)
    return Judging(servers, seconds, before, _peak_megabytes(), counted, len(judged.scorecards))


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTE


if __name__ == "__main__":
    sys.exit(main())
