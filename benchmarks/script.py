"""Compare an audit of many servers with the plain script, which is run on a sample of them and scaled.

Run as root, with the packages of benchmarks/packages.txt: python -m benchmarks.script [SAMPLE] [options]
The script takes its servers one after another, so its time grows with their number and a sample tells it. The
script only measures; the audit also judges every check, stores evidence and writes all reports.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.costs import Cost, cost_of, print_ratios
from benchmarks.farm import SHAPES, farm, farm_servers
from benchmarks.plain_script import Target, run_plain_script
from benchmarks.scale import add_budget_options, audit_of_farm, budget_policy, print_budgets

_PORTS = (22, 80, 443)


def main() -> int:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.script", description=__doc__)
    parser.add_argument("sample", type=int, nargs="?", default=14, help="servers that the script is run on")
    parser.add_argument("--servers", type=int, default=200, help="servers that are audited")
    add_budget_options(parser)
    arguments = parser.parse_args()
    print_budgets(arguments)
    sample = _sample_cost(arguments.sample, arguments.servers)
    ours, _ = audit_of_farm(arguments.servers, budget_policy(arguments))
    factor = arguments.servers / arguments.sample
    print(f"{arguments.servers} servers; the script on {arguments.sample} of them, times {factor:.1f}")
    print_ratios(sample.scaled(factor), ours)
    return 0


def _sample_cost(sample: int, count: int) -> Cost:
    """Return what the script takes on servers spread over the farm and over its shapes."""
    stride = max(1, count // sample)
    stride -= stride > 1 and stride % SHAPES == 0
    chosen = farm_servers(count)[::stride][:sample]
    targets = [Target(server.address, (server.hostname,), _PORTS) for server in chosen]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with farm(count, folder):
            return cost_of(lambda: run_plain_script(targets, folder))


if __name__ == "__main__":
    sys.exit(main())
