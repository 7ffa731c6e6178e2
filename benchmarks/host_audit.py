"""Audit the hosts of a farm as `auditor audit` does: the runner, its workers, one session for each host.

It is a process of its own, so that what it takes can be told from what the hosts take. Reads FOLDER/jobs.json
and writes FOLDER/looks.json: python -m benchmarks.host_audit FOLDER PARALLEL_HOSTS
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from auditor.model.facts import JSON
from auditor.model.plan import Task
from auditor.policy.loading import load_policy
from auditor.usecases.planning import limits_for
from benchmarks.host_farm import PORT, FarmHost
from benchmarks.host_root import USER
from scanners.host.report import parse_report
from scanners.runner import Done, Job, Runner

_LATE = (124, 137)
"""Exit status of a command that ran out of time (timeout(1))."""


@dataclass(frozen=True, slots=True)
class LookInside:
    """What an audit saw of one host, in `seconds` of wall clock."""

    server: str
    seconds: float
    facts: int
    unread: int
    late_sections: int
    failure: str


def write_jobs(hosts: Iterable[FarmHost], key: Path, folder: Path) -> None:
    """Write what the audit of these hosts needs to know."""
    listed = [{"server": host.id, "address": host.address, "host_key": host.host_key} for host in hosts]
    (folder / "jobs.json").write_text(json.dumps({"key": str(key), "hosts": listed}))


def read_looks(folder: Path) -> list[LookInside]:
    """Return what the audit saw."""
    return [LookInside(**fields) for fields in json.loads((folder / "looks.json").read_text())]


def main(folder: Path, parallel_hosts: int) -> int:
    """Audit every host once, and write what was seen."""
    shipped = load_policy()
    policy = replace(shipped, total=replace(shipped.total, parallel_hosts=parallel_hosts))
    told = json.loads((folder / "jobs.json").read_text())
    secret = Path(told["key"]).read_bytes()
    tasks = [task_of(**host) for host in told["hosts"]]
    looks: list[LookInside] = []

    def keep(done: Done) -> Sequence[Job]:
        looks.append(_look(done))
        return ()

    Runner(parallel_hosts, lambda: False).run(
        [Job(task, limits_for(task, policy), secret) for task in tasks], keep
    )
    (folder / "looks.json").write_text(json.dumps([asdict(look) for look in looks]))
    return 0


def task_of(server: str, address: str, host_key: str) -> Task:
    """Return what an audit plans for the inside of one host."""
    options: dict[str, JSON] = {"user": USER, "host_keys": [host_key], "sudo": True, "credential": "farm"}
    return Task("host", server, "opd-01", address, PORT, options=options)


def _look(done: Done) -> LookInside:
    seen = done.observation
    unread = seen.facts.get("host.unread")
    content = seen.raw[0].content if seen.raw else b""
    sections = parse_report(content, str(seen.settings.get("marker", ""))).sections.values()
    return LookInside(
        server=done.job.task.server,
        seconds=done.duration_seconds,
        facts=len(seen.facts),
        unread=len(unread) if isinstance(unread, list) else 0,
        late_sections=sum(section.exit_code in _LATE for section in sections),
        failure=f"{seen.failure.kind} {seen.failure.detail}" if seen.failure else "",
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
