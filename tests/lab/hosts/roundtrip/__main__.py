"""Try the remedies on the hosts that fail, and print what came of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.model.check import Check
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status
from controls.loading import load_catalogue
from tests.lab.hosts.auditing import FROM_OUTSIDE
from tests.lab.hosts.fleet import HOSTS
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host
from tests.lab.hosts.roundtrip.adapted import adapted, in_order
from tests.lab.hosts.roundtrip.collector import CA_PATH, collecting
from tests.lab.hosts.roundtrip.outcomes import record
from tests.lab.hosts.roundtrip.trip import Result, Seen, ShutOutError, see, trip


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


def host_checks() -> Mapping[str, Check]:
    """Return the checks that the inside of a host alone decides, by id."""
    return {
        name: check
        for name, check in load_catalogue().checks.items()
        if check.subject is SubjectKind.HOST and name not in FROM_OUTSIDE
    }


@dataclass(frozen=True, slots=True)
class Bench:
    """What every trip needs: the lab, the authority of its log collector, and the checks."""

    lab: HostLab
    authority: bytes
    checks: Mapping[str, Check]

    def anew(self, host: Host) -> Seen:
        """Bring a host up as it was at first: what was changed in an earlier trip must not be found again."""
        self.lab.end(host)
        self.lab.up()
        (self.lab.machine(host).root / CA_PATH).write_bytes(self.authority)
        return see(self.lab, host, self.checks)


def trips(bench: Bench, host: Host, wanted: frozenset[str]) -> Iterator[Result]:
    """Yield what came of each wanted check that fails on a host, one remedy after the other."""
    now = bench.anew(host)
    for name in in_order(one for one, status in now.statuses.items() if status is Status.FAIL):
        closed = now.statuses[name] is not Status.FAIL and not adapted(name, host.id).breaks
        if name not in wanted or closed:
            continue
        try:
            result, now = trip(bench.lab, now, bench.checks[name], bench.checks)
        except ShutOutError as error:
            result = Result(name, host.id, host.release.id, "", problem=str(error))
            now = bench.anew(host)
        yield result
    bench.lab.end(host)


def _print(one: Result) -> None:
    broke = f"; broke {', '.join(one.broke)}" if one.broke else ""
    closed = f"; also {', '.join(one.also_closed)}" if one.also_closed else ""
    print(
        f"{one.release:13} {one.check:36} {one.software:11} {one.problem or 'proven'}{broke}{closed}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
