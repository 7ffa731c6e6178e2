"""Render the leadership summary of many agencies, and see what its size and time grow with.

Run: python -m benchmarks.summary [OPDxSERVERS...]   (default 12x20 50x20 50x1000)
The data is made up (see made_up_reports.py) and stands in memory; what is measured is the page alone. Each
size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass

from benchmarks.made_up_reports import made_up_report
from reports.page import render_page
from reports.view.context import make_context
from reports.view.summary import summary_view

_DEFAULT_SIZES = ("12x20", "50x20", "50x1000")
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Rendering:
    """What rendering one size took: CPU seconds, bytes of the page, memory in MB before and at most."""

    size: str
    seconds: float
    bytes: int
    data_memory: float
    peak_memory: float


def main() -> int:
    """Measure every size and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.summary", description=__doc__)
    parser.add_argument("sizes", nargs="*", help="agencies x servers of each, such as 50x1000")
    sizes = parser.parse_args().sizes or _DEFAULT_SIZES
    print("".join(f"{column:>13}" for column in ("OPD x servers", "CPU seconds", "kB", "data MB", "peak MB")))
    for size in sizes:
        found = in_its_own_process(size)
        print(
            f"{found.size:>13}{found.seconds:13.2f}{found.bytes / _KILOBYTE:13.0f}"
            f"{found.data_memory:13.0f}{found.peak_memory:13.0f}",
            flush=True,
        )
    return 0


def in_its_own_process(size: str) -> Rendering:
    """Measure one size in a fresh process, so that its peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (size,))


def measure(size: str) -> Rendering:
    """Make the data, render the page, and return what rendering took."""
    opds, servers = map(int, size.split("x"))
    data = made_up_report(opds, servers)
    before, started = _peak_megabytes(), time.process_time()
    context = make_context(data, "id", "2022")
    page = render_page(context, "summary.html", summary_view(context))
    return Rendering(size, time.process_time() - started, len(page), before, _peak_megabytes())


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTE


if __name__ == "__main__":
    sys.exit(main())
