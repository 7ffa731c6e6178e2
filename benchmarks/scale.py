"""Measure what an audit of many servers takes: wall clock, CPU and memory, per size.

Run as root: python -m benchmarks.scale [SIZE...] (default 50 200 800), with the budgets as options.
The servers are the farm's, on loopback: a wait of the network is not in the figures, the budgets are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.costs import Cost, Memory, run_watched
from benchmarks.farm import farm

_DEFAULT_SIZES = (50, 200, 800)
_EXPECTED_CODES = (0, 1, 3)


def main() -> int:
    """Measure every size and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", help="numbers of servers")
    add_budget_options(parser)
    arguments = parser.parse_args()
    print_budgets(arguments)
    columns = ("servers", "wall s", "CPU s", "wall/server", "CPU/server", "parent RSS", "workers RSS")
    print("".join(f"{column:>13}" for column in (*columns, "workers PSS")), "(MB)")
    for size in arguments.sizes or _DEFAULT_SIZES:
        cost, memory = audit_of_farm(size, budget_policy(arguments))
        wall, cpu = cost.wall_seconds, cost.cpu_seconds
        print(f"{size:13}{wall:13.1f}{cpu:13.1f}{wall / size:13.2f}{cpu / size:13.2f}", end="")
        print(f"{memory.parent:13.0f}{memory.workers_resident:13.0f}", end="")
        print(f"{memory.workers_proportional:13.0f}", flush=True)
    return 0


def add_budget_options(parser: argparse.ArgumentParser) -> None:
    """Add the budgets that the figures depend on; defaults are the shipped policy's."""
    parser.add_argument("--connections-per-second", type=float, default=5, help="to one host")
    parser.add_argument("--parallel-connections", type=int, default=2, help="to one host")
    parser.add_argument("--packets-per-second", type=int, default=50, help="of the port scan, to one host")
    parser.add_argument("--ssh-spacing-seconds", type=float, default=2, help="between connections to SSH")
    parser.add_argument("--parallel-hosts", type=int, default=12, help="hosts measured at once")
    parser.add_argument("--total-connections-per-second", type=float, default=60, help="to all hosts")
    parser.add_argument(
        "--reference-days",
        type=int,
        default=30,
        help="0: without sslyze's whole scan, as most nights",
    )


def print_budgets(arguments: argparse.Namespace) -> None:
    """Print the budgets, without which no figure means anything."""
    budgets = {name: value for name, value in vars(arguments).items() if name not in ("sizes", "sample")}
    print("budgets:", ", ".join(f"{name} {value:g}" for name, value in budgets.items()))


def budget_policy(arguments: argparse.Namespace) -> Mapping[str, Any]:
    """Return the part of a policy that says these budgets."""
    return {
        "budgets": {
            "normal": {
                "connections_per_second": arguments.connections_per_second,
                "parallel_connections": arguments.parallel_connections,
                "packets_per_second": arguments.packets_per_second,
                "ssh_spacing_seconds": arguments.ssh_spacing_seconds,
            }
        },
        "total": {
            "parallel_hosts": arguments.parallel_hosts,
            "connections_per_second": arguments.total_connections_per_second,
        },
        "reuse": {"reference_days": arguments.reference_days},
    }


def audit_of_farm(size: int, policy: Mapping[str, Any]) -> tuple[Cost, Memory]:
    """Start so many servers, audit them, and return what the audit alone took; raise when it failed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # daemons that change users must enter it
        with farm(size, folder, policy) as inventory:
            code, cost, memory = run_watched(audit_command(inventory, folder))
    if code not in _EXPECTED_CODES:
        raise RuntimeError(f"auditor audit ended with exit code {code}; run it by hand to see why")
    return cost, memory


def audit_command(inventory: Path, folder: Path) -> tuple[str, ...]:
    """Return the command that audits a farm into a folder."""
    return (
        *(sys.executable, "-m", "auditor.cli.main", "audit"),
        *("--inventory", str(inventory), "--policy", str(inventory.with_name("policies.yaml"))),
        *("--workspace", str(folder / "audit-data"), "--reports", str(folder / "reports")),
    )


if __name__ == "__main__":
    sys.exit(main())
