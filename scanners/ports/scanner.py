"""Measure which ports of one address are open and what speaks there, with nmap."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import nmap

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, Dialer
from scanners.ports.facts import FACTS
from scanners.ports.parse import NmapOutputError, PortScan, parse
from scanners.ports.questions import ask
from scanners.ports.scripts import ALLOWED

_RETRIES = 2
_VERSION_INTENSITY = 2
_DETAIL_CHARACTERS = 300
_FINGERPRINT = re.compile(rb'( servicefp=")[^"]*')
"""What an unknown service answered, whole pages with cookies and names of people: not kept as evidence."""
_QUESTION_CONNECTS = 3
"""Time for the question to one port, in connect timeouts."""


class PortScanner:
    """Run one nmap process per address with fixed options only."""

    name = "ports"
    facts = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Return the open ports and their services, or a named failure.

        `task.options`: `ranges` (list of [first, last]), `never` (list of ports), `versions` (bool).
        Raise ValueError, before any process is started, for an address or port that is none.
        """
        address = _canonical(task.address)
        settings: dict[str, JSON] = {
            "ports": port_list(task.options.get("ranges"), task.options.get("never")),
            "arguments": arguments(address, limits, versions=bool(task.options.get("versions", True))),
        }
        if shutil.which("nmap") is None:
            return _failed(settings, "", Failure(FailureKind.TOOL_MISSING, "nmap"))
        if not settings["ports"]:
            detail = "no port is left to ask; declare the services of this server in the inventory"
            return _failed(settings, "", Failure(FailureKind.TOOL_FAILED, detail))
        scanner = _Nmap()
        version = ".".join(str(part) for part in scanner.nmap_version())
        deadline = Deadline.after(limits.timeout_seconds)
        pace()
        result, raw = _run(scanner, address, settings, limits)
        facts = _with_answers(result.facts, Dialer(address, 0, limits, pace, deadline))
        if not task.options.get("versions", True):
            facts = _without_unasked(facts)
        return Observation("nmap", version, settings, facts, result.failure, raw)


_UNASKED = ("service.name", "service.product", "service.version", "service.cpe", "service.tls")


def _without_unasked(facts: Facts) -> Facts:
    """Leave out what an unnamed port speaks: nobody asked, and that is not the same as nothing there."""
    services = facts.get("ports.services")
    if not isinstance(services, list):
        return facts
    kept: list[JSON] = [
        {name: value for name, value in one.items() if name not in _UNASKED}
        if one.get("service.name") is None
        else one
        for one in services
    ]
    return {**facts, "ports.services": kept}


def _canonical(text: str) -> str:
    address = ip_address(text)
    # After the % of a scoped address stands free text, and python-nmap splits its hosts as a shell would.
    if "%" in str(address):
        raise ValueError(f"an address with a zone is never measured: {text!r}")
    return str(address)


def port_list(ranges: JSON, never: JSON) -> str:
    """Return the ports as nmap's `-p` takes them; the ports of `never` are cut out.

    `ranges` is a list of [first, last] pairs. Raise ValueError for anything that is no port.
    """
    banned = set(never) if isinstance(never, list) else set()
    wanted: set[int] = set()
    for pair in ranges if isinstance(ranges, list) else ():
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(n, int) for n in pair):
            raise ValueError(f"not a port range: {pair!r}")
        first, last = (int(str(number)) for number in pair)
        if not 0 < first <= last < 65536:
            raise ValueError(f"not a port range: {first}-{last}")
        wanted.update(range(first, last + 1))
    return ",".join(_runs(sorted(wanted - banned)))


def _runs(ports: Sequence[int]) -> list[str]:
    runs: list[list[int]] = []
    for port in ports:
        if runs and port == runs[-1][1] + 1:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]


def arguments(address: str, limits: Limits, *, versions: bool) -> str:
    """Return nmap's options: fixed words and numbers of ours, never a text from outside."""
    options = [
        "-n -Pn -sT -T3 --noninteractive",
        f"--max-rate {int(limits.packets_per_second)}",
        f"--max-retries {_RETRIES}",
        f"--max-parallelism {int(limits.parallel_connections)}",
        f"--host-timeout {int(limits.timeout_seconds)}s",
    ]
    if ip_address(address).version == 6:
        options.append("-6")
    if versions:
        options.append(f"-sV --version-intensity {_VERSION_INTENSITY}")
        options.append(f"--script {','.join(ALLOWED)}")
        options.append("--script-args ldap.maxobjects=1")
    return " ".join(options)


class _Nmap(nmap.PortScanner):  # type: ignore[misc]
    """python-nmap without its own reading of the XML: `parse` does that, and refuses entities."""

    complaint = ""

    def analyse_nmap_xml_scan(self, **said: object) -> dict[str, object]:
        """Keep what nmap said on standard error."""
        self.complaint = " ".join(str(said.get("nmap_err") or "").split())[:_DETAIL_CHARACTERS]
        return {}


def _run(
    scanner: _Nmap, address: str, settings: dict[str, JSON], limits: Limits
) -> tuple[PortScan, tuple[RawOutput, ...]]:
    try:
        scanner.scan(
            hosts=address,
            ports=str(settings["ports"]),
            arguments=str(settings["arguments"]),
            timeout=int(limits.timeout_seconds) + 10,
        )
    except nmap.PortScannerTimeout:
        return PortScan({}, Failure(FailureKind.TIMEOUT, "nmap did not end in time")), ()
    content: bytes = scanner.get_nmap_last_output()
    raw = (RawOutput("nmap.xml", "application/xml", _FINGERPRINT.sub(rb"\1", content)),)
    try:
        return parse(content, address), raw
    except NmapOutputError as error:
        return PortScan({}, Failure(FailureKind.TOOL_FAILED, scanner.complaint or str(error))), raw


def _with_answers(facts: Facts, dialer: Dialer) -> Facts:
    services = facts.get("ports.services")
    if not isinstance(services, list):
        return facts
    answered: list[JSON] = [_answered(record, dialer) for record in services]
    return {**facts, "ports.services": answered}


def _answered(record: JSON, dialer: Dialer) -> JSON:
    if not isinstance(record, dict) or record.get("service.tls") is True:
        return record
    port, name = record.get("service.port"), record.get("service.name")
    if not isinstance(port, int) or not isinstance(name, str):
        return record
    # One server that drags its feet must not use up the time of the ports after it.
    own = Deadline.after(_QUESTION_CONNECTS * dialer.limits.connect_timeout_seconds)
    soonest = min(own, dialer.deadline, key=lambda deadline: deadline.at)
    return {**record, **ask(name, replace(dialer, port=port, deadline=soonest))}


def _failed(settings: dict[str, JSON], version: str, failure: Failure) -> Observation:
    return Observation("nmap", version, settings, {}, failure)
