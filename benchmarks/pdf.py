"""Print the reports of many agencies as PDF, and compare it with writing the same pages as HTML.

Run: python -m benchmarks.pdf [OPDxSERVERS...]   (default 10x5 50x5)
The data is made up (see made_up_reports.py) and stands in memory. Each format of each size runs in a process
of its own; files are let go one by one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass

from benchmarks.made_up_reports import made_up_report
from reports.formats.pdf import imprint
from reports.pages import pages
from reports.pdf import print_pdf
from reports.view.context import make_context

_DEFAULT_SIZES = ("10x5", "50x5")
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Printing:
    """What one format took: CPU seconds, files, their bytes, memory in MB before and at most."""

    seconds: float
    files: int
    bytes: int
    data_memory: float
    peak_memory: float


def main() -> int:
    """Measure every size in both formats and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pdf", description=__doc__)
    parser.add_argument("sizes", nargs="*", help="agencies x servers of each, such as 50x20")
    columns = (
        "OPD x servers",
        "format",
        "files",
        "CPU s",
        "CPU s/OPD",
        "MB",
        "data MB",
        "peak MB",
        "ratio",
    )
    print("".join(f"{column:>14}" for column in columns))
    for size in parser.parse_args().sizes or _DEFAULT_SIZES:
        html = in_its_own_process(size, "html")
        print(_row(size, "html", html, html), flush=True)
        print(_row(size, "pdf", in_its_own_process(size, "pdf"), html), flush=True)
    return 0


def _row(size: str, form: str, found: Printing, html: Printing) -> str:
    opds = int(size.split("x")[0])
    return (
        f"{size:>14}{form:>14}{found.files:14}{found.seconds:14.1f}{found.seconds / opds:14.2f}"
        f"{found.bytes / _KILOBYTE**2:14.1f}{found.data_memory:14.0f}{found.peak_memory:14.0f}"
        f"{found.seconds / html.seconds:14.1f}"
    )


def in_its_own_process(size: str, form: str) -> Printing:
    """Measure in a fresh process, so that its peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (size, form))


def measure(size: str, form: str) -> Printing:
    """Make the data, render every page, and return what rendering took."""
    data = made_up_report(*map(int, size.split("x")))
    before, started = _peak_megabytes(), time.process_time()
    files = written = 0
    for page in pages(make_context(data, "id", "2022"), None, form):
        content = print_pdf(page.html, imprint(data)) if form == "pdf" else page.html
        files, written = files + 1, written + len(content)
    return Printing(time.process_time() - started, files, written, before, _peak_megabytes())


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTE


if __name__ == "__main__":
    sys.exit(main())
