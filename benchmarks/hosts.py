"""Measure looks inside many hosts, beside Lynis on them and beside the plain script through OpenSSH's client.

Run as root, with the packages of tests/lab/hosts/packages.txt and an OpenSSH client:
python -m benchmarks.hosts [HOSTS] --state FOLDER
Lynis and the loop take one host after another, so a sample tells them; the hosts are alike. Hosts and auditor
share this machine: what they take together bounds the wall clock, what each takes is counted apart.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.costs import Memory, cost_of, run_watched
from benchmarks.host_areas import AreaCost, area_costs, section_seconds, ssh_sender
from benchmarks.host_audit import LookInside, read_looks, write_jobs
from benchmarks.host_farm import FarmHost, host_farm
from benchmarks.host_peers import LYNIS, audit_by_lynis, collect_by_openssh, write_known_hosts
from benchmarks.host_root import farm_root
from benchmarks.network import enter_own_network
from tests.lab.hosts.command import command

_PARALLEL_HOSTS = (20, 60)
_SECTIONS_SHOWN = 15
_MOST_SECONDS = 2.0
"""What a look inside may take of a host."""


@dataclass(frozen=True, slots=True)
class Way:
    """What one way of looking inside took of `hosts` hosts: wall clock, our processor, theirs."""

    name: str
    hosts: int
    wall_seconds: float
    auditor_seconds: float
    """Processor time on the auditing side: programs, workers, SSH clients."""
    host_seconds: float
    """Processor time on the side of the hosts, all of them together."""
    connections: int

    @property
    def wall_per_host(self) -> float:
        """Return the wall clock for one host."""
        return self.wall_seconds / self.hosts

    @property
    def cpu_per_host(self) -> float:
        """Return the processor time for one host, both sides together."""
        return (self.auditor_seconds + self.host_seconds) / self.hosts


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit of all hosts."""

    way: Way
    memory: Memory
    looks: Sequence[LookInside]


def main() -> int:
    """Measure everything and print it; return 1 when a host failed or was put to too much work."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hosts", description=__doc__)
    parser.add_argument("hosts", type=int, nargs="?", default=100, help="number of hosts")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the root file system")
    parser.add_argument("--loop-sample", type=int, default=20, help="hosts that the loop is run on")
    parser.add_argument("--lynis-sample", type=int, default=2, help="hosts that Lynis is run on")
    arguments = parser.parse_args()
    state = arguments.state.absolute()
    state.mkdir(parents=True, exist_ok=True)
    key = _key(state)
    layers = farm_root(state, key.with_suffix(".pub").read_text().strip())
    enter_own_network()
    with tempfile.TemporaryDirectory(dir=state) as name:
        folder = Path(name)
        with host_farm(arguments.hosts, layers, folder) as hosts:
            return _measure(hosts, key, folder, arguments.loop_sample, arguments.lynis_sample)


def _measure(hosts: Sequence[FarmHost], key: Path, folder: Path, looped: int, by_lynis: int) -> int:
    known_hosts = write_known_hosts(hosts, folder)
    print(f"{len(hosts)} hosts\n")
    audits = [_audit(hosts, key, folder, parallel) for parallel in _PARALLEL_HOSTS]
    sample = hosts[:looped]
    loop = _way(
        "the script, ssh in a loop", sample, lambda: collect_by_openssh(sample, key, known_hosts, folder)
    )
    sample = hosts[:by_lynis]
    lynis = _way(" ".join(LYNIS[:3]), sample, lambda: audit_by_lynis(sample))
    print_ways([*(audit.way for audit in audits), loop, lynis])
    print_ratios([audit.way for audit in audits], [loop, lynis])
    for audit in audits:
        print_looks(audit)
    print_areas(area_costs(hosts[0], ssh_sender(key, known_hosts)))
    print_sections(section_seconds(hosts[0], ssh_sender(key, known_hosts)))
    failed = any(look.failure for audit in audits for look in audit.looks)
    return int(failed or any(audit.way.host_seconds / len(hosts) > _MOST_SECONDS for audit in audits))


def _audit(hosts: Sequence[FarmHost], key: Path, folder: Path, parallel_hosts: int) -> Audit:
    write_jobs(hosts, key, folder)
    words = (sys.executable, "-m", "benchmarks.host_audit", str(folder), str(parallel_hosts))
    memories = []

    def run() -> None:
        code, _, memory = run_watched(words)
        if code:
            raise RuntimeError(f"the audit ended with {code}; run it by hand to see why: {' '.join(words)}")
        memories.append(memory)

    way = _way(f"audit, {parallel_hosts} hosts at once", hosts, run)
    return Audit(way, memories[0], read_looks(folder))


def _way(name: str, hosts: Sequence[FarmHost], work: Callable[[], object]) -> Way:
    """Run it and return what it took; what runs on hosts as our child counts as theirs alone."""
    used, connected = _used(hosts), _connected(hosts)
    cost = cost_of(work)
    theirs, connections = _used(hosts) - used, _connected(hosts) - connected
    ours = cost.cpu_seconds if connections else cost.cpu_seconds - theirs
    return Way(name, len(hosts), cost.wall_seconds, max(0.0, ours), theirs, connections)


def _used(hosts: Sequence[FarmHost]) -> float:
    return sum(host.processor_seconds() for host in hosts)


def _connected(hosts: Sequence[FarmHost]) -> int:
    return sum(host.connections() for host in hosts)


def print_ways(ways: Sequence[Way]) -> None:
    """Print one line for each way, everything for one host."""
    print(
        f"{'per host':28}{'hosts':>7}{'wall s':>9}{'auditor CPU s':>15}{'host CPU s':>12}{'connections':>13}"
    )
    for way in ways:
        print(
            f"{way.name:28}{way.hosts:7}{way.wall_per_host:9.2f}{way.auditor_seconds / way.hosts:15.3f}",
            end="",
        )
        print(f"{way.host_seconds / way.hosts:12.2f}{way.connections / way.hosts:13.2f}")


def print_ratios(ours: Sequence[Way], peers: Sequence[Way]) -> None:
    """Print our cost for one host over that of each peer."""
    print(f"\n{'ratio':58}{'wall':>8}{'CPU':>8}")
    for peer in peers:
        for way in ours:
            wall, cpu = way.wall_per_host / peer.wall_per_host, way.cpu_per_host / peer.cpu_per_host
            print(f"{f'{way.name} / {peer.name}':58}{wall:8.3f}{cpu:8.3f}")


def print_looks(audit: Audit) -> None:
    """Print what an audit took of memory, and whether it saw everything it could."""
    memory, looks = audit.memory, audit.looks
    facts = sorted(look.facts for look in looks)
    print(
        f"\n{audit.way.name}: {audit.way.wall_seconds:.0f} s; peak memory MB: parent {memory.parent:.0f}, ",
        end="",
    )
    print(f"workers {memory.workers_resident:.0f} (shared pages once: {memory.workers_proportional:.0f})")
    print(f"  failed {sum(bool(look.failure) for look in looks)}, facts {facts[0]} to {facts[-1]},", end=" ")
    print(f"sections out of time {sum(look.late_sections for look in looks)},", end=" ")
    print(f"longest session {max(look.seconds for look in looks):.1f} s")


def print_areas(costs: Sequence[AreaCost]) -> None:
    """Print what each area takes of a host."""
    print(
        f"\n{'area':14}{'commands as root':>17}{'CPU ms by sudo':>16}{'CPU ms as root':>16}{'processes':>11}"
    )
    for one in costs:
        by_sudo, as_root = 1000 * one.by_sudo_seconds, 1000 * one.as_root_seconds
        print(f"{one.name:14}{one.commands_as_root:17}{by_sudo:16.0f}{as_root:16.0f}{one.processes:11}")


def print_sections(seconds: Mapping[str, float]) -> None:
    """Print the sections that take most, and what the others take together."""
    ordered = sorted(seconds.items(), key=lambda item: -item[1])
    print(f"\n{'section':30}{'CPU ms':>8}")
    for name, spent in ordered[:_SECTIONS_SHOWN]:
        print(f"{name:30}{1000 * spent:8.0f}")
    others = [spent for _, spent in ordered[_SECTIONS_SHOWN:]]
    print(f"{f'{len(others)} others':30}{1000 * sum(others):8.0f}")


def _key(state: Path) -> Path:
    key = state / "audit-key"
    if not key.exists():
        command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "audit", "-f", str(key)])
    return key


if __name__ == "__main__":
    sys.exit(main())
