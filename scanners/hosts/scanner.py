"""Find which addresses of a network answer, so that nothing stands there that nobody has registered."""

from __future__ import annotations

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON, Facts, FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.hosts.facts import FACTS
from scanners.hosts.parse import parse
from scanners.hosts.sweep import (
    PORTS,
    NetworkTooLargeError,
    Sweep,
    arguments,
    longest_seconds,
    plan_sweep,
)
from scanners.nmap_engine import NmapOutputError, Output, run

_EVERYBODY = 64
"""So many addresses, all of them answering, are not hosts but a device that answers for all."""


class HostScanner:
    """Run one nmap process per network, with fixed options only."""

    name = "hosts"
    facts: tuple[FactSpec, ...] = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Return the addresses of the network `task.address` with an open port, or a named failure.

        `task.options`: `ports` (list, at best few), `exclude` (networks), `never` (ports). The connections
        per second are those of one address, the packets per second those of the whole network. Raise
        ValueError, before any process is started, for what is no network or no port.
        """
        options = task.options
        try:
            sweep = plan_sweep(
                task.address,
                options.get("exclude", []),
                options.get("ports") or list(PORTS),
                options.get("never", []),
            )
        except NetworkTooLargeError as error:
            return _observation({}, Output(b"", ""), {}, Failure(FailureKind.TOOL_FAILED, str(error)))
        settings: dict[str, JSON] = {"ports": sweep.ports, "arguments": arguments(sweep, limits)}
        problem = _impossible(sweep, limits)
        if problem is not None:
            return _observation(settings, Output(b"", ""), {}, problem)
        pace()
        output = run(
            [str(sweep.network)],
            sweep.ports,
            str(settings["arguments"]),
            timeout_seconds=limits.timeout_seconds,
        )
        facts, failure = _read(output, sweep)
        return _observation(settings, output, facts, failure)


def _impossible(sweep: Sweep, limits: Limits) -> Failure | None:
    """Say why a sweep is not even begun."""
    if not sweep.asked:
        return Failure(FailureKind.TOOL_FAILED, "no address is left to ask; all of them are excluded")
    if not sweep.ports:
        return Failure(FailureKind.TOOL_FAILED, "no port is left to ask; all of them are forbidden")
    seconds = longest_seconds(sweep, limits)
    if seconds > limits.timeout_seconds:
        detail = (
            f"may take {seconds:.0f} s, and there are {limits.timeout_seconds:.0f}; sweep smaller networks"
        )
        return Failure(FailureKind.TIMEOUT, detail)
    return None


def _read(output: Output, sweep: Sweep) -> tuple[Facts, Failure | None]:
    if output.failure is not None:
        return {}, output.failure
    try:
        answering = parse(output.xml, sweep)
    except NmapOutputError as error:
        return {}, Failure(FailureKind.TOOL_FAILED, output.complaint or str(error))
    if len(answering) == sweep.asked >= _EVERYBODY:
        detail = "every address answers: a device on the way answers for all of them"
        return {}, Failure(FailureKind.PROTOCOL, detail)
    listed: list[JSON] = list(answering)
    return {
        "hosts.network": str(sweep.network),
        "hosts.asked": sweep.asked,
        "hosts.answering": listed,
    }, None


def _observation(
    settings: dict[str, JSON], output: Output, facts: Facts, failure: Failure | None
) -> Observation:
    raw = (RawOutput("nmap.xml", "application/xml", output.xml),) if output.xml else ()
    return Observation("nmap", output.version, settings, facts, failure, raw)
