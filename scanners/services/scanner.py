"""Name what speaks on each open port of an address, and ask it what it gives to strangers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, Dialer
from scanners.nmap_engine import NmapOutputError, canonical, port_list, run
from scanners.services.context import Context
from scanners.services.detection import BURST_CONNECTIONS, arguments, parse
from scanners.services.facts import FACTS
from scanners.services.identify import Found, identify
from scanners.services.rpc import name_in
from scanners.services.standing import stands_for

_PORT_CONNECTS = 6
"""Time for one port, in connect timeouts: a server that drags its feet must not use up that of the others."""
_LEAST_SECONDS = 10.0
_HEARD_BYTES = 300


class ServicesScanner:
    """Ask with sockets of our own; leave to nmap what stays unnamed, and only where it may look."""

    name = "services"
    facts = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Return one record per open port; a port that could not be asked has a record without a name.

        `task.options`: `ports` (the open ports), `versions` (whether nmap may look at what stays unnamed),
        `consent` (checks that the authorization names), `domains` (zones to ask a name server for).
        Raise ValueError, before any connection, for an address or port that is none.
        """
        asking = _Asking(task, limits, pace, Deadline.after(limits.timeout_seconds))
        found = asking.all()
        facts = {port: _with_rpc(port, one.facts, found) for port, one in found.items()}
        settings = asking.settings()
        raw = [_heard(found)]
        tool_version = ""
        unnamed = [port for port, one in found.items() if _unnamed(facts[port]) and not one.hung_up]
        if unnamed and asking.may_detect():
            detected = asking.detect(unnamed)
            settings |= {"nmap_ports": unnamed, "nmap_arguments": detected.arguments}
            tool_version = f"nmap {detected.version}"
            raw += detected.raw
            for port, more in detected.facts.items():
                if port in unnamed:
                    facts[port] = {**facts[port], **more}
        records: list[JSON] = [_record(port, facts[port]) for port in asking.ports]
        return Observation(
            "tilik", tool_version, settings, {"ports.services": records}, _failure(found), tuple(raw)
        )


@dataclass(frozen=True, slots=True)
class _Detected:
    """What nmap said about the ports left to it."""

    facts: Mapping[int, Facts]
    arguments: str
    version: str
    raw: tuple[RawOutput, ...]


class _Asking:
    """One address with its open ports."""

    def __init__(self, task: Task, limits: Limits, pace: Pace, deadline: Deadline):
        self._task, self._limits, self._pace, self._deadline = task, limits, pace, deadline
        self.address = canonical(task.address)
        self.ports = _ports(task.options.get("ports"))

    def settings(self) -> dict[str, JSON]:
        """Return what was asked for."""
        options = self._task.options
        return {
            "ports": list(self.ports),
            "versions": bool(options.get("versions", True)),
            "consent": list(_texts(options.get("consent"))),
            "domains": list(_texts(options.get("domains"))),
        }

    def seconds_left(self) -> float:
        """Return the seconds until the task's deadline, 0 when there are none."""
        try:
            return self._deadline.remaining_seconds()
        except TimeoutError:
            return 0.0

    def may_detect(self) -> bool:
        """Return whether nmap may look, and has the time to."""
        allowed = bool(self._task.options.get("versions", True))
        polite = self._limits.connections_per_second >= BURST_CONNECTIONS
        return allowed and polite and self.seconds_left() >= _LEAST_SECONDS

    def all(self) -> dict[int, Found]:
        """Ask every port, each with one connection at a time, so many at once as the limits allow."""
        with ThreadPoolExecutor(max_workers=max(1, self._limits.parallel_connections)) as pool:
            return dict(zip(self.ports, pool.map(self._one, self.ports), strict=True))

    def _one(self, port: int) -> Found:
        own = Deadline.after(_PORT_CONNECTS * self._limits.connect_timeout_seconds)
        soonest = min(own, self._deadline, key=lambda deadline: deadline.at)
        options = self._task.options
        return identify(
            Context(
                Dialer(self.address, port, self._limits, self._pace, soonest),
                self._task.server_name,
                frozenset(_texts(options.get("consent"))),
                tuple(_texts(options.get("domains"))),
                self.ports,
            )
        )

    def detect(self, ports: list[int]) -> _Detected:
        """Let nmap look at the ports that stayed unnamed."""
        seconds = self.seconds_left()
        words = arguments(self.address, replace(self._limits, timeout_seconds=seconds))
        self._rest()
        output = run([self.address], port_list([[port, port] for port in ports], []), words, seconds)
        self._rest()
        if output.failure is not None:
            return _Detected({}, words, output.version, ())
        raw = (RawOutput("nmap.xml", "application/xml", output.xml),)
        try:
            return _Detected(parse(output.xml, self.address), words, output.version, raw)
        except NmapOutputError:
            return _Detected({}, words, output.version, raw)

    def _rest(self) -> None:
        """Let a second's budget go by unused: what nmap opens is not counted with ours."""
        for _ in range(int(self._limits.connections_per_second)):
            self._pace()


def _ports(listed: JSON) -> tuple[int, ...]:
    ports = tuple(listed) if isinstance(listed, list | tuple) else ()
    if not all(type(port) is int and 0 < port < 65536 for port in ports):
        raise ValueError(f"not a list of ports: {listed!r}"[:200])
    return tuple(sorted({int(str(port)) for port in ports}))


def _texts(listed: JSON) -> Iterator[str]:
    return (one for one in (listed if isinstance(listed, list | tuple) else ()) if isinstance(one, str))


def _unnamed(facts: Facts) -> bool:
    """Return whether a port took a connection and is still without a name."""
    return "service.name" in facts and facts["service.name"] is None


def _with_rpc(port: int, facts: Facts, found: Mapping[int, Found]) -> Facts:
    """Name a port that waited in vain, where rpcbind's list does."""
    if not _unnamed(facts):
        return facts
    lists = (one.facts.get("rpcbind.programs") for one in found.values())
    name = next((name for listed in lists if (name := name_in(listed, port)) is not None), None)
    return {**facts, "service.name": name}


def _record(port: int, facts: Facts) -> Facts:
    place: dict[str, JSON] = {"service.port": port, "service.transport": "tcp"}
    if "service.name" not in facts:
        return place
    told: dict[str, JSON] = {"service.product": None, "service.version": None, "service.cpe": [], **facts}
    return {**place, **told, "service.name": told["service.name"] or stands_for(port)}


def _failure(found: Mapping[int, Found]) -> Failure | None:
    """Name the failure of a look in which ports gave no connection, though they had been open."""
    missed = [port for port, one in found.items() if "service.name" not in one.facts]
    if not missed:
        return None
    kind = FailureKind.UNREACHABLE if len(missed) == len(found) else FailureKind.TIMEOUT
    return Failure(kind, f"no connection to TCP port {', '.join(map(str, missed))}"[:300])


def _heard(found: Mapping[int, Found]) -> RawOutput:
    """Return what each port said first, in a form that is safe to show, and how often it was connected to."""
    content = {
        str(port): {
            "heard": one.heard[:_HEARD_BYTES].decode("latin-1").encode("unicode_escape").decode("ascii"),
            "connections": one.connections,
        }
        for port, one in found.items()
    }
    return RawOutput("services.json", "application/json", json.dumps(content, indent=1).encode() + b"\n")
