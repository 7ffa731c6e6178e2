"""Draw maps of made-up fleets: python -m benchmarks.topology [SERVERS...]; prints sheets, size, time of CPU.

Two servers of three have findings, one of seventeen was not measured; they have none to sixteen open ports.
"""

from __future__ import annotations

import sys
import time
from datetime import date

from reports.topology.alone import map_alone, render_alone
from reports.words import Words
from tests.reports.organisation import policy
from tests.reports.topology.fleet import large

_SIZES = (50, 300, 1000)
_ZONES, _OPDS = 12, 50


def main(sizes: list[int]) -> int:
    """Print one line for each size."""
    columns = ("servers", "open ports", "sheets", "page in kB", "drawing in kB", "CPU seconds")
    print("".join(f"{name:>14}" for name in columns))
    for servers in sizes or _SIZES:
        print(_line(servers))
    return 0


def _line(servers: int) -> str:
    seen = large(servers, _ZONES, _OPDS)
    ports = sum(len(listed) for listed in seen.ports.values())
    started = time.process_time()
    view = map_alone(seen, policy(), Words("id", "Asia/Jakarta"), date(2026, 10, 6), None)
    page = render_alone(view, ".html")
    seconds = time.process_time() - started
    counts = (servers, ports, len(view.sheets), len(page) // 1000, len(render_alone(view, ".svg")) // 1000)
    return "".join(f"{count:14}" for count in counts) + f"{seconds:14.2f}"


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]]))
