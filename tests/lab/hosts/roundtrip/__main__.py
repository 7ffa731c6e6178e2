"""Try the remedies on the hosts that fail, and print what came of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
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
    with HostLab(asked.state, hosts) as lab:
        for host in hosts:
            for result in trips(lab, host, checks, frozenset(asked.check or checks)):
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


def trips(lab: HostLab, host: Host, checks: Mapping[str, Check], wanted: frozenset[str]) -> Iterator[Result]:
    """Yield what came of each wanted check that fails on a host, one remedy after the other."""
    # What was changed in an earlier trip must not be found again.
    lab.end(host)
    lab.up()
    now = see(lab, host, checks)
    for name in in_order(one for one, status in now.statuses.items() if status is Status.FAIL):
        closed = now.statuses[name] is not Status.FAIL and not adapted(name, host.id).breaks
        if name not in wanted or closed:
            continue
        try:
            result, now = trip(lab, now, checks[name], checks)
        except ShutOutError as error:
            result = Result(name, host.id, host.release.id, "", problem=str(error))
            now = _anew(lab, host, checks)
        yield result
    lab.end(host)


def _anew(lab: HostLab, host: Host, checks: Mapping[str, Check]) -> Seen:
    lab.end(host)
    lab.up()
    return see(lab, host, checks)


def _print(one: Result) -> None:
    broke = f"; broke {', '.join(one.broke)}" if one.broke else ""
    closed = f"; also {', '.join(one.also_closed)}" if one.also_closed else ""
    print(
        f"{one.release:13} {one.check:36} {one.software:11} {one.problem or 'proven'}{broke}{closed}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
