"""Go through the findings of a host, one remedy after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.model.check import Check
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status
from controls.loading import load_catalogue
from tests.lab.hosts.auditing import FROM_OUTSIDE
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host
from tests.lab.hosts.roundtrip.adapted import adapted, in_order
from tests.lab.hosts.roundtrip.collector import CA_PATH
from tests.lab.hosts.roundtrip.trip import Result, Seen, ShutOutError, see, trip


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
