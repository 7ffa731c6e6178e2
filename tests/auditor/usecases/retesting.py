"""A government whose first audit is judged, and servers that answer a re-test as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from auditor.model.evidence import Failure, Observation
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task
from auditor.model.policy import Policy, PortPolicy
from auditor.model.retest import RetestRecord
from auditor.model.run import AuditRun, RunStatus
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import assess
from auditor.usecases.clock import Clock
from auditor.usecases.credentials import Ask
from auditor.usecases.follow_up import follow_up, is_ready
from auditor.usecases.imported import take_over
from auditor.usecases.inputs import Inputs
from auditor.usecases.retest import Measure, Wanted, retest
from auditor.usecases.scan import OnProgress
from auditor.usecases.task_settings import settings_for
from controls.loading import Catalogue
from scanners.nmap_engine import port_list
from tests.auditor.usecases.world import (
    ANSWERS,
    BKD,
    DINKES,
    INVENTORY,
    STARTED,
    Answers,
    World,
    audit_run,
    make_world,
    policy,
)
from tests.controls.catalogue import shipped

SMALL_INVENTORY = replace(INVENTORY, opds=(BKD, replace(DINKES, servers=DINKES.servers[:2])))
CHECKS = (
    "certificate-key-unshared",
    "certificate-name-matches",
    "certificate-trusted",
    "database-access-restricted",
    "ftp-anonymous-refused",
    "http-vcs-absent",
    "network-ports-approved",
    "network-tftp-absent",
    "redis-authentication-required",
    "ssh-ciphers-strong",
    "tls-1-0-refused",
    "tls-dh-group-strong",
)
SMALL = replace(shipped(), checks={name: shipped().checks[name] for name in CHECKS}, frameworks={})
"""A part of the catalogue, for most tests need no more of it."""
RULES = replace(policy(), ports=PortPolicy(((1, 10000),), frozenset()))
"""The shipped policy, but an audit asks every port at which this government has something."""
LATER = STARTED + timedelta(days=1)
"""A re-test begins then, unless a test says otherwise."""


@dataclass(slots=True)
class Servers:
    """What the servers answer now, and which tasks they were asked."""

    answers: Answers
    asked: list[Task] = field(default_factory=list)
    stop: bool = False

    def __call__(
        self,
        workspace: Workspace,
        run: AuditRun,
        inputs: RunInputs,
        should_stop: Callable[[], bool],
        on_progress: OnProgress,
        *,
        ask: Ask,
        clock: Clock,
    ) -> RunStatus:
        """Measure as an audit does: each task as soon as what it needs is known."""
        for first in () if self.stop else inputs.plan.tasks:
            self._store(workspace, run, first)
            while more := list(_missing(workspace, run, inputs, first)):
                self._store(workspace, run, more[0])
        if not self.stop:
            take_over(workspace, run, inputs, workspace.evidence.of_run(run.id))
        status = RunStatus.STOPPED if self.stop else RunStatus.COLLECTED
        workspace.runs.set_status(run.id, status, run.started_at)
        return status

    def _store(self, workspace: Workspace, run: AuditRun, task: Task) -> None:
        self.asked.append(task)
        answer = self.answers[task.id]
        failure = answer if isinstance(answer, Failure) else None
        facts = {} if isinstance(answer, Failure) else as_asked(task, answer)
        timing = Timing(run.started_at, run.started_at, 1.0)
        workspace.evidence.append(run.id, task, timing, Observation("fake", "1", {}, facts, failure))

    @property
    def ids(self) -> set[str]:
        """Return the ids of the tasks that were asked."""
        return {task.id for task in self.asked}


def as_asked(task: Task, facts: Facts) -> Facts:
    """Show of ports and services only what was asked for."""
    if task.scanner == "ports":
        asked = port_list(task.options.get("ranges"), task.options.get("never"))
        wanted = {port for part in asked.split(",") for port in _span(part)}
        return {**facts, "ports.open": [port for port in _listed(facts, "ports.open") if port in wanted]}
    if task.scanner == "services":
        ports = _listed(task.options, "ports")
        records = (one for one in _listed(facts, "ports.services") if isinstance(one, dict))
        return {"ports.services": [one for one in records if one["service.port"] in ports]}
    return facts


def _span(part: str) -> range:
    low, _, high = part.partition("-")
    return range(int(low), int(high or low) + 1)


def _listed(found: Mapping[str, JSON], name: str) -> list[JSON]:
    value = found.get(name)
    return value if isinstance(value, list) else []


def _missing(workspace: Workspace, run: AuditRun, inputs: RunInputs, first: Task) -> Iterator[Task]:
    if first.scanner != "ports":
        return
    rows = workspace.evidence.of_run(run.id)
    settings = settings_for(first, inputs.inventory, inputs.policy)
    for task in follow_up(inputs.inventory.server(first.server), first, rows, settings):
        if task.id not in rows and is_ready(task, rows):
            yield task


def audited(workspace: Workspace, answers: Answers = ANSWERS, catalogue: Catalogue = SMALL) -> World:
    """Store and judge an audit of the whole government."""
    world = make_world(answers, SMALL_INVENTORY, audit_run(inventory=SMALL_INVENTORY))
    workspace.runs.create(world.run, world.inputs)
    for one in world.evidence.values():
        timing = Timing(one.started_at, one.finished_at, one.duration_seconds)
        seen = Observation(one.tool, one.tool_version, one.settings, one.facts, one.failure)
        workspace.evidence.append(world.run.id, one.task, timing, seen)
    assess(workspace, world.run, world.inputs, catalogue)
    return world


def clock_at(instant: datetime) -> Clock:
    """Return a clock that shows about this instant now."""
    return Clock(instant - datetime.now(UTC))


def ask_again(
    workspace: Workspace,
    wanted: Wanted | list[str],
    answers: Answers = ANSWERS,
    *,
    at: datetime = LATER,
    rules: Policy | None = None,
    servers: Measure | None = None,
    inputs: Inputs | None = None,
) -> RetestRecord:
    """Re-test findings against servers that answer as given."""
    return retest(
        workspace,
        inputs or Inputs(SMALL_INVENTORY, rules or RULES, SMALL),
        wanted,
        "Siti Aminah, S.Kom.",
        "Sudah diperbaiki.",
        clock=clock_at(at),
        measure=servers or Servers(answers),
    )
