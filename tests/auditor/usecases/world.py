"""A small government with made-up evidence: sound, careless, silent and forbidden servers. No network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from ipaddress import ip_address, ip_network

from auditor.inventory.shape import METHODS
from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.facts import Facts
from auditor.model.inventory import (
    Authorization,
    Category,
    DeclaredService,
    Inventory,
    Opd,
    Organization,
    Server,
    Zone,
)
from auditor.model.plan import Task
from auditor.model.policy import Policy
from auditor.model.run import AuditRun, Provenance, RunStatus
from auditor.policy.loading import load_policy
from auditor.store.runs import RunInputs
from auditor.usecases.follow_up import follow_up, is_ready
from auditor.usecases.planning import Selection, build_plan
from auditor.usecases.task_settings import settings_for
from tests.auditor.usecases import observations as shown

STARTED = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
DAY = date(2026, 11, 22)
Answers = Mapping[str, Facts | Failure]
"""Task id → facts, or why there are none."""


def server(number: int, server_id: str, *, zone: str = "dmz", **more: object) -> Server:
    """Return a server at 10.1.0.`number` in the DMZ or 10.1.1.`number` inside."""
    address = ip_address(f"10.1.{0 if zone == 'dmz' else 1}.{number}")
    values: dict[str, object] = {"category": Category.RENDAH, "addresses": (address,), **more}
    return Server(id=server_id, opd=server_id.partition("-")[0], name=server_id, zone=zone, **values)  # type: ignore[arg-type]


AUTHORIZATION = Authorization(
    reference="094/112/2026",
    approved_by="Kepala Dinas",
    valid_from=date(2026, 11, 1),
    valid_until=date(2027, 11, 30),
    networks=(ip_network("10.1.0.0/16"),),
    exclude=(),
    methods=frozenset(METHODS) - {"host"},
    consent=frozenset({"tls-heartbleed-absent"}),
)
ZONES = (
    Zone("dmz", "DMZ", True, (ip_network("10.1.0.0/24"),)),
    Zone("lan", "LAN", False, (ip_network("10.1.1.0/24"),)),
)
BKD = Opd(
    "bkd",
    "Badan Kepegawaian Daerah",
    (
        server(
            10,
            "bkd-web-01",
            category=Category.TINGGI,
            hostnames=("bkd.example.go.id", "layanan.example.go.id"),
            roles=("web", "linux"),
        ),
        server(10, "bkd-db-01", zone="lan", category=Category.STRATEGIS, roles=("database",)),
    ),
)
DINKES = Opd(
    "dinkes",
    "Dinas Kesehatan",
    (
        server(11, "dinkes-mail-01", hostnames=("mail.example.go.id",), roles=("mail",)),
        server(11, "dinkes-old-01", zone="lan", services=(DeclaredService(9999, "tcp", "arsip"),)),
        server(12, "dinkes-silent-01", zone="lan"),
        replace(server(13, "dinkes-outside-01"), addresses=(ip_address("192.168.7.7"),)),
        replace(server(14, "dinkes-name-01"), addresses=(), hostnames=("gone.example.go.id",)),
    ),
)
INVENTORY = Inventory(
    Organization("Pemerintah Kabupaten Contoh", "Asia/Jakarta"), (AUTHORIZATION,), ZONES, (BKD, DINKES)
)

WEB, DB = "bkd-web-01|10.1.0.10", "bkd-db-01|10.1.1.10"
MAIL, OLD, SILENT = "dinkes-mail-01|10.1.0.11", "dinkes-old-01|10.1.1.11", "dinkes-silent-01|10.1.1.12"
FIRST_NAME, SECOND_NAME = BKD.servers[0].hostnames

ANSWERS: Answers = {
    **shown.host(
        WEB, shown.service(22, "ssh"), shown.service(80, "http"), shown.service(443, "http", tls=True)
    ),
    f"ssh|{WEB}|22|": shown.ssh(),
    f"tls|{WEB}|80|": {"tls.spoken": False},
    f"tls|{WEB}|443|": shown.tls(tls__tls_1_0=True),
    f"certificates|{WEB}|443|{FIRST_NAME}": shown.certificate(),
    f"certificates|{WEB}|443|{SECOND_NAME}": shown.certificate(certificate__name_matches=False),
    f"http|{WEB}|80|{FIRST_NAME}": shown.http(scheme="http"),
    f"http|{WEB}|80|{SECOND_NAME}": shown.http(scheme="http", http__redirects_to_https=False),
    f"http|{WEB}|443|{FIRST_NAME}": shown.http(),
    f"http|{WEB}|443|{SECOND_NAME}": shown.http(http__exposed_vcs=["/.git/HEAD"], http__hsts_max_age=None),
    **shown.host(
        DB,
        shown.service(2222, "ssh"),
        shown.service(5432, "postgresql", postgresql__tls=True),
        shown.service(6379, "redis", redis__unauthenticated=True),
        shown.service(6380, "redis", tls=True, redis__unauthenticated=False),
    ),
    f"ssh|{DB}|2222|": shown.ssh(ssh__ciphers=["aes128-cbc"]),
    f"tls|{DB}|5432|": shown.tls(tls__starttls="postgres", tls__dh_bits=1024),
    f"tls|{DB}|6380|": shown.tls(),
    f"certificates|{DB}|5432|": shown.certificate(
        certificate__name_asked=None, certificate__name_matches=None
    ),
    f"certificates|{DB}|6380|": shown.certificate(
        certificate__trusted=False, certificate__chain_complete=None
    ),
    **shown.host(
        MAIL,
        shown.service(21, "ftp", ftp__anonymous_login=True, ftp__auth_tls=False, ftp__login_before_tls=True),
        shown.service(25, "smtp", smtp__starttls=True, smtp__auth_before_tls=False, smtp__banner="220 mail"),
        shown.service(993, "imap", tls=True),
        shown.service(8080, None),
    ),
    f"tls|{MAIL}|25|": shown.tls(tls__starttls="smtp", tls__ssl_3_0=True),
    f"tls|{MAIL}|993|": Failure(FailureKind.TIMEOUT, "after 900 s"),
    f"tls|{MAIL}|8080|": {"tls.spoken": False},
    f"certificates|{MAIL}|25|mail.example.go.id": shown.certificate(certificate__self_signed=True),
    f"certificates|{MAIL}|993|mail.example.go.id": Failure(FailureKind.RESET, ""),
    f"http|{MAIL}|8080|mail.example.go.id": shown.http(scheme="http", http__directory_listing=["/"]),
    **shown.host(OLD, shown.service(9999, None)),
    f"tls|{OLD}|9999|": {"tls.spoken": False},
    f"ports|{SILENT}|0|": Failure(FailureKind.UNREACHABLE, "no port answered"),
}


@dataclass(frozen=True, slots=True)
class World:
    """A run with its inputs and its evidence."""

    run: AuditRun
    inputs: RunInputs
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    def without(self, tasks: Iterable[str]) -> World:
        """Return the world after some rows of evidence were lost."""
        lost = frozenset(tasks)
        return replace(self, evidence={key: one for key, one in self.evidence.items() if key not in lost})

    def with_facts(self, task: str, facts: Facts) -> World:
        """Return the world in which one task observed something else."""
        changed = replace(self.evidence[task], facts=facts)
        return replace(self, evidence={**self.evidence, task: changed})

    def with_failure(self, task: str, failure: Failure) -> World:
        """Return the world in which one task came to nothing."""
        changed = replace(self.evidence[task], facts={}, failure=failure)
        return replace(self, evidence={**self.evidence, task: changed})


@cache
def policy() -> Policy:
    """Return the shipped policy."""
    return load_policy()


def audit_run(
    run_id: str = "run-1", started_at: datetime = STARTED, inventory: Inventory = INVENTORY
) -> AuditRun:
    """Return a collected run over all servers of an inventory."""
    servers = tuple(one.id for one in inventory.servers())
    provenance = Provenance("p", "c", "i", {}, "test")
    return AuditRun(run_id, RunStatus.COLLECTED, started_at, started_at, provenance, servers)


def make_world(
    answers: Answers = ANSWERS, inventory: Inventory = INVENTORY, run: AuditRun | None = None
) -> World:
    """Plan an audit of an inventory and answer every task of it; a task without an answer is a KeyError."""
    inputs = RunInputs(inventory, policy(), build_plan(inventory, policy(), Selection(), DAY))
    evidence: dict[str, Evidence] = {}
    for ports in inputs.plan.tasks:
        evidence[ports.id] = _row(len(evidence) + 1, ports, answers[ports.id])
        while missing := _missing(inputs, ports, evidence):
            evidence[missing[0].id] = _row(len(evidence) + 1, missing[0], answers[missing[0].id])
    return World(run or audit_run(inventory=inventory), inputs, evidence)


def _missing(inputs: RunInputs, ports: Task, evidence: Mapping[str, Evidence]) -> list[Task]:
    return [
        task
        for task in _expected(inputs, ports, evidence)
        if task.id not in evidence and is_ready(task, evidence)
    ]


def _expected(inputs: RunInputs, ports: Task, evidence: Mapping[str, Evidence]) -> tuple[Task, ...]:
    settings = settings_for(ports, inputs.inventory, inputs.policy)
    return follow_up(inputs.inventory.server(ports.server), ports, evidence, settings)


def _row(sequence: int, task: Task, answer: Facts | Failure) -> Evidence:
    failure = answer if isinstance(answer, Failure) else None
    return Evidence(
        sequence=sequence,
        run="run-1",
        task=task,
        started_at=STARTED,
        finished_at=STARTED,
        duration_seconds=1.5,
        tool="fake",
        tool_version="1",
        settings={},
        facts={} if isinstance(answer, Failure) else answer,
        failure=failure,
        raw={},
        previous_hash="0" * 64,
        hash=f"{sequence:064x}",
    )
