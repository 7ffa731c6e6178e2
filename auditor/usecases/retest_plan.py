"""Plan a re-test: for each finding what its check asks for and what leads there, and nothing else. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.model.check import Text
from auditor.model.facts import JSON
from auditor.model.inventory import Inventory, Kind, Server, State
from auditor.model.plan import Place, ScanPlan, Task
from auditor.model.subject import Subject, SubjectKind
from auditor.store.results import FindingRecord
from auditor.store.runs import RunInputs
from auditor.usecases import retest_reasons as why
from auditor.usecases.follow_up import ONLY
from auditor.usecases.task_settings import settings_for
from controls.asked_ports import asks_port
from controls.judge import CompiledCheck
from controls.other_tools import REPORTS
from controls.reasons import NOT_MEASURED, SKIPS

SHARED = frozenset(
    {"certificate.key_shared_with", "certificate.wildcard_servers", "ssh.host_key_shared_with"}
)
"""Facts that speak of other servers too."""

_PORTMAPPER = 111
"""What it lists names ports that say nothing of themselves."""
_WITNESSES = (22, 80, 443)
"""Where most machines answer: it tells a port that was closed from a machine that is off."""
_OF_EVERY_ADDRESS = frozenset({"host.ports_not_reachable", "host.ports_unknown_inside", "ports.only_ipv6"})
_SSH_OFFERS = "host.sshd_offers_unset"
_CHAIN: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.SERVICE: (),
    SubjectKind.TLS: ("tls",),
    SubjectKind.CERTIFICATE: ("tls", "certificates"),
    SubjectKind.SSH: ("ssh",),
    SubjectKind.HTTP: ("http",),
}
"""Kind of subject at a port → the scanners that lead to it, after what the port speaks is known."""
_ASKED_BY_NAME = ("certificates", "http")
_Step = tuple[str, int, str]
"""Scanner, port and name of tasks that may follow a port scan; 0 and "" are any."""


@dataclass(slots=True)
class _Need:
    """What has to be measured at one address."""

    whole: bool = False
    """Whether every port counts that an audit asks."""
    ports: set[int] = field(default_factory=set)
    steps: set[_Step] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class RetestPlan:
    """What is measured again, and finding id → why it is not."""

    plan: ScanPlan
    taken: tuple[FindingRecord, ...]
    refused: Mapping[str, Text]


def plan_retest(
    wanted: Iterable[FindingRecord], planned: RunInputs, checks: Mapping[str, CompiledCheck]
) -> RetestPlan:
    """Cut the plan of an audit of the findings' servers down to what the findings need.

    `checks` are those that the policy does not switch off, by id. `planned.plan.imported` are reports that
    are newer than what the findings rest on.
    """
    refused: dict[str, Text] = {}
    taken: list[FindingRecord] = []
    needs: dict[tuple[str, str], _Need] = defaultdict(_Need)
    for record in wanted:
        reason = _refusal(record, planned, checks)
        if reason is not None:
            refused[record.id] = reason
            continue
        taken.append(record)
        subject = Subject.from_key(record.subject)
        server = planned.inventory.server(subject.server)
        for address, need in _needs(checks[record.check].names, subject, server):
            total = needs[server.id, address]
            total.whole |= need.whole or server.state is State.RETIRED
            total.ports |= need.ports
            total.steps |= need.steps
    tasks = _tasks(planned, needs, {Subject.from_key(one.subject) for one in taken})
    places = tuple(Place(record.check, record.subject) for record in taken)
    servers = {task.server for task in tasks}
    plan = ScanPlan(
        tasks,
        tuple(one for one in planned.plan.skipped if one.server in servers),
        tuple(one for one in planned.plan.imported if one.server in servers),
        places,
    )
    return RetestPlan(plan, tuple(taken), refused)


def asks_reports(check: CompiledCheck) -> bool:
    """Return whether a check rests on the report of another tool."""
    return any(name.partition(".")[0] in REPORTS for name in check.names)


def _refusal(record: FindingRecord, planned: RunInputs, checks: Mapping[str, CompiledCheck]) -> Text | None:
    """Return why a finding cannot be measured again, None where it can."""
    compiled, subject = checks.get(record.check), Subject.from_key(record.subject)
    if compiled is None:
        return why.CHECK_OFF
    server = _server(planned.inventory, subject.server)
    if server is None:
        return why.SERVER_GONE
    if server.kind is not Kind.SERVER:
        known = any(_is_whole(task, {subject}) for task in planned.plan.tasks)
        return None if known else _skipped(planned.plan, server, subject.server_name, NOT_MEASURED)
    address = subject.address or server.inside_address
    first = _first(planned.plan, server.id, address)
    if first is None:
        return _skipped(planned.plan, server, address, why.ADDRESS_GONE)
    if subject.port and not asks_port(first, subject.port):
        return why.PORT_NOT_ASKED
    if subject.server_name and subject.server_name not in server.hostnames:
        return why.NAME_GONE
    consent = settings_for(first, planned.inventory, planned.policy).consent
    if compiled.check.consent and compiled.check.id not in consent:
        return why.NO_CONSENT
    if asks_reports(compiled) and not _has_report(planned.plan, server.id, compiled):
        return why.NEEDS_REPORT
    return None


def _server(inventory: Inventory, server_id: str) -> Server | None:
    return next((one for one in inventory.servers() if one.id == server_id), None)


def _first(plan: ScanPlan, server: str, address: str) -> Task | None:
    return next((one for one in plan.tasks if (one.server, one.address) == (server, address)), None)


def _skipped(plan: ScanPlan, server: Server, address: str, otherwise: Text) -> Text:
    """Return why an audit would not measure an address of a server either."""
    reasons = [one for one in plan.skipped if one.server == server.id and not one.scanner]
    here = [one for one in reasons if one.address == address]
    unresolved = reasons if not server.addresses else []
    found = next(iter(here or unresolved), None)
    return SKIPS[found.reason] if found else otherwise


def _has_report(plan: ScanPlan, server: str, check: CompiledCheck) -> bool:
    tools = {name.partition(".")[0] for name in check.names} & set(REPORTS)
    return tools <= {one.scanner for one in plan.imported if one.server == server}


def _needs(names: Sequence[str], subject: Subject, server: Server) -> Iterator[tuple[str, _Need]]:
    """Yield addresses of a server with what a check that asks for these facts needs there."""
    asked = frozenset(names)
    whole = any(name.startswith("ports.") for name in names)
    every = [str(address) for address in server.addresses]
    if subject.kind is SubjectKind.HOST:
        yield server.inside_address, _Need(steps={("host", 0, "")})
    elif subject.kind is SubjectKind.ADDRESS:
        udp: set[_Step] = {("udp", 0, "")} if any(name.startswith("udp.") for name in names) else set()
        yield subject.address, _Need(whole, steps=udp)
    elif subject.port:
        yield subject.address, _Need(whole, {subject.port}, _steps_to(subject))
    if any(name.startswith("software.") for name in names):
        # What a site's headers show and what the host's packages prove both count for a service's software.
        yield subject.address, _Need(steps={("http", subject.port, "")})
        yield server.inside_address, _Need(steps={("host", 0, "")})
    if asked & _OF_EVERY_ADDRESS:
        yield from ((address, _Need(whole=True)) for address in every)
    if _SSH_OFFERS in asked:
        offers: set[_Step] = {("services", 0, ""), ("ssh", 0, "")}
        yield from ((address, _Need(whole=True, steps=offers)) for address in every)


def _steps_to(subject: Subject) -> set[_Step]:
    steps: set[_Step] = {("services", subject.port, ""), ("services", _PORTMAPPER, "")}
    for scanner in _CHAIN[subject.kind]:
        steps.add((scanner, subject.port, subject.server_name if scanner in _ASKED_BY_NAME else ""))
    return steps


def _tasks(
    planned: RunInputs, needs: Mapping[tuple[str, str], _Need], subjects: set[Subject]
) -> tuple[Task, ...]:
    found = []
    for task in planned.plan.tasks:
        need = needs.get((task.server, task.address))
        if task.scanner == "ports" and need is not None:
            found.append(_cut(task, need, planned.inventory.server(task.server)))
        elif task.scanner != "ports" and _is_whole(task, subjects):
            found.append(task)
    return tuple(found)


def _cut(task: Task, need: _Need, server: Server) -> Task:
    """Return a port scan that asks what is needed, and a few ports that tell whether anything is there."""
    only: list[JSON] = [[*step] for step in sorted(need.steps)]
    options = {**task.options, ONLY: only}
    if not need.whole:
        declared = [one.port for one in server.services if one.transport == "tcp"]
        named = [_PORTMAPPER] if any(scanner == "services" for scanner, _, _ in need.steps) else []
        ports = sorted({*need.ports, *named, *declared, *_WITNESSES})
        ranges: list[JSON] = [[port, port] for port in ports if asks_port(task, port)]
        options |= {"ranges": ranges} if ranges else {}
    return replace(task, options=options)


def _is_whole(task: Task, subjects: set[Subject]) -> bool:
    """Return whether a task is the one measurement behind a domain or a network."""
    name = task.server_name or task.address
    return any(one.server == task.server and not one.address and one.server_name == name for one in subjects)
