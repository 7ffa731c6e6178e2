"""Try the remedies on the hosts that fail, and print what came of each."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.lab.hosts.fleet import HOSTS
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.roundtrip.collector import collecting
from tests.lab.hosts.roundtrip.outcomes import record
from tests.lab.hosts.roundtrip.running import Bench, host_checks, trips
from tests.lab.hosts.roundtrip.trip import Result


def main() -> int:
    """Print one line for each remedy; return 0 when every check tried is proven on a host."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.hosts.roundtrip", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="directory of everything the lab keeps")
    parser.add_argument("--check", action="append", help="only this check; may be repeated")
    parser.add_argument("--host", action="append", help="only this host; may be repeated")
    parser.add_argument("--json", type=Path, help="file of outcomes to bring up to date")
    asked = parser.parse_args()
    checks = host_checks()
    results: list[Result] = []
    hosts = tuple(one for one in HOSTS if not asked.host or one.id in asked.host)
    with HostLab(asked.state, hosts) as lab, collecting(lab.state_dir / "collector") as authority:
        for host in hosts:
            for result in trips(Bench(lab, authority, checks), host, frozenset(asked.check or checks)):
                results.append(result)
                _print(result)
                if asked.json:
                    record(asked.json, results)
    proven = {one.check for one in results if one.proven}
    tried = {one.check for one in results}
    print(f"{len(proven)} of {len(tried)} checks proven on a host")
    print("not proven:", *sorted(tried - proven))
    return 0 if proven == tried else 1


def _print(one: Result) -> None:
    broke = f"; broke {', '.join(one.broke)}" if one.broke else ""
    closed = f"; also {', '.join(one.also_closed)}" if one.also_closed else ""
    print(
        f"{one.release:13} {one.check:36} {one.software:11} {one.problem or 'proven'}{broke}{closed}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
