"""Audit a thousand hostile servers in one run, with good ones among them, and see what it costs.

Run as root: python -m benchmarks.hostile [COUNT]   (default 1000)
Every behaviour of tests/hostile stands on its port at addresses of its own, in a network namespace of its
own. The good servers are audited once alone and once among the hostile ones, through the command. Prints what
became of every behaviour, the memory of the command and of its processes, and how fast the good servers were
done. Exits with 1 where a server is without facts and failure, a fault of ours shows, memory is beyond 1 GB,
or a good server takes longer than 1.25 times its time alone.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from auditor.model.evidence import Evidence
from auditor.store.workspace import open_workspace
from benchmarks.network import enter_own_network
from tests.hostile.servers import BEHAVIOURS, GOOD, Placement, standing
from tests.scanners.processes import children

_GOOD_COUNT = 20
_PARALLEL_HOSTS = 60
_TASK_SECONDS = 20
_MAXIMUM_KILOBYTES = 1_000_000
_LEAST_PACE = 0.8
_PORTS = {"http": 80, "tls": 443, "certificates": 443, "ssh": 22, "names": 53}
_STARTTLS_PORTS = {"smtp": 25, "ftp": 21, "imap": 143, "pop3": 110}
_SERVICE_PORTS = {
    "telnet": 23,
    "RPC": 111,
    "LDAP": 389,
    "SMB": 445,
    "rsync": 873,
    "MySQL": 3306,
    "RDP": 3389,
    "PostgreSQL": 5432,
    "VNC": 5900,
    "X11": 6000,
    "Redis": 6379,
    "JSON": 9200,
    "memcached": 11211,
    "MongoDB": 27017,
}
_TCP_PORTS = (22, 25, 80, 443)
_METHODS = ["ports", "udp", "tls", "certificates", "ssh", "http"]


@dataclass(frozen=True)
class Server:
    """A server of the benchmark."""

    id: str
    behaviour: str
    address: str
    port: int


@dataclass
class Audit:
    """What an audit of these servers left, and what it took."""

    exit_code: int
    error: str
    seconds: float
    evidence: list[Evidence]
    parent_kilobytes: int = 0
    worker_kilobytes: int = 0
    problems: list[str] = field(default_factory=list)


def main() -> int:
    """Run both audits and print the tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    enter_own_network()
    good = [Server(f"baik-{n}", GOOD.name, f"127.40.250.{n + 1}", 80) for n in range(_GOOD_COUNT)]
    hostile = [_hostile(n) for n in range(count)]
    with standing(_placements(good)), tempfile.TemporaryDirectory() as folder:
        alone = _audit(Path(folder) / "alone", good)
        with standing(_placements(hostile)):
            together = _audit(Path(folder) / "together", _mixed(good, hostile))
    if not together.evidence:
        print(f"nothing was measured: {together.error}")
        return 1
    _print_outcomes(hostile, together)
    return _print_summary(good, hostile, alone, together)


def _hostile(number: int) -> Server:
    name = list(BEHAVIOURS)[number % len(BEHAVIOURS)]
    behaviour = BEHAVIOURS[name]
    port = _PORTS.get(behaviour.family)
    if behaviour.family == "tcp":
        port = _TCP_PORTS[number // len(BEHAVIOURS) % len(_TCP_PORTS)]
    elif behaviour.starttls:
        port = _STARTTLS_PORTS[behaviour.starttls]
    port = port or _SERVICE_PORTS[behaviour.name.split(" ")[0]]
    return Server(f"jahat-{number}", name, f"127.40.{number // 200}.{number % 200 + 1}", port)


def _placements(servers: Sequence[Server]) -> list[Placement]:
    return [(server.behaviour, server.address, server.port) for server in servers]


def _mixed(good: Sequence[Server], hostile: Sequence[Server]) -> list[Server]:
    """Spread the good servers evenly among the hostile ones."""
    mixed = list(hostile)
    for number, server in enumerate(good):
        mixed.insert(number * (len(hostile) // len(good) + 1), server)
    return mixed


def _audit(folder: Path, servers: Sequence[Server]) -> Audit:
    folder.mkdir()
    (folder / "inventory.yaml").write_text(yaml.safe_dump(_inventory(servers)), encoding="utf-8")
    (folder / "policies.yaml").write_text(yaml.safe_dump(_policy(servers)), encoding="utf-8")
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "auditor.cli.main", "audit"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        memory = _Memory(process.pid)
        error = process.communicate()[1]
        memory.stop()
    store = open_workspace(folder / "audit-data")
    evidence = list(store.evidence.of_run(store.runs.all()[-1].id).values()) if store.runs.all() else []
    return Audit(
        process.returncode,
        error[-1500:],
        time.monotonic() - started,
        evidence,
        memory.parent_kilobytes,
        memory.worker_kilobytes,
        [str(problem) for problem in store.evidence.verify()],
    )


class _Memory:
    """Looks at the memory of a process and of all below it until told to stop."""

    def __init__(self, pid: int) -> None:
        self.parent_kilobytes = self.worker_kilobytes = 0
        self._pid = pid
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(0.25):
            self.parent_kilobytes = max(self.parent_kilobytes, _peak_kilobytes(self._pid))
            below = [_peak_kilobytes(pid) for pid in children(self._pid)]
            self.worker_kilobytes = max(self.worker_kilobytes, *below, 0)


def _peak_kilobytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _inventory(servers: Sequence[Server]) -> dict[str, object]:
    today = datetime.now(UTC).date()
    entries = [
        {
            "id": one.id,
            "zone": "dmz",
            "category": "tinggi",
            "addresses": [one.address],
            "services": [{"port": one.port}],
        }
        for one in servers
    ]
    return {
        "version": 1,
        "organization": {"name": "Pemerintah Kabupaten Contoh", "timezone": "Asia/Jakarta"},
        "authorizations": [
            {
                "reference": "094/1",
                "approved_by": "Kepala Dinas",
                "valid": {"from": today - timedelta(days=1), "until": today + timedelta(days=1)},
                "networks": ["127.40.0.0/16"],
                "methods": _METHODS,
            }
        ],
        "zones": [{"id": "dmz", "name": "DMZ", "public": True, "networks": ["127.40.0.0/16"]}],
        "opds": [{"id": "dinkes", "name": "Dinas Kesehatan", "servers": entries}],
    }


def _policy(servers: Sequence[Server]) -> dict[str, object]:
    return {
        "version": 1,
        "ports": {"ranges": sorted({80, 443} | {server.port for server in servers if server.port > 9000})},
        "budgets": {
            "normal": {
                "connections_per_second": 10,
                "parallel_connections": 2,
                "packets_per_second": 100,
                "host_timeout_seconds": _TASK_SECONDS,
                "ssh_spacing_seconds": 0,
                "version_detection": False,
            }
        },
        "total": {"parallel_hosts": _PARALLEL_HOSTS, "connections_per_second": 10 * _PARALLEL_HOSTS},
    }


def _outcome(rows: Sequence[Evidence]) -> str:
    """Return the failures of a server's tasks, or that there were facts alone."""
    kinds = sorted({f"{row.task.scanner} {row.failure.kind.value}" for row in rows if row.failure})
    return ", ".join(kinds) or ("facts" if any(row.facts for row in rows) else "nothing")


def _by_server(audit: Audit) -> Mapping[str, list[Evidence]]:
    rows: dict[str, list[Evidence]] = defaultdict(list)
    for row in audit.evidence:
        rows[row.task.server].append(row)
    return rows


def _print_outcomes(hostile: Sequence[Server], audit: Audit) -> None:
    rows = _by_server(audit)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for server in hostile:
        outcomes[server.behaviour][_outcome(rows[server.id])] += 1
    for behaviour, counted in outcomes.items():
        print(f"{behaviour:60} " + "; ".join(f"{outcome} ({number})" for outcome, number in counted.items()))


def _seconds_per_server(servers: Sequence[Server], audit: Audit) -> float:
    """Return the median time from the first task of a server to the end of its last."""
    rows = _by_server(audit)
    return statistics.median(
        (
            max(row.finished_at for row in rows[one.id]) - min(row.started_at for row in rows[one.id])
        ).total_seconds()
        for one in servers
    )


def _print_summary(good: Sequence[Server], hostile: Sequence[Server], alone: Audit, together: Audit) -> int:
    rows = _by_server(together)
    internal = [row for row in together.evidence if row.failure and row.failure.kind.value == "internal"]
    nothing = [server.id for server in hostile if _outcome(rows[server.id]) == "nothing"]
    crashed = [audit.error for audit in (alone, together) if audit.exit_code not in (0, 1)]
    before, among = _seconds_per_server(good, alone), _seconds_per_server(good, together)
    print(f"\n{len(hostile)} hostile and {len(good)} good servers: {len(together.evidence)} tasks", end=" ")
    print(f"in {together.seconds:.0f} s, exit code {together.exit_code}")
    print(f"crashes of the command: {len(crashed)}", *crashed)
    print(f"faults of ours: {len(internal)}", *(f"\n  {row.task.id}: {row.failure}" for row in internal[:20]))
    print(f"servers with neither facts nor failure: {len(nothing)}", *nothing[:20])
    print(f"evidence chain: {together.problems or 'whole'}")
    print(
        f"peak memory: command {together.parent_kilobytes} kB, largest other {together.worker_kilobytes} kB"
    )
    print(f"good server: {before:.1f} s alone, {among:.1f} s among hostile ones, pace {before / among:.2f}")
    largest = max(together.parent_kilobytes, together.worker_kilobytes)
    bad = crashed or internal or nothing or together.problems
    return 1 if bad or largest > _MAXIMUM_KILOBYTES or before / among < _LEAST_PACE else 0


if __name__ == "__main__":
    sys.exit(main())
