"""Ask the UDP ports of one address that old and careless services answer on, two datagrams each at most."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address

from auditor.model.evidence import Failure, Observation, RawOutput
from auditor.model.facts import JSON, Facts, FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, failure_kind
from scanners.udp.exchange import Exchange, ask, exchanges
from scanners.udp.facts import FACTS
from scanners.udp.questions import COMMUNITIES, questions

_REPLY_SECONDS = 2.0
_ROUNDS = 2
_COMMUNITY = "snmp_"
_NETBIOS = "netbios"


class UdpScanner:
    """Ask every question at once, wait, and ask what stayed without answer once more."""

    def __init__(self, ports: Mapping[str, int] | None = None) -> None:
        """Take other ports than the well-known ones for the questions named in `ports`."""
        self.name = "udp"
        self.facts: tuple[FactSpec, ...] = FACTS
        self._ports = dict(ports or {})

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Return what answered; `task.options`: `consent`, ids of checks that the assignment names.

        A question that was refused, or asked twice in vain, gives false; one that this machine could not
        send, or for which the time did not suffice, gives nothing.
        """
        address = str(ip_address(task.address))
        asked = questions(address, _consent(task.options), self._ports)
        deadline = Deadline.after(limits.timeout_seconds)
        failure = None
        with exchanges(address, asked) as started:
            try:
                for _ in range(_ROUNDS):
                    ask(started, pace, deadline, min(_REPLY_SECONDS, limits.connect_timeout_seconds))
                for one in started:
                    one.settled = True
            except OSError as error:
                failure = Failure(failure_kind(error), f"UDP: {error}")
        return Observation(
            tool="python-socket",
            tool_version=platform.python_version(),
            settings={"questions": [one.name for one in asked], "rounds": _ROUNDS},
            facts=_facts(started),
            failure=failure,
            raw=tuple(_raw(started)),
        )


def _consent(options: Mapping[str, JSON]) -> frozenset[str]:
    named = options.get("consent", ())
    return frozenset(str(one) for one in named) if isinstance(named, list | tuple) else frozenset()


def _facts(started: Sequence[Exchange]) -> Facts:
    """Return a fact for each question that is settled, and none for the others."""
    asked = [one for one in started if one.sent]
    settled = {one.question.name: one.reply is not None for one in asked if one.settled}
    facts: dict[str, JSON] = {"udp.asked": [one.question.name for one in asked]}
    communities = {
        name: settled.pop(_COMMUNITY + name) for name in COMMUNITIES if _COMMUNITY + name in settled
    }
    if all(one.question.name != _NETBIOS for one in started):
        facts[f"udp.{_NETBIOS}"] = None
    facts |= {f"udp.{name}": answered for name, answered in settled.items()}
    if len(communities) == len(COMMUNITIES):
        facts["udp.snmp_communities"] = [name for name, answered in communities.items() if answered]
    heard = any(one.heard for one in asked)
    if heard or all(one.settled for one in started):
        facts["udp.answered"] = heard
    return facts


def _raw(started: Iterable[Exchange]) -> Iterable[RawOutput]:
    for one in started:
        if one.reply is not None:
            kept = one.reply[: one.question.kept_bytes]
            yield RawOutput(f"{one.question.name}.reply", "application/octet-stream", kept)
