"""Evidence of thousands of servers as an audit would have stored it, made up without a packet.

Every server shows SSH, a site that redirects, a site over TLS with a certificate, and a database; some show
mail or FTP beside them. Faults, failures and lost rows fall by the number of the server, the same each time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_address, ip_network
from random import Random

from auditor.inventory.shape import METHODS
from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.facts import Facts
from auditor.model.inventory import (
    Authorization,
    Category,
    Inventory,
    Kind,
    MailPolicy,
    Opd,
    Organization,
    Server,
    Zone,
)
from auditor.model.plan import ScanPlan, Task
from auditor.model.policy import Policy
from auditor.model.run import AuditRun, Provenance, RunStatus
from auditor.policy.loading import load_policy
from auditor.store.runs import RunInputs
from auditor.usecases.follow_up import follow_up
from auditor.usecases.task_settings import settings_for
from benchmarks.shown_facts import answer

STARTED = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
_PER_OPD = 25
_PER_THIRD_OCTET = 200
_ZONES = (
    Zone("dmz", "DMZ", True, (ip_network("10.0.0.0/16"),)),
    Zone("lan", "LAN", False, (ip_network("10.1.0.0/16"),)),
)
_AUTHORIZATION = Authorization(
    reference="uji-skala",
    approved_by="Kepala Dinas",
    valid_from=date(2026, 11, 1),
    valid_until=date(2027, 11, 30),
    networks=(ip_network("10.0.0.0/8"),),
    exclude=(),
    methods=frozenset(METHODS),
    consent=frozenset(),
    domains=("contoh.go.id",),
)
_LOST, _FAILED = 0.01, 0.03
"""Shares of the rows of evidence that are missing, and that hold a failure."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What judging starts from."""

    run: AuditRun
    inputs: RunInputs
    evidence: Mapping[str, Evidence]


def stored_run(count: int, seed: int = 1) -> StoredRun:
    """Return a collected run over so many servers, with a domain for every OPD of 25 of them."""
    inventory, policy = _inventory(count), load_policy()
    tasks = tuple(_first_task(server) for server in inventory.servers())
    inputs = RunInputs(inventory, policy, ScanPlan(tasks, ()))
    evidence: dict[str, Evidence] = {}
    servers = {server.id: server for server in inventory.servers()}
    for task in tasks:
        rows = _rows_of(servers[task.server], task, inventory, policy, Random(f"{seed} {task.id}"))
        evidence.update((row.task.id, row) for row in rows)
    scope = tuple(servers)
    run = AuditRun("run-1", RunStatus.COLLECTED, STARTED, STARTED, Provenance("", "", "", {}, ""), scope)
    return StoredRun(run, inputs, evidence)


def _inventory(count: int) -> Inventory:
    groups = [range(first, min(first + _PER_OPD, count)) for first in range(0, count, _PER_OPD)]
    opds = tuple(_opd(number, group) for number, group in enumerate(groups))
    organization = Organization("Pemerintah Kabupaten Contoh", "Asia/Jakarta", centre="opd-0000")
    return Inventory(organization, (_AUTHORIZATION,), _ZONES, opds)


def _opd(number: int, servers: range) -> Opd:
    name = f"opd-{number:04}"
    domain = Server(
        id=f"{name}.contoh.go.id",
        opd=name,
        name=name,
        zone="dmz",
        category=Category.RENDAH,
        addresses=(),
        hostnames=(f"{name}.contoh.go.id",),
        kind=Kind.DOMAIN,
        mail=MailPolicy(sends=number % 2 == 0),
    )
    return Opd(name, f"Perangkat daerah {number}", (*(_server(one, name) for one in servers), domain))


def _server(number: int, opd: str) -> Server:
    third, fourth = divmod(number // len(_ZONES), _PER_THIRD_OCTET)
    zone = number % len(_ZONES)
    return Server(
        id=f"server-{number:05}",
        opd=opd,
        name=f"Peladen {number}",
        zone=_ZONES[zone].id,
        category=tuple(Category)[number % len(Category)],
        addresses=(ip_address(f"10.{zone}.{third}.{fourth + 1}"),),
        hostnames=(f"s{number:05}.{opd}.contoh.go.id",),
        roles=("web", "linux"),
    )


def _first_task(server: Server) -> Task:
    if server.kind is Kind.DOMAIN:
        return Task("dns", server.id, server.opd, "", 0, server.id, _AUTHORIZATION.reference)
    address = str(server.addresses[0])
    return Task("ports", server.id, server.opd, address, authorization=_AUTHORIZATION.reference)


def _rows_of(
    server: Server, first: Task, inventory: Inventory, policy: Policy, chance: Random
) -> list[Evidence]:
    """Answer every task that the answers before it call for."""
    settings = settings_for(first, inventory, policy) if first.scanner == "ports" else None
    rows: dict[str, Evidence] = {}
    asked: set[str] = set()
    waiting = [first]
    while waiting:
        for task in waiting:
            asked.add(task.id)
            if chance.random() >= _LOST:
                rows[task.id] = _row(task, chance)
        later = follow_up(server, first, rows, settings) if settings else ()
        # One round after the other, as what a port speaks decides what it is asked.
        order = {"services": 0, "udp": 0, "tls": 1, "ssh": 1, "http": 1, "certificates": 2}
        left = [task for task in later if task.id not in asked]
        next_round = min((order[task.scanner] for task in left), default=0)
        waiting = [task for task in left if order[task.scanner] == next_round]
    return list(rows.values())


def _row(task: Task, chance: Random) -> Evidence:
    failed = chance.random() < _FAILED
    facts: Facts = {} if failed else _as_stored(answer(task, chance))
    return Evidence(
        sequence=1,
        run="run-1",
        task=task,
        started_at=STARTED,
        finished_at=STARTED,
        duration_seconds=1.5,
        tool="made up",
        tool_version="1",
        settings={},
        facts=facts,
        failure=Failure(FailureKind.TIMEOUT, "after 900 s") if failed else None,
        raw={},
        previous_hash="0" * 64,
        hash="0" * 64,
    )


def _as_stored(facts: Facts) -> Facts:
    """Read the facts anew, so that rows share no more memory than those of a database do."""
    found = json.loads(json.dumps(facts))
    assert isinstance(found, dict)
    return found
