"""Runs that are nothing but verdicts, to follow findings through a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

from auditor.model.assessment import Footing, Rule
from auditor.model.check import Severity
from auditor.model.facts import JSON
from auditor.model.finding_record import FindingEvent, FindingRecord
from auditor.model.inventory import Inventory, Layer, Opd, Server, State
from auditor.model.plan import Place, ScanPlan, Task
from auditor.model.run import AuditRun, Provenance, RunKind, RunStatus
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.policy.loading import load_policy
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.findings import store_results
from tests.auditor.usecases.world import BKD, INVENTORY

FIRST = datetime(2026, 11, 22, 1, tzinfo=UTC)
A, B, C = "10.1.1.10", "10.1.1.20", "10.1.1.30"
CIPHERS, TELNET, ANSWERS = "ssh-ciphers-strong", "network-telnet-absent", "network-server-answers"
LISTING = "http-listing-absent"
RULES: Mapping[str, Rule] = {
    CIPHERS: Rule("d", Severity.MEDIUM, Layer.APPLICATION),
    TELNET: Rule("d", Severity.CRITICAL, Layer.NETWORK),
    LISTING: Rule("d", Severity.MEDIUM, Layer.APPLICATION),
    ANSWERS: Rule("d", Severity.HIGH, Layer.HOST, ("server.status",)),
}
POLICY = load_policy()


def ssh(address: str = A, server: str = "bkd-db-01") -> Subject:
    """Return the SSH of a server."""
    return Subject(SubjectKind.SSH, server, address, 22)


@dataclass(frozen=True, slots=True)
class Told:
    """One run and what it judged. `statuses` is check and subject → status."""

    day: float = 0
    statuses: Mapping[tuple[str, Subject], Status] = field(default_factory=dict)
    servers: tuple[Server, ...] = BKD.servers
    scope: tuple[str, ...] = ()
    """Empty: all of them."""
    off: frozenset[str] = frozenset()
    waived: frozenset[tuple[str, Subject]] = frozenset()
    wanted: tuple[tuple[str, Subject], ...] = ()
    timezone: str = ""
    name: str = ""
    asked: tuple[tuple[int, int], ...] = ((1, 65535),)
    """Ranges of ports that are asked."""
    never: tuple[int, ...] = ()

    @property
    def run(self) -> AuditRun:
        """Return the run."""
        at = FIRST + timedelta(days=self.day)
        kind = RunKind.RETEST if self.wanted else RunKind.AUDIT
        scope = self.scope or tuple(one.id for one in self.servers)
        name = self.name or f"run-{self.day}"
        return AuditRun(name, RunStatus.COMPLETE, at, at, Provenance("p", "c", "i", {}, "t"), scope, kind)

    @property
    def inventory(self) -> Inventory:
        """Return what is registered on that day."""
        opd = Opd("bkd", BKD.name, self.servers, self.timezone)
        return replace(INVENTORY, opds=(opd,))

    @property
    def inputs(self) -> RunInputs:
        """Return what the run was made from."""
        wanted = tuple(Place(check, subject.key) for check, subject in self.wanted)
        policy = replace(POLICY, disabled_checks=dict.fromkeys(self.off, "not needed here"))
        return RunInputs(self.inventory, policy, ScanPlan(self.tasks, (), wanted=wanted))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Return the port scan of each address."""
        ranges = [[low, high] for low, high in self.asked]
        options: Mapping[str, JSON] = {"ranges": [*ranges], "never": [*self.never]}
        return tuple(
            Task("ports", one.id, one.opd, str(address), options=options)
            for one in self.servers
            for address in one.addresses
        )

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Return what was judged, of the checks that are on."""
        reason = {"en": "no answer in time", "id": "tidak menjawab"}
        return tuple(
            Verdict(check, subject, status, reason if status is Status.UNKNOWN else {})
            for (check, subject), status in self.statuses.items()
            if check not in self.off
        )

    @property
    def footing(self) -> Footing:
        """Return what it was judged with."""
        rules = {check: rule for check, rule in RULES.items() if check not in self.off}
        waived = {f"{check} {subject.key}": "W-1" for check, subject in self.waived}
        return Footing("c", rules, waived, 0, "")


def judge(workspace: Workspace, told: Told, now: datetime | None = None) -> int:
    """Judge a run, creating it where it is not there yet; return how many rows changed."""
    run = told.run
    if workspace.runs.get(run.id) is None:
        workspace.runs.create(run, told.inputs)
    at = now or run.started_at + timedelta(hours=1)
    return store_results(workspace, run, told.inputs, told.verdicts, {}, told.footing, at)


def state(workspace: Workspace) -> tuple[dict[str, FindingRecord], tuple[FindingEvent, ...]]:
    """Return all findings with their whole history, without when it was written down."""
    history = workspace.results.history()
    return workspace.results.findings(), tuple(replace(one, told_at=None) for one in history)


def the_finding(workspace: Workspace, check: str = CIPHERS) -> FindingRecord:
    """Return the only finding of a check."""
    (found,) = [one for one in workspace.results.findings().values() if one.check == check]
    return found


def server_with(*addresses: str, retired: bool = False) -> tuple[Server, ...]:
    """Return the servers of the agency, the database with other addresses; none: it is gone."""
    if not addresses:
        return BKD.servers[:1]
    state_ = State.RETIRED if retired else State.ACTIVE
    other = replace(BKD.servers[1], addresses=tuple(map(ip_address, addresses)), state=state_)
    return (BKD.servers[0], other)


def due_in(days: int, since: float = 0) -> date:
    """Return the local day so many days after a day of the script."""
    return (FIRST + timedelta(days=since + days, hours=7)).date()
