"""Find which TCP ports of an address, or of a group of addresses, are open; ask them nothing.

Every port costs one connection, and one or two more when nothing answers. nmap spaces the connections to one
host by the delay given; with it nmap ignores a limit on parallel probes, and what stays open at once is what
one second's budget opens: attempts that nothing answered yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.nmap_engine import NmapOutputError, Output, canonical, delay_milliseconds, port_list, run
from scanners.ports.facts import FACTS
from scanners.ports.parse import PortScan, parse

_RETRIES = 2
_GROUP = 16
_GRACE_SECONDS = 10


class PortScanner:
    """Run one nmap process per group of addresses, with fixed options only."""

    name = "ports"
    facts = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Return the open ports of one address, or a named failure; see `scan_group`."""
        (observation,) = self.scan_group((task,), limits, pace)
        return observation

    def scan_group(self, tasks: Sequence[Task], limits: Limits, pace: Pace) -> tuple[Observation, ...]:
        """Return the open ports of each address, in the order of the tasks.

        `task.options`: `ranges` (list of [first, last]), `never` (list of ports). Tasks of other options or
        another address family get a process of their own. Raise ValueError, before any process is started,
        for an address or port that is none.
        """
        asked = [(canonical(task.address), _ports(task)) for task in tasks]
        seen: dict[tuple[str, str], Observation] = {}
        for addresses, ports in _groups(asked):
            pace()
            found = _observe(addresses, ports, limits)
            seen.update(zip(((address, ports) for address in addresses), found, strict=True))
        return tuple(seen[one] for one in asked)


def _ports(task: Task) -> str:
    return port_list(task.options.get("ranges"), task.options.get("never"))


def _groups(asked: Sequence[tuple[str, str]]) -> Iterator[tuple[list[str], str]]:
    """Give addresses that one process can measure: of one family and with the same ports."""
    together: dict[tuple[int, str], list[str]] = {}
    for address, ports in dict.fromkeys(asked):
        together.setdefault((ip_address(address).version, ports), []).append(address)
    for (_, ports), addresses in together.items():
        for start in range(0, len(addresses), _GROUP):
            yield addresses[start : start + _GROUP], ports


def _observe(addresses: Sequence[str], ports: str, limits: Limits) -> tuple[Observation, ...]:
    settings: dict[str, JSON] = {"ports": ports, "arguments": arguments(addresses[0], limits)}
    if not ports:
        detail = "no port is left to ask; declare the services of this server in the inventory"
        return tuple(_failed(settings, Failure(FailureKind.TOOL_FAILED, detail)) for _ in addresses)
    output = run(addresses, ports, str(settings["arguments"]), limits.timeout_seconds + _GRACE_SECONDS)
    raw = () if output.failure else (RawOutput("nmap.xml", "application/xml", output.xml),)
    return tuple(
        Observation("nmap", output.version, settings, scan.facts, scan.failure, raw)
        for scan in _read(output, addresses)
    )


def _read(output: Output, addresses: Sequence[str]) -> tuple[PortScan, ...]:
    if output.failure is not None:
        return tuple(PortScan({}, output.failure) for _ in addresses)
    try:
        return parse(output.xml, addresses)
    except NmapOutputError as error:
        failure = Failure(FailureKind.TOOL_FAILED, output.complaint or str(error))
        return tuple(PortScan({}, failure) for _ in addresses)


def _failed(settings: dict[str, JSON], failure: Failure) -> Observation:
    return Observation("nmap", "", settings, {}, failure)


def arguments(address: str, limits: Limits) -> str:
    """Return nmap's options: fixed words and numbers of ours, never a text from outside."""
    delay = delay_milliseconds(limits.connections_per_second)
    options = [
        "-n -Pn -sT -T3 --noninteractive",
        f"--scan-delay {delay}ms --max-scan-delay {delay}ms",
        f"--max-retries {_RETRIES}",
        f"--min-hostgroup {_GROUP}",
        f"--host-timeout {int(limits.timeout_seconds)}s",
    ]
    if ip_address(address).version == 6:
        options.append("-6")
    return " ".join(options)
